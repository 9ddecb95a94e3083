"""Tables that can be scrolled by keyboard and read aloud, and lists of tasks."""

from __future__ import annotations

import re

from markdown_it.token import Token

from portal.markdown.headings import text_of

ALIGNMENT = re.compile(r"text-align:\s*(left|right|center)")
TASK = re.compile(r"^\[([ xX])\]\s+")


def shape_tables(tokens: list[Token]) -> list[Token]:
    """Each table in a scrolling group named by its header row; alignment as a class."""
    shaped: list[Token] = []
    for position, token in enumerate(tokens):
        if token.type == "table_open":
            shaped.append(_region(_name(tokens, position)))
            shaped.append(token)
        elif token.type == "table_close":
            shaped.append(token)
            shaped.append(Token("region_close", "div", -1, block=True))
        else:
            if token.type in ("th_open", "td_open"):
                _shape_cell(tokens, position)
            shaped.append(token)
    return shaped


def _shape_cell(tokens: list[Token], position: int) -> None:
    cell, content, close = tokens[position : position + 3]
    found = ALIGNMENT.search(str(cell.attrs.get("style", "")))
    cell.attrs = {"class": f"align-{found.group(1)}"} if found else {}
    if cell.type == "th_open":
        if content.content.strip():
            cell.attrs["scope"] = "col"
        else:
            # A header without words is no header; screen readers stumble over it.
            cell.tag = close.tag = "td"


def _region(name: str) -> Token:
    token = Token("region_open", "div", 1, block=True)
    token.attrs = {"class": "table-scroll", "role": "group", "tabindex": "0"}
    if name:
        token.attrs["aria-label"] = name
    return token


def _name(tokens: list[Token], position: int) -> str:
    names = []
    for token in tokens[position:]:
        if token.type in ("thead_close", "table_close"):
            break
        if token.type == "inline":
            names.append(text_of(token.children or []))
    return ", ".join(name for name in names if name)[:120]


def shape_tasks(tokens: list[Token]) -> None:
    """`- [x]` and `- [ ]` as a ticked and an empty box; they are text, nobody can press them."""
    for before, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        first = inline.children[0] if inline.children else None
        found = TASK.match(first.content) if first is not None and first.type == "text" else None
        if found and first is not None:
            box = "☐" if found.group(1) == " " else "☑"
            first.content = f"{box} {first.content[found.end() :]}"
            before.attrs = {**before.attrs, "class": "task"}
