"""Downloading many submission versions at once, and remembering which one has already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.database import action, db
from portal.reviews.models import Archive, ArchiveEntry
from portal.reviews.queries import reviewable_by
from portal.reviews.queue import waiting_ids
from portal.reviews.waiting import Filter, values_of
from portal.submissions.models import Submission, SubmissionFile
from portal.texts import Refused, lazy

MOST = 500
KEPT = 10


@dataclass(frozen=True)
class Offered:
    """How much waits, and how much of it this person has in none of their archives, in versions
    and in bytes of files."""

    count: int
    size: int
    new_count: int
    new_size: int


@dataclass(frozen=True)
class Made:
    """An archive this person made, with how many versions it holds."""

    id: int
    made_at: datetime
    count: int


def _is_new(person_id: int) -> sa.ColumnElement[bool]:
    """Whether the submission version is in no archive of this person."""
    return ~(
        sa.select(ArchiveEntry.archive_id)
        .join(Archive, Archive.id == ArchiveEntry.archive_id)
        .where(Archive.person_id == person_id, ArchiveEntry.submission_id == Submission.id)
        .correlate(Submission)
        .exists()
    )


def offered(person_id: int, filter_: Filter) -> Offered:
    """What an archive of this part of the queue would hold. One query."""
    size = (
        sa.select(sa.func.coalesce(sa.func.sum(SubmissionFile.size), 0))
        .where(SubmissionFile.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    each = (
        waiting_ids(filter_)
        .with_only_columns(size.label("size"), _is_new(person_id).label("is_new"))
        .order_by(None)
        .subquery()
    )
    total, count = sa.func.sum(each.c.size), sa.func.count()
    row = db.session.execute(
        sa.select(count, total, count.filter(each.c.is_new), total.filter(each.c.is_new)),
        values_of(person_id, filter_, clock.now()),
    ).one()
    return Offered(row[0], int(row[1] or 0), row[2], int(row[3] or 0))


def made_by(person_id: int) -> list[Made]:
    """The archives this person made last, newest first. One query."""
    rows = db.session.execute(
        sa.select(Archive.id, Archive.made_at, sa.func.count(ArchiveEntry.submission_id))
        .join(ArchiveEntry, ArchiveEntry.archive_id == Archive.id)
        .where(Archive.person_id == person_id)
        .group_by(Archive.id, Archive.made_at)
        .order_by(Archive.id.desc())
        .limit(KEPT)
    )
    return [Made(*row) for row in rows]


@action
def make(person_id: int, filter_: Filter, *, only_new: bool) -> int:
    """Note down an archive of what waits, or only of what is in none before; its id."""
    wanted = waiting_ids(filter_).limit(MOST)
    if only_new:
        wanted = wanted.where(_is_new(person_id))
    ids = db.session.scalars(wanted, values_of(person_id, filter_, clock.now())).all()
    if not ids:
        raise Refused(lazy("Nothing new waits since your last archive."))
    archive = Archive(person_id=person_id, made_at=clock.now())
    db.session.add(archive)
    db.session.flush()
    db.session.execute(
        sa.insert(ArchiveEntry),
        [{"archive_id": archive.id, "submission_id": submission_id} for submission_id in ids],
    )
    return archive.id


def held_in(person_id: int, archive_id: int) -> Sequence[Submission]:
    """The submission versions of this person's archive that they may still review, with their
    files. Two queries, however many."""
    return db.session.scalars(
        sa.select(Submission)
        .join(ArchiveEntry, ArchiveEntry.submission_id == Submission.id)
        .join(Archive, Archive.id == ArchiveEntry.archive_id)
        .where(Archive.id == archive_id, Archive.person_id == person_id, reviewable_by(person_id))
        .options(
            joinedload(Submission.person),
            joinedload(Submission.assignment),
            joinedload(Submission.cohort),
            selectinload(Submission.files).joinedload(SubmissionFile.blob),
        )
        .order_by(Submission.cohort_id, Submission.assignment_id, Submission.id)
    ).all()
