"""Selects on one participant's work, for themselves and for who may read it."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.assignments.models import ExtensionRequest, Schedule
from portal.cohorts.models import Enrolment, Mentorship
from portal.database import db, prepared
from portal.people.models import Person
from portal.reviews.models import Review
from portal.reviews.queries import released
from portal.submissions.models import Draft, Submission


@dataclass(frozen=True)
class Begun:
    """A schedule in a cohort with what one person has begun under it."""

    schedule: Schedule
    has_draft: bool
    has_asked: bool


def begun_by(person_id: int, cohort_id: int, assignment_id: int) -> Begun | None:
    """The schedule with its assignment, whether the person has a draft and an open request."""
    found = _begun(person_id=person_id, cohort_id=cohort_id, assignment_id=assignment_id)
    row = db.session.execute(*found).one_or_none()
    return None if row is None else Begun(row[0], bool(row[1]), bool(row[2]))


@prepared
def _begun(person_id, cohort_id, assignment_id):
    return (
        sa.select(
            Schedule,
            sa.select(Draft.id)
            .where(
                Draft.cohort_id == Schedule.cohort_id,
                Draft.assignment_id == Schedule.assignment_id,
                Draft.person_id == person_id,
            )
            .exists(),
            sa.select(ExtensionRequest.id)
            .where(
                ExtensionRequest.schedule_id == Schedule.id,
                ExtensionRequest.person_id == person_id,
                ExtensionRequest.answered_at.is_(None),
            )
            .exists(),
        )
        .where(Schedule.cohort_id == cohort_id, Schedule.assignment_id == assignment_id)
        .options(joinedload(Schedule.assignment))
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


def drafts_in(cohort_id: int, person_id: int | None = None) -> set[Work]:
    """(person id, assignment id) of every draft in a cohort, or of one person's."""
    return {(one[0], one[1]) for one in _drafts.rows(cohort_id=cohort_id, person_id=person_id)}


@prepared
def _drafts(cohort_id, person_id=None):
    statement = sa.select(Draft.person_id, Draft.assignment_id).where(Draft.cohort_id == cohort_id)
    return statement if person_id is None else statement.where(Draft.person_id == person_id)


def participant_read_by(
    reader_id: int, cohort_id: int, participant_id: int, *, is_administrator: bool
) -> Person | None:
    """The participant of a cohort, when the reader mentors them now or administers the cohort."""
    statement = (
        sa.select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Person.id == participant_id,
            Enrolment.cohort_id == cohort_id,
            Enrolment.role == "participant",
        )
    )
    if not is_administrator:
        statement = statement.where(
            sa.select(Mentorship.id)
            .where(
                Mentorship.cohort_id == cohort_id,
                Mentorship.participant_id == participant_id,
                Mentorship.mentor_id == reader_id,
                Mentorship.ended_at.is_(None),
            )
            .exists()
        )
    return db.session.scalar(statement)


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
                        Mentorship.ended_at.is_(None),
                    )
                )
            )
            .order_by(Person.sort_name, Person.id)
        )
    )
