"""Selects on one participant's work, for themselves and for who may read it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.assignments.models import Assignment, ExtensionRequest, Schedule
from portal.assignments.planned import Scheduled, scheduled_in, select_scheduled
from portal.assignments.requests import answerable_by
from portal.cohorts.handover import Waiting
from portal.cohorts.models import Enrolment, Mentorship
from portal.cohorts.queries import is_present
from portal.database import db
from portal.people.models import Person
from portal.reviews.models import Review
from portal.reviews.queries import released
from portal.reviews.queue import Named
from portal.reviews.waiting import owed
from portal.selects import prepared
from portal.submissions.models import Draft, Submission


@dataclass(frozen=True)
class Begun:
    """A schedule in a cohort with what one person has begun under it."""

    schedule: Scheduled
    person: Named
    has_draft: bool
    request_id: int | None
    """The request for more time that is not answered; for a reader only one they may answer."""


def begun_by(person_id: int, cohort_id: int, assignment_id: int) -> Begun | None:
    """The schedule with its assignment, whether the person has a draft and an open request."""
    return _one(_begun.rows(person_id=person_id, cohort_id=cohort_id, assignment_id=assignment_id))


def begun_read_by(
    reader_id: int,
    cohort_id: int,
    participant_id: int,
    assignment_id: int,
    *,
    is_administrator: bool,
) -> Begun | None:
    """The same of a participant, when the reader mentors them now or administers the cohort."""
    return _one(
        _begun_of_participant.rows(
            person_id=participant_id,
            cohort_id=cohort_id,
            assignment_id=assignment_id,
            mentor_id=None if is_administrator else reader_id,
        )
    )


def _one(rows: Sequence[Any]) -> Begun | None:
    if not rows:
        return None
    schedule, (person_id, name, has_draft, request_id) = scheduled_in(rows[0])
    return Begun(schedule, Named(person_id, name), bool(has_draft), request_id)


@prepared
def _begun_of_participant(person_id, cohort_id, assignment_id, mentor_id=None):
    statement = _work_begun(person_id, cohort_id, assignment_id, mentor_id).where(
        sa.select(Enrolment.id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.person_id == person_id,
            Enrolment.role == "participant",
        )
        .exists()
    )
    if mentor_id is None:
        return statement
    return statement.where(
        sa.select(Mentorship.id)
        .where(
            Mentorship.cohort_id == cohort_id,
            Mentorship.participant_id == person_id,
            Mentorship.mentor_id == mentor_id,
            is_present(),
        )
        .exists()
    )


@prepared
def _begun(person_id, cohort_id, assignment_id):
    return _work_begun(person_id, cohort_id, assignment_id, None)


def _work_begun(person_id, cohort_id, assignment_id, mentor_id) -> sa.Select:
    request = sa.select(ExtensionRequest.id).where(
        ExtensionRequest.schedule_id == Schedule.id,
        ExtensionRequest.person_id == person_id,
        ExtensionRequest.answered_at.is_(None),
    )
    if mentor_id is not None:
        request = request.where(answerable_by(mentor_id))
    return (
        select_scheduled(
            Person.id,
            Person.name,
            sa.select(Draft.id)
            .where(
                Draft.cohort_id == Schedule.cohort_id,
                Draft.assignment_id == Schedule.assignment_id,
                Draft.person_id == person_id,
            )
            .exists(),
            request.scalar_subquery(),
        )
        .join(Person, Person.id == person_id)
        .where(Schedule.cohort_id == cohort_id, Schedule.assignment_id == assignment_id)
    )


@dataclass(frozen=True)
class WorkState:
    """How far one person's work on one assignment is: the newest version and what came back."""

    submission_id: int
    number: int
    received_at: datetime
    feedback_by: datetime
    punctuality: str
    decision: str | None
    revise_by: datetime | None
    mark: Decimal | None
    released_at: datetime | None
    review_begun: bool


Work = tuple[int, int]


def _state_of(*columns: Any) -> WorkState:
    known = dict(zip((one.name for one in fields(WorkState)), columns, strict=True))
    return WorkState(**known | {"review_begun": bool(known["review_begun"])})


def work_states_in(cohort_id: int, person_id: int | None = None) -> dict[Work, WorkState]:
    """(person id, assignment id) → the newest submission version with its newest released review,
    for a whole cohort or one person. One query; review drafts tell only that they exist."""
    rows = _work_states.rows(cohort_id=cohort_id, person_id=person_id)
    return {(row[0], row[1]): _state_of(*row[2:]) for row in rows}


@prepared
def _work_states(cohort_id, person_id=None):
    begun = aliased(Review)
    statement = (
        sa.select(
            Submission.person_id,
            Submission.assignment_id,
            Submission.id,
            Submission.number,
            Submission.received_at,
            Submission.feedback_by,
            Submission.punctuality,
            Review.decision,
            Review.revise_by,
            Review.mark,
            Review.released_at,
            sa.select(begun.id)
            .where(begun.submission_id == Submission.id, ~released(begun))
            .exists(),
        )
        .outerjoin(Review, sa.and_(Review.submission_id == Submission.id, released()))
        .where(Submission.cohort_id == cohort_id)
        .order_by(Submission.number, Review.number.nulls_first())
    )
    return statement if person_id is None else statement.where(Submission.person_id == person_id)


def open_work_of(cohort_id: int, mentor_id: int, capacity_id: int) -> list[Waiting]:
    """What waits for this mentor from the participants they have now in one capacity, the oldest
    first. One query."""
    begun = aliased(Review)
    rows = db.session.execute(
        owed(
            Submission.person_id,
            Person.name,
            Assignment.title,
            Submission.number,
            Submission.received_at,
            Submission.feedback_by,
            sa.exists().where(begun.submission_id == Submission.id, ~released(begun)),
        )
        .join(Person, Person.id == Submission.person_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Mentorship.cohort_id == cohort_id,
            Mentorship.mentor_id == mentor_id,
            Mentorship.capacity_id == capacity_id,
            Mentorship.ended_at.is_(None),
        )
        .order_by(Submission.received_at, Submission.id)
    )
    return [Waiting(*row) for row in rows]


def drafts_in(cohort_id: int, person_id: int | None = None) -> set[Work]:
    """(person id, assignment id) of every draft in a cohort, or of one person's."""
    return {(one[0], one[1]) for one in _drafts.rows(cohort_id=cohort_id, person_id=person_id)}


@prepared
def _drafts(cohort_id, person_id=None):
    statement = sa.select(Draft.person_id, Draft.assignment_id).where(Draft.cohort_id == cohort_id)
    return statement if person_id is None else statement.where(Draft.person_id == person_id)


def mentees_of(mentor_id: int, cohort_id: int) -> list[Person]:
    """The participants whom this person mentors now in this cohort, by name."""
    return list(
        db.session.scalars(
            sa.select(Person)
            .where(
                Person.id.in_(
                    sa.select(Mentorship.participant_id).where(
                        Mentorship.cohort_id == cohort_id,
                        Mentorship.mentor_id == mentor_id,
                        is_present(),
                    )
                )
            )
            .order_by(Person.sort_name, Person.id)
        )
    )
