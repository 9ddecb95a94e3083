"""Previews are made by the worker, a few seconds at a time."""

import time
from datetime import timedelta

from portal.database import db
from portal.files import storage as files
from portal.files.models import Blob
from portal.jobs.handlers import Handlers
from portal.jobs.worker import end_transaction
from portal.markdown import clean_document
from portal.previews import actions, process, queries, storage
from portal.previews.models import MOST_HTML
from portal.previews.rules import KINDS_SHOWN, MOST_PAGES
from portal.texts import lazy

SLICE_SECONDS = 8.0
"""After this the rest becomes a job of its own, behind those that wait; a worker that is told to
stop finishes a slice in the time it has."""
PAUSE_SECONDS = 0.7
MOST_SECONDS = 40.0
"""A single page, or a whole document, that takes longer than this is too heavy."""

handlers = Handlers()


@handlers.on(actions.JOB, label=lazy("Drawing a document"), most_tries=3)
def render(blob_id: int) -> None:
    """Make the preview of a file from where it stands. Done twice it does no harm."""
    blob, preview = db.session.get(Blob, blob_id), queries.preview_of(blob_id)
    if blob is None or preview is None or preview.state != "waiting":
        return
    end_transaction()
    if not files.path_of(blob).is_file():
        actions.finish(blob_id, problem="broken")
        return
    storage.folder_of(blob).mkdir(mode=0o700, parents=True, exist_ok=True)
    if KINDS_SHOWN[blob.media_type] == "docx":
        _document(blob)
    else:
        _pages(blob, preview.ready + 1)


def _document(blob: Blob) -> None:
    problem, html = "too_heavy", ""
    for said in process.run(
        "docx", files.path_of(blob), storage.folder_of(blob), seconds=MOST_SECONDS
    ):
        problem = said.get("problem", problem)
        html = said.get("html", html)
        if "end" in said:
            problem = ""
    html = clean_document(html)
    if len(html) > MOST_HTML:
        problem, html = "too_heavy", ""
    actions.finish(blob.id, problem=problem or None, html=html)


def _pages(blob: Blob, first: int) -> None:
    """The pages from ``first`` on, each visible as soon as it is made, for one slice of time."""
    pages: int | None = None
    made: list[dict] = []
    began = written = time.monotonic()
    for said in process.run(
        "pdf",
        files.path_of(blob),
        storage.folder_of(blob),
        first,
        MOST_PAGES,
        seconds=SLICE_SECONDS + MOST_SECONDS,
    ):
        now = time.monotonic()
        if "problem" in said or "end" in said:
            actions.note_pages(blob.id, pages, made)
            too_long = "too_long" if pages and pages > MOST_PAGES else None
            actions.finish(blob.id, problem=said.get("problem", too_long))
            return
        pages = said.get("pages", pages)
        if "page" in said:
            made.append(said)
        is_slice_over = now - began > SLICE_SECONDS and made
        if made and (made[0]["page"] == 1 or now - written > PAUSE_SECONDS or is_slice_over):
            actions.note_pages(blob.id, pages, made)
            end_transaction()
            made, written = [], now
        if is_slice_over:
            break
    actions.ask_for_the_rest(blob.id)


@handlers.every(
    timedelta(days=1),
    "previews.sweep",
    label=lazy("Drawing what was left out"),
    offset=timedelta(hours=19, minutes=40),
)
def sweep() -> None:
    """Each night (02:40 WIB) the pictures of files that are gone are deleted."""
    known = queries.all_hashes()
    end_transaction()  # walking the disk is slow
    storage.sweep(known)
