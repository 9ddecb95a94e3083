"""Every select on assignments, schedules and extensions; those on requests are in requests.py."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload

from portal.assignments import rules
from portal.assignments.given import Extended, extensions_by, select_extensions
from portal.assignments.models import (
    Assignment,
    AssignmentCapacity,
    Extension,
    Schedule,
)
from portal.assignments.planned import Scheduled, planned_in
from portal.cohorts.models import Appointment, Cohort, Enrolment, Mentorship
from portal.cohorts.queries import is_present
from portal.database import db
from portal.selects import prepared

Work = tuple[int, int]


class Revisions:
    """By when mentors asked for new versions. Reviews stand above, so ``create_app`` wires it.

    ``asked(cohort_id, person_id, assignment_id)`` returns (person id, assignment id) → the day by
    which the newest released review asks for a new version; without ids for the whole cohort.
    ``asked_in(cohort_ids)`` returns the same for each of several cohorts. One query each.
    """

    asked: Callable[[int, int | None, int | None], dict[Work, datetime]] = staticmethod(
        lambda cohort_id, person_id, assignment_id: {}
    )
    asked_in: Callable[[list[int]], dict[int, dict[Work, datetime]]] = staticmethod(
        lambda cohort_ids: {}
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
    """The deadlines of everybody in a cohort, from a constant number of queries. Instead of
    schedules it takes rows that hold as much of them as ``dates_of`` reads."""

    def __init__(
        self,
        schedules: Iterable[Any],
        extensions: Iterable[Extended],
        revisions: dict[Work, datetime],
    ):
        self.schedules = list(schedules)
        self._by_assignment = {one.assignment_id: one for one in self.schedules}
        self._extensions: dict[int, list[Extended]] = defaultdict(list)
        self._have_own = set()
        for one in extensions:
            self._extensions[one.schedule_id].append(one)
            self._have_own.add((one.person_id, one.schedule_id))
        self._revisions = revisions
        # What holds for everybody without an extension or a revision of their own.
        self._common: dict[int, rules.Deadline] = {}

    def of(self, person_id: int, assignment_id: int) -> rules.Deadline:
        """The deadline of this person for this assignment, which must stand in the schedule."""
        schedule = self._by_assignment[assignment_id]
        revise_by = self._revisions.get((person_id, assignment_id))
        if revise_by is None and (person_id, schedule.id) not in self._have_own:
            if assignment_id not in self._common:
                self._common[assignment_id] = self._decided(schedule, None, None)
            return self._common[assignment_id]
        return self._decided(schedule, person_id, revise_by)

    def _decided(
        self, schedule: Any, person_id: int | None, revise_by: datetime | None
    ) -> rules.Deadline:
        given = self._extensions[schedule.id]
        own = [one for one in given if one.person_id in (None, person_id)]
        return _decide(dates_of(schedule), own, revise_by)

    def is_asked_again(self, person_id: int, assignment_id: int) -> bool:
        """Whether a mentor asked this person for a new version."""
        return (person_id, assignment_id) in self._revisions

    def is_exempt(self, person_id: int, assignment_id: int) -> bool:
        """Whether nothing is due from this person for this assignment."""
        stands = assignment_id in self._by_assignment
        return stands and self.of(person_id, assignment_id).is_exempt


def dates_of(schedule: Schedule | Scheduled) -> rules.Dates:
    """The schedule as plain values; its assignment must be loaded."""
    return rules.Dates(
        opens_at=schedule.opens_at,
        due_at=schedule.due_at,
        closes_at=schedule.closes_at,
        grace=timedelta(seconds=schedule.assignment.grace_seconds),
    )


def _decide(
    dates: rules.Dates, extensions: Iterable[Extended], revise_by: datetime | None
) -> rules.Deadline:
    return rules.deadline(dates, [_given(one) for one in extensions], revise_by)


def _given(one: Extended) -> rules.Given:
    return rules.Given(one.due_at, one.reason, one.given_by, one.person_id is None, one.given_at)


@prepared
def _extensions(cohort_id=None, schedule_id=None, person_id=None, cohort_ids=None):
    """What was given in cohorts or under one schedule, to everybody and (to) one person."""
    statement = select_extensions()
    if cohort_id is not None:
        statement = statement.where(Schedule.cohort_id == cohort_id)
    if cohort_ids is not None:
        statement = statement.where(Schedule.cohort_id.in_(cohort_ids))
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
def _schedules(cohort_id=None, cohort_ids=None):
    statement = (
        sa.select(Schedule)
        .join(Schedule.assignment)
        .options(
            contains_eager(Schedule.assignment).options(
                defer(Assignment.brief, raiseload=True), defer(Assignment.html, raiseload=True)
            )
        )
        .order_by(Assignment.position, Assignment.id)
    )
    if cohort_ids is not None:
        return statement.where(Schedule.cohort_id.in_(cohort_ids))
    return statement.where(Schedule.cohort_id == cohort_id)


def task_of(cohort_id: int, assignment_id: int, person_id: int) -> Task | None:
    """One assignment for one person, with the deadline that holds. Two queries and the hook's."""
    schedule = schedule_in(cohort_id, assignment_id)
    return None if schedule is None else task_under(schedule, person_id)


def task_under(schedule: Schedule, person_id: int) -> Task:
    """The same where the schedule is known already."""
    asked = Revisions.asked(schedule.cohort_id, person_id, schedule.assignment_id)
    revise_by = asked.get((person_id, schedule.assignment_id))
    return Task(schedule, deadline_under(schedule, person_id, revise_by))


def deadline_under(
    schedule: Schedule | Scheduled, person_id: int, revise_by: datetime | None
) -> rules.Deadline:
    """The deadline that holds, where it is known by when a new version was asked for. One query."""
    extensions = extensions_by(_extensions, schedule_id=schedule.id, person_id=person_id)
    return _decide(dates_of(schedule), extensions, revise_by)


def tasks_of(cohort_id: int, person_id: int) -> list[Task]:
    """A cohort's assignments for one person, in course order. Two queries and the hook's."""
    deadlines = _deadlines(schedules_in(cohort_id), cohort_id, person_id)
    return [Task(one, deadlines.of(person_id, one.assignment_id)) for one in deadlines.schedules]


def deadlines_in(
    cohort_id: int, person_id: int | None = None, *, revisions: dict[Work, datetime] | None = None
) -> CohortDeadlines:
    """The deadlines of a whole cohort, or of one person of it. Two queries, and the hook's where
    the caller does not know its answer."""
    return _deadlines(planned_in(cohort_id), cohort_id, person_id, revisions)


def _deadlines(
    schedules: Iterable[Any],
    cohort_id: int,
    person_id: int | None,
    revisions: dict[Work, datetime] | None = None,
) -> CohortDeadlines:
    extensions = extensions_by(_extensions, cohort_id=cohort_id, person_id=person_id)
    if revisions is None:
        revisions = Revisions.asked(cohort_id, person_id, None)
    return CohortDeadlines(schedules, extensions, revisions)


def deadlines_of(
    cohort_ids: list[int], *, revisions: dict[int, dict[Work, datetime]] | None = None
) -> dict[int, CohortDeadlines]:
    """The deadlines of several cohorts, by cohort. As many queries."""
    schedules = defaultdict(list)
    for one in db.session.scalars(*_schedules(cohort_ids=cohort_ids)):
        if one.assignment.hidden_at is None:
            schedules[one.cohort_id].append(one)
    extensions = extensions_by(_extensions, cohort_ids=cohort_ids)
    if revisions is None:
        revisions = Revisions.asked_in(cohort_ids)
    return {
        cohort_id: CohortDeadlines(schedules[cohort_id], extensions, revisions.get(cohort_id, {}))
        for cohort_id in cohort_ids
    }


@dataclass(frozen=True)
class Deadlines:
    """Everybody's deadlines under one schedule, as they are or as they would be."""

    schedule: Schedule
    extensions: list[Extended]
    revisions: dict[Work, datetime]

    def of(
        self,
        person_id: int,
        *,
        dates: rules.Dates | None = None,
        given: rules.Given | None = None,
        but: int | None = None,
    ) -> rules.Deadline:
        """The deadline of this person; if the schedule said these dates, this were given to them
        too, and the extension ``but`` were not."""
        own = [
            _given(one)
            for one in self.extensions
            if one.person_id in (None, person_id) and one.id != but
        ]
        return rules.deadline(
            dates or dates_of(self.schedule),
            [*own, given] if given else own,
            self.revisions.get((person_id, self.schedule.assignment_id)),
        )


def deadlines_under(schedule: Schedule) -> Deadlines:
    """What holds for everybody under a schedule. One query and the hook's."""
    extensions = extensions_by(_extensions, schedule_id=schedule.id)
    revisions = Revisions.asked(schedule.cohort_id, None, schedule.assignment_id)
    return Deadlines(schedule, extensions, revisions)


def reviewing(
    *columns: Any,
    mentorship: type[Mentorship] = Mentorship,
    reviewed: type[AssignmentCapacity] = AssignmentCapacity,
) -> sa.Select[Any]:
    """These columns of present mentorships in a capacity that reviews an assignment: a row for
    each mentorship and assignment. Which of them, the caller says; inside a select that names
    mentorships itself, by aliases."""
    return (
        sa.select(*columns)
        .select_from(mentorship)
        .join(reviewed, reviewed.capacity_id == mentorship.capacity_id)
        .where(is_present(mentorship))
    )


def reviewers_of(cohort_id: int, assignment_id: int, participant_id: int) -> list[Mentorship]:
    """The participant's present mentors whose capacity reviews this assignment."""
    found = _reviewers(
        cohort_id=cohort_id, assignment_id=assignment_id, participant_id=participant_id
    )
    return list(db.session.scalars(*found))


@prepared
def _reviewers(cohort_id, assignment_id, participant_id):
    return (
        reviewing(Mentorship)
        .where(
            AssignmentCapacity.assignment_id == assignment_id,
            Mentorship.cohort_id == cohort_id,
            Mentorship.participant_id == participant_id,
        )
        .options(joinedload(Mentorship.mentor), joinedload(Mentorship.capacity))
        .order_by(Mentorship.capacity_id, Mentorship.id)
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
                joinedload(Extension.withdrawn_by),
                joinedload(Extension.schedule).joinedload(Schedule.assignment),
            )
            .order_by(Extension.given_at.desc(), Extension.id.desc())
        )
    )


def extensions_like(
    schedule_id: int, due_at: datetime | None, person_ids: Collection[int] | None
) -> list[Extension]:
    """What holds under a schedule until exactly this moment, or without one, for these people or
    (None) for the whole cohort."""
    until = Extension.due_at.is_(None) if due_at is None else Extension.due_at == due_at
    whose = (
        Extension.person_id.is_(None) if person_ids is None else Extension.person_id.in_(person_ids)
    )
    return list(
        db.session.scalars(
            sa.select(Extension)
            .where(
                Extension.schedule_id == schedule_id,
                Extension.withdrawn_at.is_(None),
                until,
                whose,
            )
            .order_by(Extension.id)
        )
    )


def extension_in(cohort_id: int, extension_id: int) -> Extension | None:
    return db.session.scalar(
        sa.select(Extension)
        .join(Schedule, Schedule.id == Extension.schedule_id)
        .where(Schedule.cohort_id == cohort_id, Extension.id == extension_id)
        .options(
            joinedload(Extension.given_by),
            joinedload(Extension.schedule).joinedload(Schedule.assignment),
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
