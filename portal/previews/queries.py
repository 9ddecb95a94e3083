"""Selects on previews."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.database import db
from portal.files.models import Blob
from portal.previews.models import Preview, PreviewPage
from portal.selects import prepared


class Known(NamedTuple):
    """What is known of a preview; see ``Preview``."""

    blob_id: int
    state: str
    problem: str | None
    pages: int | None
    ready: int
    html: str
    asked_at: datetime


class Pictured(NamedTuple):
    """A page whose picture is there; see ``PreviewPage``."""

    number: int
    width: int
    height: int
    text: str


Pages = list[tuple[Known, Pictured | None]]
"""Previews, each once for every page of it that is wanted and there; without one where none is."""


def with_pages() -> list[sa.ColumnElement[Any]]:
    """The columns of a preview and of one of its pages, to be read with ``pages_in``."""
    return [
        *(getattr(Preview, name) for name in Known._fields),
        *(getattr(PreviewPage, name) for name in Pictured._fields),
    ]


def pages_in(rows: Sequence[Sequence[Any]]) -> Pages:
    """What stands in rows that end with these columns. Where no preview is, there is nothing."""
    start = -len(Pictured._fields)
    return [
        (
            Known(*row[start - len(Known._fields) : start]),
            None if row[start] is None else Pictured(*row[start:]),
        )
        for row in rows
        if row[start - len(Known._fields)] is not None
    ]


@prepared
def _previews(blob_ids, first, last):
    return (
        sa.select(*with_pages())
        .select_from(Preview)
        .outerjoin(PreviewPage, is_page_of(first, last))
        .where(Preview.blob_id.in_(blob_ids))
        .order_by(Preview.id, PreviewPage.number)
    )


def is_page_of(first, last) -> sa.ColumnElement[bool]:
    """By what the pages from ``first`` to ``last`` join their preview."""
    return sa.and_(
        PreviewPage.preview_id == Preview.id,
        PreviewPage.number >= first,
        PreviewPage.number <= last,
    )


def previews_with_pages(blob_ids: Sequence[int], first: int, last: int) -> Pages:
    """The previews of these files with their pages from ``first`` to ``last``, in order. One
    query."""
    return pages_in(_previews.rows(blob_ids=list(blob_ids), first=first, last=last))


def preview_of(blob_id: int) -> Preview | None:
    return db.session.scalar(sa.select(Preview).where(Preview.blob_id == blob_id))


def all_hashes() -> set[str]:
    """The hashes of all files that have a preview."""
    return set(db.session.scalars(sa.select(Blob.sha256).join(Preview, Preview.blob_id == Blob.id)))
