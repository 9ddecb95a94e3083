"""Markdown to HTML that is safe to show.

Two profiles. `lesson` is for course content: headings with anchors, figures, tables, callouts,
links into the course. `note` is for what people write to each other: no pictures, no ids, no links
into the course. Neither ever lets the writer's own HTML through.

    document = lesson(text, labels)          # parsed once, cached by its text
    document.html(link=..., picture=...)     # links and pictures resolved for this reader
    note(text)                               # Markup, ready to stand in a page

What an office document holds goes through a list of its own (`clean_document`, `document`).
`words_of` numbers the paragraphs of rendered text; `marked` marks passages in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

from portal.markdown.allowed import clean_lesson, clean_note
from portal.markdown.document import Document, Heading, Picture, Reference, Target
from portal.markdown.office import clean_document, document
from portal.markdown.parser import lesson_parser, note_parser
from portal.markdown.tokens import shape_lesson, shape_note
from portal.markdown.words import Paragraph, Passage, Words, marked, words_of

__all__ = [
    "Document",
    "Heading",
    "Paragraph",
    "Passage",
    "Picture",
    "Reference",
    "Target",
    "Words",
    "clean_document",
    "document",
    "lesson",
    "marked",
    "note",
    "words_of",
]

NO_LABELS: Mapping[str, str] = {}


def lesson(text: str, labels: Mapping[str, str] = NO_LABELS, top: int = 2) -> Document:
    """The parsed form of course content; headings start at level `top`, so the page keeps its h1.

    `labels` names each kind of callout in the reader's language.
    """
    return _lesson(text, tuple(sorted(labels.items())), top)


def note(text: str | None, top: int = 3) -> Markup:
    """What a person wrote, as HTML; headings start at level `top`."""
    return _note(text or "", top)


@lru_cache(maxsize=256)
def _lesson(text: str, labels: tuple[tuple[str, str], ...], top: int) -> Document:
    parser = lesson_parser()
    environment: dict[str, object] = {}
    tokens = parser.parse(_printable(text), environment)
    shape = shape_lesson(tokens, dict(labels), top)
    html = parser.renderer.render(shape.tokens, parser.options, environment)
    return Document.of(clean_lesson(html), shape.headings, shape.references, shape.anchors)


@lru_cache(maxsize=512)
def _note(text: str, top: int) -> Markup:
    parser = note_parser()
    tokens = shape_note(parser.parse(_printable(text), {}), top)
    html = parser.renderer.render(tokens, parser.options, {})
    # Safe: made by our own renderer from escaped text, then passed through the allow-list.
    return Markup(clean_note(html))  # noqa: S704


def _printable(text: str) -> str:
    """The text without what no database or page can hold (NUL and lone surrogates)."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
