"""Selects on previews."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.database import db
from portal.files.models import Blob
from portal.previews.models import Preview, PreviewPage
from portal.selects import prepared


@prepared
def _previews(blob_ids, first, last):
    return (
        sa.select(Preview, PreviewPage)
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


def previews_with_pages(
    blob_ids: Sequence[int], first: int, last: int
) -> list[tuple[Preview, PreviewPage | None]]:
    """The previews of these files, each once for every page from ``first`` to ``last`` that is
    there, in their order; without a page where none is. One query."""
    found = db.session.execute(*_previews(blob_ids=list(blob_ids), first=first, last=last))
    return [(preview, page) for preview, page in found]


def preview_of(blob_id: int) -> Preview | None:
    return db.session.scalar(sa.select(Preview).where(Preview.blob_id == blob_id))


def all_hashes() -> set[str]:
    """The hashes of all files that have a preview."""
    return set(db.session.scalars(sa.select(Blob.sha256).join(Preview, Preview.blob_id == Blob.id)))
