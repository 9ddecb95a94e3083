"""Headings: one ladder without missing rungs, each with an anchor of its own."""

from __future__ import annotations

import re

from markdown_it.token import Token

from portal.markdown.document import Heading, slug

EXPLICIT = re.compile(r"\s*\{\s*#([\w.:-]+)[^{}]*\}\s*$")
CLOSING_ATTRIBUTES = re.compile(r"\s*\{\s*[.:][^{}]*\}\s*$")
LOWEST = 6


class Anchors:
    """The anchors of one text. They carry a prefix in the page, so that no text can take the name
    of something that belongs to the page around it."""

    PREFIX = "t-"

    def __init__(self) -> None:
        self.known: set[str] = set()
        self._next: dict[str, int] = {}

    def add(self, wanted: str) -> str:
        wanted = name = wanted or "bagian"
        while name in self.known:
            number = self._next[wanted] = self._next.get(wanted, 1) + 1
            name = f"{wanted}-{number}"
        self.known.add(name)
        return self.PREFIX + name

    def find(self, name: str) -> str | None:
        for candidate in (name, name.lower(), slug(name)):
            if candidate in self.known:
                return self.PREFIX + candidate
        return None


def text_of(children: list[Token]) -> str:
    """The words of inline tokens, without their marks."""
    parts = []
    for token in children:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.children:
            parts.append(text_of(token.children))
    return "".join(parts).strip()


def shape_headings(
    tokens: list[Token], top: int, anchors: Anchors | None
) -> tuple[list[Token], list[Heading]]:
    """Headings moved to start at `top`, never skipping a level; empty ones are dropped."""
    shaped: list[Token] = []
    headings: list[Heading] = []
    ladder: list[int] = []
    skip = 0
    for position, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        if token.type != "heading_open":
            shaped.append(token)
            continue
        inline, close = tokens[position + 1], tokens[position + 2]
        wanted = _take_attributes(inline)
        words = text_of(inline.children or [])
        if not words and not any(child.type == "image" for child in inline.children or []):
            skip = 2
            continue
        level = _rung(ladder, int(token.tag[1]), top)
        token.tag = close.tag = f"h{level}"
        if anchors is not None:
            anchor = anchors.add(wanted or slug(words))
            token.attrs = {"id": anchor}
            headings.append(Heading(level, anchor, words))
        shaped.append(token)
    return shaped, headings


def shape_anchors(tokens: list[Token], anchors: Anchors) -> None:
    """Places named within a line get their anchor; they are the only spans a writer can make."""
    for token in tokens:
        for child in token.children or []:
            if child.type == "span_open":
                name = str(child.attrs.get("id", ""))
                child.attrs = {"id": anchors.add(name)} if name else {}


def _rung(ladder: list[int], source: int, top: int) -> int:
    while ladder and ladder[-1] >= source:
        ladder.pop()
    ladder.append(source)
    return min(top + len(ladder) - 1, LOWEST)


def _take_attributes(inline: Token) -> str | None:
    """Remove `{#anchor}` or `{.class}` from the end of a heading; return the anchor it names."""
    last = next((child for child in reversed(inline.children or []) if child.content), None)
    if last is None or last.type != "text":
        return None
    found = EXPLICIT.search(last.content)
    if found:
        last.content = last.content[: found.start()]
        return found.group(1)
    last.content = CLOSING_ATTRIBUTES.sub("", last.content)
    return None
