"""The HTML that course writers mix into their Markdown, written again as Markdown.

The portal never lets a text's own HTML through, so an import turns what it knows into the Markdown
that means the same, and takes away what only places or colours things. Unknown tags stay as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

REMOVED = re.compile(
    r"<(script|style|object|embed|svg|form|template|noscript)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.I
)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
FRAME = re.compile(
    r"<(?:iframe|video|audio|source)\b[^>]*>(?:[^<]*</(?:iframe|video|audio)\s*>)?", re.I
)
ANCHORED_HEADING = re.compile(
    r"<a\s+(?:id|name)\s*=\s*[\"']?([\w.:-]+)[\"']?\s*>\s*<h([1-6])[^>]*>(.*?)</h\2\s*>\s*(?:</a\s*>)?",
    re.DOTALL | re.I,
)
HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1\s*>", re.DOTALL | re.I)
ANCHOR_BEFORE_HEADING = re.compile(
    r"<a\s+(?:id|name)\s*=\s*[\"']?([\w.:-]+)[\"']?\s*>\s*(?:</a\s*>)?\s*\n+(#{1,6} [^\n]+)", re.I
)
EMPTY_ANCHOR = re.compile(r"<a\s+(?:id|name)\s*=\s*[^>]*>\s*</a\s*>", re.I)
NAMED = re.compile(r"<a\s+(?:id|name)\s*=\s*[\"']?([\w.:-]+)[\"']?\s*>([^<\n]+)</a\s*>", re.I)
LINK = re.compile(r"<a\b([^>]*\bhref\b[^>]*)>(.*?)</a\s*>", re.DOTALL | re.I)
PICTURE = re.compile(r"<img\b([^>]*)>", re.I)
TABLE = re.compile(r"<table\b.*?</table\s*>", re.DOTALL | re.I)
DETAILS = re.compile(
    r"<details\b[^>]*>\s*<summary\b[^>]*>(.*?)</summary\s*>(.*?)</details\s*>", re.DOTALL | re.I
)
BREAK = re.compile(r"[ \t]*<br\s*/?>[ \t]*\n?", re.I)
ITEM = re.compile(r"[ \t]*<li\b[^>]*>\s*(.*?)\s*(?:</li\s*>|(?=<li\b|</[ou]l))", re.DOTALL | re.I)
BLOCK = re.compile(
    r"[ \t]*</?(?:p|div|center|section|article|header|footer|main|figure|figcaption|ul|ol|font|nav"
    r"|aside|picture|big)\b[^>]*>[ \t]*",
    re.I,
)
PLAIN = re.compile(r"</?(?:span|u|small|sub|sup|abbr|cite|ins|mark|label|time|dfn)\b[^>]*>", re.I)
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "s": "~~", "strike": "~~"}
MARK = re.compile(r"<(b|strong|i|em|del|s|strike)>\s*([^<]*?)\s*</\1\s*>", re.I)
CODE = re.compile(r"<(code|kbd|tt|samp|var)\b[^>]*>([^<]*)</\1\s*>", re.I)
LEFT = re.compile(
    r"</?(?:a|h[1-6]|img|table|tr|td|th|tbody|thead|details|summary|input|button|select|option"
    r"|textarea|li|b|strong|i|em|code|kbd|pre|dl|dt|dd|hr|link|meta|body|html|head)\b[^>]*>",
    re.I,
)


def to_markdown(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text with its HTML as Markdown, and what was dropped or left: (code, detail)."""
    if "<" not in text:
        return text, []
    said: list[tuple[str, str]] = []

    def drop(code: str, put: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
        def replace(found: re.Match[str]) -> str:
            said.append((code, found.group(0)[:80]))
            return put(found)

        return replace

    text = COMMENT.sub("", text)
    text = REMOVED.sub(drop("html-dropped", lambda found: ""), text)
    text = FRAME.sub(drop("html-frame", _frame), text)
    text = ANCHORED_HEADING.sub(lambda found: _heading(found[2], found[3], found[1]), text)
    text = HEADING.sub(lambda found: _heading(found[1], found[3], _attribute(found[2], "id")), text)
    text = ANCHOR_BEFORE_HEADING.sub(lambda found: f"{found[2].rstrip()} {{#{found[1]}}}", text)
    text = EMPTY_ANCHOR.sub("", text)
    text = NAMED.sub(lambda found: f"[{found[2]}]{{#{found[1]}}}", text)
    text = TABLE.sub(lambda found: _table(found[0]), text)
    text = PICTURE.sub(lambda found: _picture(found[1]), text)
    text = CODE.sub(lambda found: f"`{found[2]}`" if found[2].strip() else "", text)
    text = PLAIN.sub("", text)
    text = MARK.sub(_mark, text)
    text = LINK.sub(_link, text)
    text = DETAILS.sub(_details, text)
    text = ITEM.sub(lambda found: "\n- " + " ".join(found[1].split()), text)
    text = _breaks(text)
    text = BLOCK.sub("\n\n", text)
    left = LEFT.search(text)
    if left:
        said.append(("html-left", left.group(0)[:80]))
    return re.sub(r"\n{4,}", "\n\n\n", text), said


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", attributes, re.I)
    return next((value for value in found.groups() if value is not None), "") if found else ""


def _heading(level: str, words: str, anchor: str) -> str:
    words = " ".join(re.sub(r"<[^>]*>", "", words).split())
    return (
        f"\n\n{'#' * int(level)} {words}{f' {{#{anchor}}}' if anchor else ''}\n\n" if words else ""
    )


def _address(address: str) -> str:
    address = address.strip()
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def _picture(attributes: str) -> str:
    address = _attribute(attributes, "src")
    title = _attribute(attributes, "title").replace('"', "'")
    words = _attribute(attributes, "alt").replace("[", "(").replace("]", ")")
    caption = f' "{title}"' if title else ""
    return f"![{words}]({_address(address)}{caption})" if address else ""


def _link(found: re.Match[str]) -> str:
    words = " ".join(found[2].split())
    address = _attribute(found[1], "href")
    return f"[{words}]({_address(address)})" if words and address else words


def _frame(found: re.Match[str]) -> str:
    address = _attribute(found.group(0), "src")
    return f"\n\n[{address}]({_address(address)})\n\n" if address else ""


def _mark(found: re.Match[str]) -> str:
    mark = MARKS[found[1].lower()]
    return f"{mark}{found[2]}{mark}" if found[2] else ""


def _details(found: re.Match[str]) -> str:
    summary = " ".join(re.sub(r"<[^>]*>", "", found[1]).split())
    return f"\n\n::: hint\n\n## {summary}\n\n{found[2].strip()}\n\n:::\n\n"


def _breaks(text: str) -> str:
    """A line break; in a table's row, where no line can end, a dot between."""
    lines = []
    for line in text.split("\n"):
        in_table = line.lstrip().startswith("|") or line.count("|") > 1
        lines.append(BREAK.sub(" · " if in_table else "\\\\\n", line))
    return "\n".join(lines)


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("")
            self._inside = True
        elif tag == "img" and self._inside:
            values = {name: value or "" for name, value in attrs}
            self.rows[-1][-1] += f"![{values.get('alt', '')}]({_address(values.get('src', ''))})"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def _table(html: str) -> str:
    reader = _Cells()
    reader.feed(html)
    reader.close()
    rows = [
        [" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in reader.rows if row
    ]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * width)
    return "\n\n" + "\n".join(lines) + "\n\n"
