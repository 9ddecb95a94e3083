"""Every select on requests for more time: what participants asked for, and who may answer."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.assignments.models import (
    Assignment,
    AssignmentCapacity,
    ExtensionRequest,
    Schedule,
)
from portal.assignments.queries import reviewing
from portal.cohorts.models import Enrolment, Mentorship
from portal.database import db
from portal.people.models import Person
from portal.selects import prepared


def _requests() -> sa.Select[ExtensionRequest]:
    return sa.select(ExtensionRequest).options(
        joinedload(ExtensionRequest.person),
        joinedload(ExtensionRequest.answered_by),
        joinedload(ExtensionRequest.extension),
        joinedload(ExtensionRequest.schedule).joinedload(Schedule.assignment),
    )


def extension_requests_in(cohort_id: int, *, only_open: bool = False) -> list[ExtensionRequest]:
    """What participants of a cohort asked for; the unanswered first, then the newest."""
    statement = (
        _requests()
        .join(Schedule, Schedule.id == ExtensionRequest.schedule_id)
        .where(Schedule.cohort_id == cohort_id)
        .order_by(
            ExtensionRequest.answered_at.is_not(None),
            ExtensionRequest.asked_at.desc(),
            ExtensionRequest.id.desc(),
        )
    )
    if only_open:
        statement = statement.where(ExtensionRequest.answered_at.is_(None))
    return list(db.session.scalars(statement))


def extension_request_in(cohort_id: int, extension_request_id: int) -> ExtensionRequest | None:
    return db.session.scalar(_one_request(cohort_id, extension_request_id))


def _one_request(cohort_id: int, extension_request_id: int) -> sa.Select[ExtensionRequest]:
    return (
        _requests()
        .join(Schedule, Schedule.id == ExtensionRequest.schedule_id)
        .where(Schedule.cohort_id == cohort_id, ExtensionRequest.id == extension_request_id)
        .execution_options(populate_existing=True)
    )


def extension_request_before(
    reader_id: int, cohort_id: int, extension_request_id: int, *, is_administrator: bool
) -> ExtensionRequest | None:
    """The request, answered or not, when this person may answer it; nobody answers their own."""
    statement = _one_request(cohort_id, extension_request_id).where(
        ExtensionRequest.person_id != reader_id
    )
    if not is_administrator:
        statement = statement.where(answerable_by(reader_id))
    return db.session.scalar(statement)


def answerable_by(mentor_id) -> sa.ColumnElement[bool]:
    """Whether a mentor may answer a request under its schedule: a present mentor of who asks, in a
    capacity that reviews the assignment, and still enrolled as mentor."""
    return (
        reviewing(Mentorship.id)
        .join(
            Enrolment,
            sa.and_(
                Enrolment.cohort_id == Mentorship.cohort_id,
                Enrolment.person_id == Mentorship.mentor_id,
                Enrolment.role == "mentor",
                Enrolment.left_at.is_(None),
            ),
        )
        .where(
            AssignmentCapacity.assignment_id == Schedule.assignment_id,
            Mentorship.cohort_id == Schedule.cohort_id,
            Mentorship.participant_id == ExtensionRequest.person_id,
            Mentorship.participant_id != mentor_id,
            Mentorship.mentor_id == mentor_id,
        )
        .exists()
    )


class Asked(NamedTuple):
    """A request for more time, as a list shows it."""

    id: int
    cohort_id: int
    person: str
    assignment: str
    wanted_until: datetime
    asked_at: datetime


def extension_requests_waiting_for(mentor_id: int) -> list[Asked]:
    """What a mentor may answer and nobody has answered, over all cohorts, the longest waiting
    first. One query."""
    return [Asked(*row) for row in _requests_waiting.rows(mentor_id=mentor_id)]


@prepared
def _requests_waiting(mentor_id):
    return (
        sa.select(
            ExtensionRequest.id,
            Schedule.cohort_id,
            Person.name,
            Assignment.title,
            ExtensionRequest.wanted_until,
            ExtensionRequest.asked_at,
        )
        .join(ExtensionRequest.schedule)
        .join(Schedule.assignment)
        .join(ExtensionRequest.person)
        .where(ExtensionRequest.answered_at.is_(None), answerable_by(mentor_id))
        .order_by(ExtensionRequest.asked_at, ExtensionRequest.id)
    )


def extension_requests_of(schedule_id: int, person_id: int) -> list[ExtensionRequest]:
    """What one person asked for on one assignment, newest first."""
    return list(
        db.session.scalars(
            _requests()
            .where(
                ExtensionRequest.schedule_id == schedule_id,
                ExtensionRequest.person_id == person_id,
            )
            .order_by(ExtensionRequest.asked_at.desc(), ExtensionRequest.id.desc())
        )
    )


def open_request_of(schedule_id: int, person_id: int) -> ExtensionRequest | None:
    return db.session.scalar(
        sa.select(ExtensionRequest).where(
            ExtensionRequest.schedule_id == schedule_id,
            ExtensionRequest.person_id == person_id,
            ExtensionRequest.answered_at.is_(None),
        )
    )


def open_requests_under(schedule_id: int) -> list[ExtensionRequest]:
    """What nobody has answered yet under one schedule."""
    return list(
        db.session.scalars(
            sa.select(ExtensionRequest).where(
                ExtensionRequest.schedule_id == schedule_id,
                ExtensionRequest.answered_at.is_(None),
            )
        )
    )
