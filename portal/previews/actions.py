"""Asking for a preview, and what the worker writes down while it makes one."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql, locked
from portal.files.models import Blob
from portal.jobs.actions import enqueue
from portal.previews.models import MOST_TEXT, Preview, PreviewPage
from portal.previews.rules import has_preview, is_stuck, storable

JOB = "previews.render"


@action
def ask(blob: Blob, *, is_missing: bool = False) -> None:
    """Have the preview of a file made after the commit, once; nothing for other kinds.

    ``is_missing`` says that its pictures are gone from the disk: then it is made anew.
    """
    if not has_preview(blob.media_type):
        return
    insert = (postgresql if is_postgresql() else sqlite).insert(Preview)
    made = db.session.scalar(
        insert.values(blob_id=blob.id, state="waiting", ready=0, html="", asked_at=clock.now())
        .on_conflict_do_nothing(index_elements=["blob_id"])
        .returning(Preview.id)
    )
    if made is None:
        preview = _held(blob.id)
        if preview is None or not (is_missing or _is_stuck(preview)):
            return
        db.session.execute(sa.delete(PreviewPage).where(PreviewPage.preview_id == preview.id))
        preview.state, preview.problem, preview.asked_at = "waiting", None, clock.now()
        preview.pages, preview.ready, preview.html = None, 0, ""
        db.session.flush()
    enqueue(JOB, {"blob_id": blob.id})


def _is_stuck(preview: Preview) -> bool:
    return is_stuck(preview.state, preview.asked_at, clock.now())


def _held(blob_id: int) -> Preview | None:
    return db.session.scalar(
        locked(sa.select(Preview).where(Preview.blob_id == blob_id)).execution_options(
            populate_existing=True
        )
    )


@action
def note_pages(blob_id: int, pages: int | None, made: Sequence[dict[str, Any]]) -> None:
    """Write down pages whose pictures are on the disk; a page that is known already is left."""
    preview = _held(blob_id)
    if preview is None:
        return
    preview.pages = pages or preview.pages
    for page in made:
        if page["page"] != preview.ready + 1:
            continue
        db.session.add(
            PreviewPage(
                preview_id=preview.id,
                number=page["page"],
                width=page["width"],
                height=page["height"],
                text=storable(page["text"], MOST_TEXT),
            )
        )
        preview.ready += 1
    db.session.flush()


@action
def finish(blob_id: int, *, problem: str | None = None, html: str = "") -> None:
    """The preview is done; with a ``problem`` other than "too_long" it has failed."""
    preview = _held(blob_id)
    if preview is not None:
        preview.state = "failed" if problem and problem != "too_long" else "done"
        preview.problem, preview.html = problem, html


@action
def ask_for_the_rest(blob_id: int) -> None:
    """Go on in a job of its own, so that other jobs have their turn."""
    enqueue(JOB, {"blob_id": blob_id})
