"""What waits for a mentor: whether one submission version does, and which part of it they look at.

These are conditions for selects, each built once; they are asked with ``values_of``. A place in
the queue is a keyset: promised day and id.
"""

import functools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.assignments.models import AssignmentCapacity
from portal.assignments.queries import reviewing
from portal.cohorts.models import Enrolment, Mentorship
from portal.database import UTCDateTime
from portal.reviews.models import Claim, Review
from portal.reviews.queries import (
    enrolled,
    is_in_running_cohort,
    is_left_by_its_mentor,
    is_left_to_another,
    is_newest,
    is_of_the_work,
    mentors_in,
    released,
)
from portal.submissions.models import Submission

STATES = ("new", "revised", "soon", "overdue")
SOON = timedelta(days=2)
WEEK = timedelta(days=7)
Place = tuple[datetime, int]
START: Place = (datetime(1970, 1, 1, tzinfo=UTC), 0)


@dataclass(frozen=True)
class Filter:
    """Which part of the queue somebody looks at; empty is all of it."""

    cohort_id: int | None = None
    assignment_id: int | None = None
    state: str | None = None

    @property
    def shape(self) -> tuple[bool, bool, str | None]:
        return self.cohort_id is not None, self.assignment_id is not None, self.state

    @property
    def narrows(self) -> bool:
        return self != ALL


ALL = Filter()


@functools.cache
def the_mentor() -> sa.BindParameter[int]:
    return sa.bindparam("mentor_id", type_=sa.Integer)


@functools.cache
def is_unreviewed() -> tuple[sa.ColumnElement[bool], ...]:
    release = aliased(Review)
    return (
        is_in_running_cohort(),
        ~(
            sa.select(release.id)
            .where(release.submission_id == Submission.id, release.released_at.is_not(None))
            .exists()
        ),
        is_newest(),
    )


def works(*columns: Any) -> sa.Select[Any]:
    """These columns of each work that the mentor named ``mentor_id`` reviews: a row for each of
    their capacities."""
    mentor_id = the_mentor()
    return reviewing(*columns).where(
        Mentorship.mentor_id == mentor_id,
        Mentorship.participant_id != mentor_id,
        _is_in_cohort(mentor_id, "mentor"),
        _is_in_cohort(Mentorship.participant_id, "participant"),
    )


@functools.cache
def is_waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a submission version waits for the mentor named ``mentor_id``. It starts from their
    own mentorships, so that it costs what they have to do and not what the portal holds."""
    mine = works(Mentorship.cohort_id, Mentorship.participant_id, AssignmentCapacity.assignment_id)
    work = sa.tuple_(Submission.cohort_id, Submission.person_id, Submission.assignment_id)
    return work.in_(mine), *is_unanswered()


@functools.cache
def is_unanswered() -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a submission version of a mentor's work still waits for them."""
    return ~is_left_to_another(the_mentor()), *is_unreviewed()


@functools.cache
def is_waiting_one_by_one() -> tuple[sa.ColumnElement[bool], ...]:
    """The same asked of one submission version after the other, for who walks along the queue and
    stops at the first: it costs the same whether three wait or 2,500. What rules out most comes
    first, since SQLite asks in this order."""
    mentor_id = the_mentor()
    return (
        *is_unreviewed(),
        Submission.person_id != mentor_id,
        mentors_in(mentor_id).exists(),
        enrolled(mentor_id, "mentor"),
        enrolled(Submission.person_id, "participant"),
        ~is_left_to_another(mentor_id),
    )


def owed(*columns: Any) -> sa.Select[Any]:
    """These columns of every submission version that waits for feedback, with each present mentor
    it waits for, as the guard and the queue see it: the newest of somebody who takes part, nothing
    released, the mentor enrolled, in a capacity that reviews, and it was not handed over. A mentor
    in two capacities comes twice: say ``distinct`` where that matters."""
    answered = aliased(Review)
    return (
        reviewing(*columns)
        .join(Submission, is_of_the_work())
        .where(
            is_newest(),
            ~sa.exists().where(answered.submission_id == Submission.id, released(answered)),
            enrolled(Submission.person_id, "participant"),
            enrolled(Mentorship.mentor_id, "mentor"),
            ~is_left_by_its_mentor(),
        )
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


def moment(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=UTCDateTime)


def claim_holds() -> sa.ColumnElement[bool]:
    """Whether a claim still holds at the moment ``now``."""
    return Claim.until > moment("now")


def is_free() -> sa.ColumnElement[bool]:
    """Whether nobody but the mentor ``mentor_id`` holds the submission version."""
    return ~(
        sa.select(Claim.submission_id)
        .where(Claim.submission_id == Submission.id, Claim.person_id != the_mentor(), claim_holds())
        .exists()
    )


def within(shape: tuple[bool, bool, str | None]) -> list[sa.ColumnElement[bool]]:
    """Whether a submission version passes a filter of this shape."""
    has_cohort, has_assignment, state = shape
    now = moment("now")
    found: list[sa.ColumnElement[bool]] = []
    if has_cohort:
        found.append(Submission.cohort_id == sa.bindparam("cohort_id", type_=sa.Integer))
    if has_assignment:
        found.append(Submission.assignment_id == sa.bindparam("assignment_id", type_=sa.Integer))
    if state == "new":
        found.append(Submission.number == 1)
    elif state == "revised":
        found.append(Submission.number > 1)
    elif state == "soon":
        found.append(Submission.feedback_by.between(now, moment("soon")))
    elif state == "overdue":
        found.append(Submission.feedback_by < now)
    return found


def values_of(
    mentor_id: int, filter_: Filter, now: datetime, place: Place = START
) -> dict[str, Any]:
    """What the selects here are asked with."""
    return {
        "mentor_id": mentor_id,
        "cohort_id": filter_.cohort_id,
        "assignment_id": filter_.assignment_id,
        "now": now,
        "soon": now + SOON,
        "week": now + WEEK,
        "place_at": place[0],
        "place_id": place[1],
    }


def key() -> sa.ColumnElement:
    return sa.tuple_(Submission.feedback_by, Submission.id)


def the_place() -> sa.ColumnElement:
    return sa.tuple_(
        sa.bindparam("place_at", type_=UTCDateTime), sa.bindparam("place_id", type_=sa.Integer)
    )


def onwards(statement: sa.Select) -> sa.Select:
    return statement.where(key() > the_place()).order_by(Submission.feedback_by, Submission.id)


def backwards(statement: sa.Select) -> sa.Select:
    return statement.where(key() < the_place()).order_by(
        Submission.feedback_by.desc(), Submission.id.desc()
    )
