"""Texts written for other site builders, made plain Markdown: HTML, Liquid, kramdown, merge marks.

Code, in blocks and in lines, is never touched.
"""

from __future__ import annotations

import re

from portal.library.html import to_markdown
from portal.markdown.callouts import kind_of
from portal.markdown.parser import lesson_parser

CONFLICT = re.compile(
    r"^<{7} [^\n]*\n((?:(?!<{7} |={7}$).*\n)*?)={7}[ \t]*\n"
    r"((?:(?!<{7} ).*\n)*?)>{7}[^\n]*(?:\n|\Z)",
    re.MULTILINE,
)
PICTURE_WORDS = re.compile(
    r"!\[([^\]]*)\]\(([^)\s]+)\)\{[^}]*?\balt\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|'(.*)')[^}]*\}"
)
CONFLICT_MARK = re.compile(r"^(?:<{7} [^\n]*|>{7} [^\n]*)(?:\n|\Z)", re.MULTILINE)
INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)([^\n]*?(?:\n(?!\s*\n)[^\n]*?)?)(?<!`)\1(?!`)")
LIQUID_LINK = re.compile(r"\{%-?\s*(?:link|post_url)\s+([^\s%]+)\s*-?%\}")
LIQUID_TAG = re.compile(r"\{%-?.*?-?%\}", re.DOTALL)
LIQUID_ROOT = re.compile(
    r"\{\{\s*(?:site|page)\.(?:baseurl|root|url|relative_root_path)\s*(?:\|[^}]*)?\}\}/?"
)
LIQUID_VALUE = re.compile(r"\{\{[^{}]*\}\}")
KRAMDOWN_LINE = re.compile(r"^((?:>[ \t]?)*)[ \t]*\{:\s*([^}\n]*)\}[ \t]*$", re.MULTILINE)
KRAMDOWN_SPAN = re.compile(r"(?<=[)\]*_`])\{:[^}\n]*\}")
HUGO = re.compile(r"\{\{[<%].*?[%>]\}\}", re.DOTALL)
HOLD = "\ue000{}\ue001"
HELD = re.compile("\ue000(\\d+)\ue001")


def tidy(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text as plain Markdown, and what was changed or left over: (code, detail)."""
    said: list[tuple[str, str]] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = re.sub("[\ue000\ue001]", "", text)
    text = _without_conflicts(text, said)
    text, held = _hold_code(text)
    text, html = to_markdown(_without_liquid(text, said))
    said += html
    text = PICTURE_WORDS.sub(_with_caption, _without_kramdown(text, said))
    while HELD.search(text):
        text = HELD.sub(lambda found: held[int(found[1])], text)
    return text.strip("\n") + "\n" if text.strip() else "", said


def _with_caption(found: re.Match[str]) -> str:
    """Pandoc's way: the words in brackets are the caption, the `alt` of the braces is the text."""
    words = (found[3] or found[4] or found[5] or "").replace("[", "(").replace("]", ")")
    caption = " ".join(found[1].split()).replace('"', "'")
    return f"![{words}]({found[2]}" + (f' "{caption}")' if caption else ")")


def _without_conflicts(text: str, said: list[tuple[str, str]]) -> str:
    """Marks of an unfinished merge: the first side is kept."""
    if not CONFLICT_MARK.search(text):
        return text
    said.append(("conflict", ""))
    return CONFLICT_MARK.sub("", CONFLICT.sub(lambda found: found[1], text))


def _hold_code(text: str) -> tuple[str, list[str]]:
    """The text with each piece of code replaced by a mark, and the pieces."""
    held: list[str] = []

    def hold(piece: str) -> str:
        held.append(piece)
        return HOLD.format(len(held) - 1)

    lines = text.split("\n")
    taken = 0
    kept: list[str] = []
    for token in lesson_parser().parse(text, {}):
        if token.type in ("fence", "code_block") and token.map and token.map[0] >= taken:
            if token.type == "code_block" and "<" in token.content:
                # Indented HTML is markup laid out nicely far more often than it is code.
                continue
            kept += lines[taken : token.map[0]]
            kept.append(hold("\n".join(lines[token.map[0] : token.map[1]])))
            taken = token.map[1]
    kept += lines[taken:]
    return INLINE_CODE.sub(lambda found: hold(found[0]), "\n".join(kept)), held


def _without_liquid(text: str, said: list[tuple[str, str]]) -> str:
    if "{%" not in text and "{{" not in text:
        return text
    before = text
    text = LIQUID_LINK.sub(lambda found: "/" + found[1].lstrip("/"), text)
    text = LIQUID_ROOT.sub("/", text)
    for pattern in (HUGO, LIQUID_TAG):
        for found in pattern.finditer(text):
            said.append(("liquid", found[0][:80]))
        text = pattern.sub("", text)
    if text == before or LIQUID_VALUE.search(text):
        said += [("liquid-left", found[0][:80]) for found in LIQUID_VALUE.finditer(text)]
    return text


def _without_kramdown(text: str, said: list[tuple[str, str]]) -> str:
    """Attribute lists go; one that names a callout turns the quote above it into that callout."""
    if "{:" not in text:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        found = KRAMDOWN_LINE.match(line)
        if found is None:
            lines.append(KRAMDOWN_SPAN.sub("", line))
            continue
        said.append(("kramdown", found[0].strip()[:80]))
        kind = re.search(r"\.([\w-]+)", found[2])
        if kind and kind_of(kind[1]):
            _mark_quote(lines, found[1].count(">"), kind[1])
    return "\n".join(lines)


def _mark_quote(lines: list[str], outside: int, kind: str) -> None:
    """Write `[!kind]` at the head of the quote that ends the lines so far, one level below."""
    mark = "> " * (outside + 1)
    start = len(lines)
    while start and _depth(lines[start - 1]) > outside:
        start -= 1
    if start < len(lines):
        lines[start:start] = [f"{mark}[!{kind}]", mark.rstrip()]


def _depth(line: str) -> int:
    found = re.match(r"^(?:>[ \t]?)+", line)
    return found[0].count(">") if found else 0
