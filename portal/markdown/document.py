"""A parsed lesson: HTML with holes where the reader's own links and pictures go."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from markupsafe import Markup, escape

HOLE = re.compile(r'<img src="sinau:(\d+)">|href="sinau:(\d+)"')


def slug(words: str) -> str:
    """A heading as an anchor, as code hosts make them: "Rapat & catatan" → "rapat--catatan"."""
    kept = re.sub(r"[^\w\s-]", "", words.strip().lower())
    return re.sub(r"\s", "-", kept)[:80]


class Heading(NamedTuple):
    """A heading of the text, for a table of contents."""

    level: int
    anchor: str
    text: str


class Reference(NamedTuple):
    """A link or picture as its author wrote it."""

    kind: Literal["link", "picture"]
    address: str
    text: str


class Target(NamedTuple):
    """Where a link leads; a file says its type and size in `note`."""

    href: str
    note: str = ""
    download: bool = False


class Picture(NamedTuple):
    """A picture that exists: its addresses and its size in pixels (0 when not known)."""

    src: str
    width: int = 0
    height: int = 0
    srcset: str = ""


LinkResolver = Callable[[str], Target | None]
PictureResolver = Callable[[str], Picture | None]


@dataclass(frozen=True)
class Document:
    """Safe HTML in pieces; between two pieces stands one reference, by its number."""

    pieces: tuple[str, ...]
    order: tuple[int, ...]
    headings: tuple[Heading, ...]
    references: tuple[Reference, ...]
    anchors: frozenset[str]
    """Every anchor of the text as its author knows it (without our prefix)."""

    def has(self, anchor: str) -> bool:
        """Whether the text has this anchor, as a link to it would spell it."""
        return any(one in self.anchors for one in (anchor, anchor.lower(), slug(anchor)))

    @classmethod
    def of(
        cls,
        html: str,
        headings: list[Heading],
        references: list[Reference],
        anchors: set[str],
    ) -> Document:
        pieces: list[str] = []
        order: list[int] = []
        end = 0
        for hole in HOLE.finditer(html):
            pieces.append(html[end : hole.start()])
            order.append(int(hole.group(1) or hole.group(2)))
            end = hole.end()
        pieces.append(html[end:])
        return cls(
            tuple(pieces), tuple(order), tuple(headings), tuple(references), frozenset(anchors)
        )

    def html(
        self, link: LinkResolver | None = None, picture: PictureResolver | None = None
    ) -> Markup:
        """The HTML with each reference resolved; what cannot be found shows as its plain text."""
        parts = [self.pieces[0]]
        for number, piece in zip(self.order, self.pieces[1:], strict=True):
            reference = self.references[number]
            if reference.kind == "link":
                parts.append(_link(link(reference.address) if link else None))
            else:
                parts.append(_picture(reference, picture(reference.address) if picture else None))
            parts.append(piece)
        # Safe: the pieces passed the allow-list, and what stands between them is escaped here.
        return Markup("".join(parts))  # noqa: S704


def _link(target: Target | None) -> str:
    if target is None:
        return 'class="broken-link"'
    words = f'href="{escape(target.href)}"'
    if target.note:
        words += f' title="{escape(target.note)}"'
    if target.download:
        words += " download"
    return words


def _picture(reference: Reference, picture: Picture | None) -> str:
    if picture is None:
        return f'<span class="missing-picture">{escape(reference.text)}</span>'
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    several = (
        f' srcset="{escape(picture.srcset)}" sizes="(min-width: 48rem) 44rem, 100vw"'
        if picture.srcset
        else ""
    )
    return (
        f'<img src="{escape(picture.src)}"{several} alt="{escape(reference.text)}"{size}'
        ' loading="lazy" decoding="async">'
    )
