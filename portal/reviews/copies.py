"""Marked-up copies: a PDF that was handed in, with the remarks of a released review as annotations.

Made by the worker after the release, in the process with limits that makes previews. What was
handed in stays untouched.
"""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import action, db
from portal.files import storage as files
from portal.files.kinds import KINDS
from portal.files.models import Blob
from portal.jobs.actions import enqueue
from portal.previews import process
from portal.previews import storage as previews
from portal.previews.rules import is_stuck
from portal.reviews.models import MarkedCopy, Review
from portal.reviews.places import Spot
from portal.reviews.queries import released
from portal.reviews.records import sheets_of
from portal.reviews.sheets import Sheet
from portal.submissions.models import SubmissionFile

JOB = "reviews.mark_copy"
MOST_SECONDS = 60.0
PDF = KINDS["pdf"].media_type


@action
def ask_for(review: Review, sheet: Sheet) -> None:
    """Have a copy made after the commit of each PDF that the review has remarks on."""
    named = {one.place.file_id for one in sheet.placed if isinstance(one.place, Spot)}
    if not named:
        return
    found = db.session.scalars(
        sa.select(SubmissionFile.id)
        .join(Blob, Blob.id == SubmissionFile.blob_id)
        .where(SubmissionFile.id.in_(named), Blob.media_type == PDF)
        .order_by(SubmissionFile.position)
    )
    for file_id in found.all():
        copy = MarkedCopy(
            review_id=review.id, submission_file_id=file_id, state="waiting", asked_at=clock.now()
        )
        db.session.add(copy)
        db.session.flush()
        enqueue(JOB, {"marked_copy_id": copy.id})


def copies_of(review_id: int) -> list[MarkedCopy]:
    """The copies that belong to a review, with their files."""
    return list(
        db.session.scalars(
            sa.select(MarkedCopy)
            .where(MarkedCopy.review_id == review_id)
            .options(joinedload(MarkedCopy.file))
            .order_by(MarkedCopy.id)
        )
    )


def path_of(copy: MarkedCopy) -> Path:
    return previews.copies() / f"{copy.review_id}-{copy.submission_file_id}.pdf"


def is_ready(copy: MarkedCopy) -> bool:
    return copy.state == "done" and path_of(copy).is_file()


def can_ask(copy: MarkedCopy) -> bool:
    """Whether it failed, got lost or is long overdue, so that it may be made again."""
    if copy.state == "waiting":
        return is_stuck(copy.state, copy.asked_at, clock.now())
    return not is_ready(copy)


@action
def ask_again(copy: MarkedCopy) -> None:
    """Have it made once more; asked by two at once, it is made twice, which does no harm."""
    if can_ask(copy):
        copy.state, copy.problem, copy.asked_at = "waiting", None, clock.now()
        enqueue(JOB, {"marked_copy_id": copy.id})


@action
def finish(copy_id: int, problem: str | None) -> None:
    copy = db.session.get(MarkedCopy, copy_id)
    if copy is not None:
        copy.state, copy.problem = ("failed", problem) if problem else ("done", None)


def work_for(copy_id: int) -> tuple[MarkedCopy, Blob, list[dict[str, Any]]] | None:
    """What the worker needs: the copy that waits, its file, and what to draw on it."""
    row = db.session.execute(
        sa.select(MarkedCopy, Review, Blob)
        .join(Review, Review.id == MarkedCopy.review_id)
        .join(SubmissionFile, SubmissionFile.id == MarkedCopy.submission_file_id)
        .join(Blob, Blob.id == SubmissionFile.blob_id)
        .where(MarkedCopy.id == copy_id, MarkedCopy.state == "waiting", released())
    ).one_or_none()
    if row is None:
        return None
    copy, review, blob = row
    sheet, _steps, names = sheets_of([review])[review.id]
    marks = [
        {
            "page": one.place.page or 1,
            "area": one.place.area,
            "author": names.get(one.author or 0, ""),
            "text": f"{number}. {one.text}",
        }
        for number, one in enumerate(sheet.placed, 1)
        if isinstance(one.place, Spot) and one.place.file_id == copy.submission_file_id
    ]
    return copy, blob, marks


def make(copy: MarkedCopy, blob: Blob, marks: list[dict[str, Any]]) -> str | None:
    """Write the copy; says why it could not be made, in one word, or None. Slow: hold no lock."""
    source, target = files.path_of(blob), path_of(copy)
    if not source.is_file():
        return "broken"
    listed = target.with_suffix(".json")
    listed.write_text(json.dumps(marks))
    told = process.run(
        "marks", source, target.parent, listed.name, target.name, seconds=MOST_SECONDS
    )
    said = list(told)[-1]
    listed.unlink(missing_ok=True)
    if "end" in said and target.is_file():
        return None
    target.with_suffix(".pdf.part").unlink(missing_ok=True)
    return str(said.get("problem", "too_heavy"))
