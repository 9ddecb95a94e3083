"""The words of rendered text: its paragraphs by number, and passages marked in it.

A passage is named by the place of its first and after its last character, counted over the text
nodes of the HTML as a browser counts them; what `marked` adds is no part of the count.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

HEADINGS = {f"h{level}" for level in range(1, 7)}
LISTS = {"ul", "ol", "li", "dl", "dt", "dd"}
TABLES = {"table", "thead", "tbody", "tr"}
BLOCKS = HEADINGS | LISTS | TABLES | {"p", "pre", "blockquote", "div", "hr"}


class Piece(NamedTuple):
    """A tag as it stands (``name`` is its element), or words between two tags (no name)."""

    text: str
    name: str = ""
    is_end: bool = False


class Paragraph(NamedTuple):
    """What stands between two bounds of blocks, without the spaces around it."""

    number: int
    start: int
    stop: int


@dataclass(frozen=True)
class Words:
    """All text of a piece of HTML, and where its paragraphs are."""

    text: str
    paragraphs: tuple[Paragraph, ...]

    def paragraph_at(self, place: int) -> Paragraph | None:
        """The paragraph that holds this place, else the one before it, else the first."""
        before = [one for one in self.paragraphs if one.start <= place]
        return before[-1] if before else next(iter(self.paragraphs), None)


class Passage(NamedTuple):
    """What to mark from ``start`` to ``stop``; ``after`` is put behind its last words."""

    start: int
    stop: int
    after: Markup = Markup()


class _Pieces(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(Piece(self.get_starttag_text() or "", tag))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(Piece(f"</{tag}>", tag, is_end=True))

    def handle_data(self, data: str) -> None:
        self.found.append(Piece(data))


@lru_cache(maxsize=16)
def _pieces(html: str) -> tuple[Piece, ...]:
    parser = _Pieces()
    parser.feed(str(html))  # plain text: the parts of Markup would be escaped once more
    parser.close()
    return tuple(parser.found)


@lru_cache(maxsize=16)
def words_of(html: str) -> Words:
    """The words of cleaned HTML."""
    runs: list[tuple[int, str]] = [(0, "")]
    place = 0
    for piece in _pieces(html):
        if not piece.name:
            start, words = runs[-1]
            runs[-1] = (start, words + piece.text)
            place += len(piece.text)
        elif piece.name in BLOCKS:
            runs.append((place, ""))
    paragraphs: list[Paragraph] = []
    for start, words in runs:
        if words.strip():
            begin = start + len(words) - len(words.lstrip())
            paragraphs.append(Paragraph(len(paragraphs) + 1, begin, start + len(words.rstrip())))
    return Words("".join(words for _start, words in runs), tuple(paragraphs))


def marked(
    html: str, passages: Sequence[Passage], number: Callable[[Paragraph], Markup] | None = None
) -> Markup:
    """The same HTML with its passages in ``<mark class="passage">``, each followed by what belongs
    to it, and with ``number`` before each paragraph. Passages may overlap."""
    starts = {one.start: one for one in words_of(html).paragraphs} if number else {}
    cuts = sorted({*starts, *(one.start for one in passages), *(one.stop for one in passages)})
    made: list[str] = []
    waiting: list[Markup] = []
    place, links = 0, 0
    for piece in _pieces(html):
        if piece.name:
            links += (-1 if piece.is_end else 1) if piece.name == "a" else 0
            made.append(piece.text)
        else:
            for start, words in _cut(piece.text, place, cuts):
                if number and start in starts:
                    made.append(number(starts[start]))
                stop = start + len(words)
                is_in = words.strip() and any(p.start < stop and p.stop > start for p in passages)
                plain = escape(words, quote=False)
                made.append(f'<mark class="passage">{plain}</mark>' if is_in else plain)
                waiting += [one.after for one in passages if start < one.stop == stop]
                if not links:
                    made += waiting
                    waiting = []
            place += len(piece.text)
        if not links:  # a link within a link is none: what follows a passage waits for its end
            made += waiting
            waiting = []
    # Safe: cleaned HTML, whose words are escaped again, with markup that the caller vouches for.
    return Markup("".join(made))  # noqa: S704


def _cut(words: str, place: int, cuts: Sequence[int]) -> list[tuple[int, str]]:
    """The words in parts that begin at the cuts, each with where it begins."""
    stop = place + len(words)
    bounds = [place, *cuts[bisect_right(cuts, place) : bisect_left(cuts, stop)], stop]
    return [
        (start, words[start - place : end - place])
        for start, end in pairwise(bounds)
        if start < end
    ]
