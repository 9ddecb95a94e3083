"""Every select on assignments, schedules, extensions and requests for them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.assignments import rules
from portal.assignments.models import (
    Assignment,
    AssignmentCapacity,
    Extension,
    ExtensionRequest,
    Schedule,
)
from portal.cohorts.models import Appointment, Cohort, Enrolment, Mentorship
from portal.database import db, prepared
from portal.people.models import Person
from portal.rubrics.models import Criterion, RubricVersion

Work = tuple[int, int]


class Revisions:
    """By when mentors asked for new versions. Reviews stand above, so ``create_app`` wires it.

    ``asked(cohort_id, person_id, assignment_id)`` returns (person id, assignment id) → the day by
    which the newest released review asks for a new version; without ids for the whole cohort.
    One query.
    """

    asked: Callable[[int, int | None, int | None], dict[Work, datetime]] = staticmethod(
        lambda cohort_id, person_id, assignment_id: {}
    )


@dataclass(frozen=True)
class Task:
    """One assignment in one cohort for one person: its schedule and the deadline that holds."""

    schedule: Schedule
    deadline: rules.Deadline

    @property
    def assignment(self) -> Assignment:
        return self.schedule.assignment


class CohortDeadlines:
    """The deadlines of everybody in a cohort, from a constant number of queries."""

    def __init__(
        self,
        schedules: Iterable[Schedule],
        extensions: Iterable[Extension],
        revisions: dict[Work, datetime],
    ):
        self.schedules = list(schedules)
        self._by_assignment = {one.assignment_id: one for one in self.schedules}
        self._extensions: dict[int, list[Extension]] = defaultdict(list)
        for one in extensions:
            self._extensions[one.schedule_id].append(one)
        self._revisions = revisions
        # What holds for everybody without an extension or a revision of their own.
        self._common: dict[int, rules.Deadline] = {}

    def of(self, person_id: int, assignment_id: int) -> rules.Deadline:
        """The deadline of this person for this assignment, which must stand in the schedule."""
        schedule = self._by_assignment[assignment_id]
        given = self._extensions[schedule.id]
        revise_by = self._revisions.get((person_id, assignment_id))
        if revise_by is not None or any(one.person_id == person_id for one in given):
            own = [one for one in given if one.person_id in (None, person_id)]
            return _decide(schedule, own, revise_by)
        if assignment_id not in self._common:
            everybodys = [one for one in given if one.person_id is None]
            self._common[assignment_id] = _decide(schedule, everybodys, None)
        return self._common[assignment_id]


def dates_of(schedule: Schedule) -> rules.Dates:
    """The schedule as plain values; its assignment must be loaded."""
    return rules.Dates(
        opens_at=schedule.opens_at,
        due_at=schedule.due_at,
        closes_at=schedule.closes_at,
        grace=timedelta(seconds=schedule.assignment.grace_seconds),
    )


def _decide(
    schedule: Schedule, extensions: Iterable[Extension], revise_by: datetime | None
) -> rules.Deadline:
    given = [
        rules.Given(one.due_at, one.reason, one.given_by.name, one.person_id is None)
        for one in extensions
    ]
    return rules.deadline(dates_of(schedule), given, revise_by)


@prepared
def _extensions(cohort_id=None, schedule_id=None, person_id=None):
    """What was given in a cohort or under one schedule, to everybody and (to) one person."""
    statement = (
        sa.select(Extension)
        .join(Schedule, Schedule.id == Extension.schedule_id)
        .where(Extension.withdrawn_at.is_(None))
        .options(joinedload(Extension.given_by).load_only(Person.id, Person.name))
        .order_by(Extension.given_at, Extension.id)
    )
    if cohort_id is not None:
        statement = statement.where(Schedule.cohort_id == cohort_id)
    if schedule_id is not None:
        statement = statement.where(Extension.schedule_id == schedule_id)
    if person_id is not None:
        statement = statement.where(
            sa.or_(Extension.person_id.is_(None), Extension.person_id == person_id)
        )
    return statement


def schedule_in(cohort_id: int, assignment_id: int) -> Schedule | None:
    """The schedule of an assignment in a cohort, with the assignment."""
    return db.session.scalar(*_schedule(cohort_id=cohort_id, assignment_id=assignment_id))


@prepared
def _schedule(cohort_id, assignment_id):
    return (
        sa.select(Schedule)
        .where(Schedule.cohort_id == cohort_id, Schedule.assignment_id == assignment_id)
        .options(joinedload(Schedule.assignment))
    )


def schedules_in(cohort_id: int, *, with_hidden: bool = False) -> list[Schedule]:
    """The cohort's schedules in the order of the course, with their assignments."""
    schedules = db.session.scalars(*_schedules(cohort_id=cohort_id))
    return [one for one in schedules if with_hidden or one.assignment.hidden_at is None]


@prepared
def _schedules(cohort_id):
    return (
        sa.select(Schedule)
        .join(Schedule.assignment)
        .where(Schedule.cohort_id == cohort_id)
        .options(contains_eager(Schedule.assignment))
        .order_by(Assignment.position, Assignment.id)
    )


def task_of(cohort_id: int, assignment_id: int, person_id: int) -> Task | None:
    """One assignment for one person, with the deadline that holds. Two queries and the hook's."""
    schedule = schedule_in(cohort_id, assignment_id)
    return None if schedule is None else task_under(schedule, person_id)


def task_under(schedule: Schedule, person_id: int) -> Task:
    """The same where the schedule is known already."""
    given = _extensions(schedule_id=schedule.id, person_id=person_id)
    extensions = db.session.scalars(*given).all()
    asked = Revisions.asked(schedule.cohort_id, person_id, schedule.assignment_id)
    revise_by = asked.get((person_id, schedule.assignment_id))
    return Task(schedule, _decide(schedule, extensions, revise_by))


def tasks_of(cohort_id: int, person_id: int) -> list[Task]:
    """A cohort's assignments for one person, in course order. Two queries and the hook's."""
    deadlines = deadlines_in(cohort_id, person_id)
    return [Task(one, deadlines.of(person_id, one.assignment_id)) for one in deadlines.schedules]


def deadlines_in(cohort_id: int, person_id: int | None = None) -> CohortDeadlines:
    """The deadlines of a whole cohort, or of one person of it. Two queries and the hook's."""
    schedules = schedules_in(cohort_id)
    extensions = db.session.scalars(*_extensions(cohort_id=cohort_id, person_id=person_id)).all()
    return CohortDeadlines(schedules, extensions, Revisions.asked(cohort_id, person_id, None))


def rubric_for(schedule: Schedule) -> RubricVersion | None:
    """The rubric version by which this cohort's work is judged, with criteria and levels."""
    if schedule.rubric_version_id is None:
        return None
    return db.session.scalar(
        sa.select(RubricVersion)
        .where(RubricVersion.id == schedule.rubric_version_id)
        .options(
            joinedload(RubricVersion.rubric),
            selectinload(RubricVersion.criteria).selectinload(Criterion.levels),
        )
    )


def reviewers_of(cohort_id: int, assignment_id: int, participant_id: int) -> list[Mentorship]:
    """The participant's present mentors whose capacity reviews this assignment."""
    return list(
        db.session.scalars(
            sa.select(Mentorship)
            .join(AssignmentCapacity, AssignmentCapacity.capacity_id == Mentorship.capacity_id)
            .where(
                AssignmentCapacity.assignment_id == assignment_id,
                Mentorship.cohort_id == cohort_id,
                Mentorship.participant_id == participant_id,
                Mentorship.ended_at.is_(None),
            )
            .options(joinedload(Mentorship.mentor), joinedload(Mentorship.capacity))
            .order_by(Mentorship.capacity_id, Mentorship.id)
        )
    )


def extensions_in(cohort_id: int) -> list[Extension]:
    """Every extension given in a cohort, newest first, withdrawn ones too, with the giver."""
    return list(
        db.session.scalars(
            sa.select(Extension)
            .join(Schedule, Schedule.id == Extension.schedule_id)
            .where(Schedule.cohort_id == cohort_id)
            .options(
                joinedload(Extension.given_by),
                joinedload(Extension.schedule).joinedload(Schedule.assignment),
            )
            .order_by(Extension.given_at.desc(), Extension.id.desc())
        )
    )


def extension_in(cohort_id: int, extension_id: int) -> Extension | None:
    return db.session.scalar(
        sa.select(Extension)
        .join(Schedule, Schedule.id == Extension.schedule_id)
        .where(Schedule.cohort_id == cohort_id, Extension.id == extension_id)
        .options(joinedload(Extension.schedule).joinedload(Schedule.assignment))
    )


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
        sa.select(Mentorship.id)
        .join(AssignmentCapacity, AssignmentCapacity.capacity_id == Mentorship.capacity_id)
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
            Mentorship.ended_at.is_(None),
        )
        .exists()
    )


def extension_requests_waiting_for(mentor_id: int) -> list[ExtensionRequest]:
    """What a mentor may answer and nobody has answered, over all cohorts, the longest waiting
    first. One query."""
    return list(db.session.scalars(*_requests_waiting(mentor_id=mentor_id)))


@prepared
def _requests_waiting(mentor_id):
    return (
        sa.select(ExtensionRequest)
        .join(ExtensionRequest.schedule)
        .where(ExtensionRequest.answered_at.is_(None), answerable_by(mentor_id))
        .options(
            joinedload(ExtensionRequest.person),
            contains_eager(ExtensionRequest.schedule)
            .joinedload(Schedule.assignment)
            .load_only(Assignment.id, Assignment.title),
        )
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


def participant_ids_in(cohort_id: int) -> list[int]:
    """Who takes part in the cohort now."""
    return list(
        db.session.scalars(
            sa.select(Enrolment.person_id)
            .where(
                Enrolment.cohort_id == cohort_id,
                Enrolment.role == "participant",
                Enrolment.left_at.is_(None),
            )
            .order_by(Enrolment.person_id)
        )
    )


def administrator_ids_of(cohort_id: int) -> list[int]:
    """Who administers the cohort's organisation now; the portal's administrators if nobody does."""
    rows = db.session.execute(
        sa.select(Appointment.person_id, Appointment.organisation_id)
        .join(
            Cohort,
            sa.or_(
                Appointment.organisation_id.is_(None),
                Appointment.organisation_id == Cohort.organisation_id,
            ),
        )
        .where(Cohort.id == cohort_id, Appointment.ended_at.is_(None))
        .order_by(Appointment.person_id)
    ).all()
    own = [one.person_id for one in rows if one.organisation_id is not None]
    return sorted(set(own or [one.person_id for one in rows]))


def is_participant(cohort_id: int, person_id: int) -> bool:
    """Whether the person takes part in the cohort now."""
    return person_id in participant_ids_in(cohort_id)


def cohort_of(schedule: Schedule) -> Cohort:
    """The cohort of a schedule, with its organisation."""
    return db.session.scalars(
        sa.select(Cohort)
        .where(Cohort.id == schedule.cohort_id)
        .options(joinedload(Cohort.organisation))
    ).one()
