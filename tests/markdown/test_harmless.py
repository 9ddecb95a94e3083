"""Whatever is written, nothing in it runs, loads from elsewhere or takes the page's own names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.markdown import Picture, Target, lesson, note
from tests.markdown.harmless import faults

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    '![x](x.png "a\\" onload=\\"alert(1)")',
    "<javascript:alert(1)>",
    "<sinau:0>",
    "[a](sinau:0) [b](x.md)",
    "[x](//evil.example) [x](\\\\evil.example) [x](/\\evil.example)",
    "[x]: javascript:alert(1)\n\n[x]",
    "# x {#main onclick=alert(1)}",
    "```html onload=alert(1)\n</code></pre><script>\n```",
    "|<svg/onload=alert(1)>|\n|-|\n|<!-- x -->|",
    "::: tip onclick=alert(1)\nx\n:::",
    "> [!NOTE]<b>x</b>",
    "[^a]\n\n[^a]: <iframe src=//evil.example>",
    "<svg><style><img src=x onerror=alert(1)></style>",
    "{{ 7*7 }} {% include x %}",
    "\ud800 \x00 \u202e",
]


def shown(text: str) -> list[str]:
    document = lesson(text)
    return [
        str(document.html(link=lambda _: Target("/a"), picture=lambda _: Picture("/b"))),
        str(document.html()),
        str(note(text)),
    ]


def test_the_judge_sees_harm():
    assert faults('<img src="x" onerror="x">') == ["attribute onerror"]
    assert faults("<script>") == ["tag script"]
    assert faults('<a href=" java\nscript:x">') == ["address ' java\\nscript:x'"]
    assert faults('<a href="sinau:0">') == ["address 'sinau:0'"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text):
    assert [faults(html) for html in shown(text)] == [[], [], []]


PIECES = [
    *HOSTILE,
    "\n",
    "\n\n",
    "> ",
    "- ",
    "    ",
    "# ",
    "[",
    "](",
    ")",
    "`",
    "|",
    ":::",
    '"',
    "<",
]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join))
def test_pieces_of_it_in_any_order_are_harmless(text):
    assert [faults(html) for html in shown(text)] == [[], [], []]


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="aiueo rstn,.", min_size=1, max_size=60))
def test_plain_words_come_out_as_written(words):
    words = " ".join(words.split())
    assert str(note(words)) == (f"<p>{words}</p>\n" if words else "")
