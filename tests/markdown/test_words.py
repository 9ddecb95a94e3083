"""Paragraphs and passages of rendered text: what is marked is exactly what was named."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.markdown import Passage, marked, note, words_of

TEXT = """# Judul

Satu **tebal** & [tautan](https://example.org).

- a
- b
  - c

1. x

   y

```
kode <b>
  dua
```

| kiri | kanan |
|---|---|
| 1 | 2 |
"""


def words_in(html: str) -> str:
    """The text of the HTML as a browser counts it, without what was added for remarks."""
    return words_of(re.sub(r"<i>.*?</i>", "", html)).text


def test_paragraphs_are_numbered_block_by_block():
    words = words_of(note(TEXT))
    assert [words.text[one.start : one.stop] for one in words.paragraphs] == [
        "Judul",
        "Satu tebal & tautan.",
        "a",
        "b",
        "c",
        "x",
        "y",
        "kode <b>\n  dua",
        "kiri\nkanan",
        "1\n2",
    ]
    assert [one.number for one in words.paragraphs] == list(range(1, 11))


def test_a_passage_over_several_elements_is_marked_whole_and_followed_by_its_reference():
    html = note("Satu **tebal** dan [tautan](https://example.org) lagi.")
    start = words_of(html).text.index("bal")
    stop = words_of(html).text.index("autan") + 2
    made = marked(html, [Passage(start, stop, Markup("<i>1</i>"))])
    assert re.findall(r'<mark class="passage">(.*?)</mark>', made) == ["bal", " dan ", "tau"]
    assert made.index("</a>") < made.index("<i>1</i>"), "no link within a link"


def test_overlapping_passages_are_both_followed_by_their_own():
    html = note("Satu dua tiga.")
    made = marked(html, [Passage(0, 8, Markup("<i>1</i>")), Passage(5, 13, Markup("<i>2</i>"))])
    assert made.index("dua</mark><i>1</i>") < made.index("tiga</mark><i>2</i>")


def test_each_paragraph_begins_with_its_number():
    made = marked(note("Satu.\n\nDua."), [], lambda one: Markup("<i>{}</i>").format(one.number))
    assert made == "<p><i>1</i>Satu.</p>\n<p><i>2</i>Dua.</p>\n"


@given(
    st.text(alphabet="ab *_[]()<>&`#|-\n1.\t😀é", max_size=120),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=4),
)
def test_marking_changes_no_word_and_breaks_no_tag(text, pairs):
    html = note(text)
    passages = [Passage(min(one), max(one), Markup("<i>*</i>")) for one in pairs]
    made = marked(html, passages, lambda one: Markup("<i>{}</i>").format(one.number))
    assert words_in(made) == words_of(html).text
    assert re.sub(r"</?mark[^>]*>|<i>.*?</i>", "", made).replace("&gt;", ">") == str(html).replace(
        "&gt;", ">"
    )
