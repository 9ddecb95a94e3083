"""What waits for a mentor: the selects behind the queue. They write nothing and claim nothing."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.assignments.models import Assignment, AssignmentCapacity
from portal.cohorts.models import Cohort, Enrolment, Mentorship
from portal.database import db
from portal.people.models import Person
from portal.reviews.models import Review
from portal.reviews.queries import is_newest, released
from portal.submissions.models import Submission

PAGE = 50
Place = tuple[datetime, int]


@dataclass(frozen=True)
class Waiting:
    """One submission version that waits for this mentor."""

    submission_id: int
    number: int
    received_at: datetime
    feedback_by: datetime
    punctuality: str
    person: Person
    cohort: Cohort
    assignment: Assignment
    begun_at: datetime | None

    @property
    def place(self) -> Place:
        return self.feedback_by, self.submission_id


@dataclass(frozen=True)
class Queue:
    """A page of what waits, and where it lies in the whole."""

    rows: Sequence[Waiting]
    total: int
    overdue: int
    before: int

    @property
    def has_more(self) -> bool:
        return self.before + len(self.rows) < self.total


@functools.cache
def _waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a submission version waits for the mentor named ``mentor_id``. It starts from their
    own mentorships, so that it costs what they have to do and not what the portal holds."""
    mentor_id = sa.bindparam("mentor_id", type_=sa.Integer)
    release = aliased(Review)
    mine = (
        sa.select(Mentorship.cohort_id, Mentorship.participant_id, AssignmentCapacity.assignment_id)
        .join(AssignmentCapacity, AssignmentCapacity.capacity_id == Mentorship.capacity_id)
        .where(
            Mentorship.mentor_id == mentor_id,
            Mentorship.ended_at.is_(None),
            Mentorship.participant_id != mentor_id,
            _is_in_cohort(mentor_id, "mentor"),
            _is_in_cohort(Mentorship.participant_id, "participant"),
        )
    )
    return (
        sa.tuple_(Submission.cohort_id, Submission.person_id, Submission.assignment_id).in_(mine),
        ~(
            sa.select(release.id)
            .where(release.submission_id == Submission.id, released(release))
            .exists()
        ),
        is_newest(),
    )


def _is_in_cohort(person_id, role: str) -> sa.ColumnElement[bool]:
    return (
        sa.select(Enrolment.id)
        .where(
            Enrolment.cohort_id == Mentorship.cohort_id,
            Enrolment.person_id == person_id,
            Enrolment.role == role,
            Enrolment.left_at.is_(None),
        )
        .exists()
    )


def waiting_count(mentor_id: int) -> int:
    """How many submission versions wait for this mentor, over all cohorts."""
    return db.session.scalar(_count(), {"mentor_id": mentor_id}) or 0


@functools.cache
def _count() -> Any:
    return sa.select(sa.func.count(Submission.id)).where(*_waiting())


@functools.cache
def _queue() -> Any:
    return (
        sa.select(Submission, Review.saved_at)
        .outerjoin(Review, sa.and_(Review.submission_id == Submission.id, ~released()))
        .where(*_waiting())
        .options(
            joinedload(Submission.person),
            joinedload(Submission.cohort),
            joinedload(Submission.assignment),
            sa.orm.defer(Submission.text),
        )
    )


def _key() -> sa.ColumnElement:
    return sa.tuple_(Submission.feedback_by, Submission.id)


def waiting_for(
    mentor_id: int,
    *,
    now: datetime,
    after: Place | None = None,
    before: Place | None = None,
    most: int = PAGE,
) -> Queue:
    """A page of the queue: the earliest promise first, so what is overdue stands on top.

    ``after`` and ``before`` are places in it (keyset); two queries, however long it is.
    """
    statement, mentor = _queue(), {"mentor_id": mentor_id}
    if before is not None:
        statement = statement.where(_key() < before).order_by(
            Submission.feedback_by.desc(), Submission.id.desc()
        )
    else:
        statement = statement.order_by(Submission.feedback_by, Submission.id)
        if after is not None:
            statement = statement.where(_key() > after)
    rows = [
        Waiting(
            one.id,
            one.number,
            one.received_at,
            one.feedback_by,
            one.punctuality,
            one.person,
            one.cohort,
            one.assignment,
            begun_at,
        )
        for one, begun_at in db.session.execute(statement.limit(most), mentor)
    ]
    if before is not None:
        rows.reverse()
    earlier = _key() < rows[0].place if rows else sa.false()
    total, overdue, passed = db.session.execute(
        sa.select(
            sa.func.count(Submission.id),
            sa.func.count(Submission.id).filter(Submission.feedback_by < now),
            sa.func.count(Submission.id).filter(earlier),
        ).where(*_waiting()),
        mentor,
    ).one()
    return Queue(rows, total, overdue, passed)
