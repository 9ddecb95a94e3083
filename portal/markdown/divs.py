"""Fenced divs (`::: challenge` ... `:::`), as Pandoc and the Carpentries write them.

Unlike the usual container syntax the number of colons says nothing: a line with a name opens, a
line of colons alone closes the innermost. Code blocks inside may hold colons of their own.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

OPENING = re.compile(r"^:{3,}\s*(?:\{\s*\.)?([A-Za-z][\w-]*)[^:{}]*\}?\s*:*$")
CLOSING = re.compile(r"^:{3,}$")
CODE = re.compile(r"^(`{3,}|~{3,})")
DEEPEST = 6


def fenced_divs(parser: MarkdownIt) -> None:
    """Teach a parser fenced divs: tokens `div_open` and `div_close`, the name in `info`."""
    parser.block.ruler.before(
        "fence",
        "fenced_div",
        _fenced_div,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )


def _fenced_div(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    if state.is_code_block(first) or state.env.get("divs", 0) >= DEEPEST:
        return False
    opening = OPENING.match(_line(state, first))
    if opening is None:
        return False
    if silent:
        return True
    end = _end_of(state, first, last)
    token = state.push("div_open", "div", 1)
    token.info = opening.group(1).lower()
    token.map = [first, end]
    token.block = True
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "fenced_div", end
    state.env["divs"] = state.env.get("divs", 0) + 1
    state.md.block.tokenize(state, first + 1, end)
    state.env["divs"] -= 1
    state.parentType, state.lineMax = parent, line_max
    state.push("div_close", "div", -1).block = True
    state.line = min(end + 1, last)
    return True


def _line(state: StateBlock, number: int) -> str:
    start = state.bMarks[number] + state.tShift[number]
    return state.src[start : state.eMarks[number]].strip()


def _end_of(state: StateBlock, first: int, last: int) -> int:
    """The line that closes the div opened in `first`; without one, the end of what surrounds it."""
    depth, code = 1, ""
    for number in range(first + 1, last):
        line = _line(state, number)
        if line and state.sCount[number] < state.blkIndent:
            return number
        fence = CODE.match(line)
        if code:
            if fence and fence.group(1).startswith(code) and line == fence.group(1):
                code = ""
        elif fence:
            code = fence.group(1)
        elif CLOSING.match(line):
            depth -= 1
            if depth == 0:
                return number
        elif OPENING.match(line):
            depth += 1
    return last
