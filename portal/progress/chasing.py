"""Who lacks what, over the running cohorts of an organisation: participants who are in arrears or
silent, mentors for whom work has waited too long.

Every date and state comes from the functions that the other pages ask.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from portal.assignments.models import AssignmentCapacity, Schedule
from portal.assignments.queries import CohortDeadlines
from portal.cohorts.models import Cohort, Enrolment, Mentorship, Organisation
from portal.cohorts.queries import is_present
from portal.database import db
from portal.journal.models import JournalEntry, Sighting
from portal.notices.models import Notice
from portal.people.models import Person
from portal.progress import rules
from portal.progress.queries import cells_of, deadlines_and_works_of
from portal.reviews.hand_overs import left_in
from portal.selects import prepared
from portal.submissions.models import Draft
from portal.web.formats import zone

REMINDER, MENTOR_REMINDER = "reminder", "mentor_reminder"
Who = tuple[int, int]
"""(cohort id, person id)"""


@dataclass(frozen=True)
class Lacking:
    """An assignment that somebody owes, and how it stands."""

    schedule: Schedule
    cell: rules.Cell

    @property
    def is_in_arrears(self) -> bool:
        return self.cell.state in rules.IN_ARREARS


@dataclass(frozen=True)
class Participant:
    """One participant of one running cohort, with everything they owe now."""

    person: Person
    cohort: Cohort
    list_number: int | None
    mentors: dict[int, str]
    lacking: list[Lacking]
    last_trace_at: datetime
    is_silent: bool
    reminded_at: datetime | None

    @property
    def who(self) -> Who:
        return self.cohort.id, self.person.id

    @property
    def has_entered(self) -> bool:
        """Whether they ever signed in; else there is no trace of them, only of their place."""
        return self.person.first_entered_at is not None


@dataclass(frozen=True)
class Unanswered:
    """Work that waits for a mentor's feedback."""

    participant: Person
    schedule: Schedule
    received_at: datetime


@dataclass(frozen=True)
class Mentor:
    """A mentor of one running cohort for whom work has waited for too long."""

    person: Person
    cohort: Cohort
    reminded_at: datetime | None
    waiting: list[Unanswered] = field(default_factory=list)

    @property
    def who(self) -> Who:
        return self.cohort.id, self.person.id

    @property
    def oldest_at(self) -> datetime:
        return min(one.received_at for one in self.waiting)


@dataclass(frozen=True)
class Board:
    """Everybody of the running cohorts, and what there is to choose from."""

    cohorts: list[Cohort]
    assignments: dict[int, str]
    units: list[str]
    mentor_names: dict[int, str]
    participants: list[Participant]
    mentors: list[Mentor]
    deadlines: dict[int, CohortDeadlines]


NEEDED, ARREARS, OWED, SILENT = "", "arrears", "open", "silent"
WHAT = (NEEDED, ARREARS, OWED, SILENT)


@dataclass(frozen=True)
class Choice:
    """Which part of the board somebody looks at; without a choice all who need a reminder."""

    cohort_id: int | None = None
    unit: str = ""
    mentor_id: int | None = None
    assignment_id: int | None = None
    what: str = NEEDED

    def participants(self, board: Board) -> list[Participant]:
        """Who is in arrears or silent, with what is to be shown of what they owe."""
        shown = (self._shown(one) for one in board.participants if self._is_of(one))
        return [one for one in shown if one is not None]

    def mentors(self, board: Board) -> list[Mentor]:
        """Who keeps the work of the chosen participants waiting, with that work."""
        found = []
        for mentor in board.mentors:
            if self.mentor_id not in (None, mentor.person.id):
                continue
            waiting = [one for one in mentor.waiting if self._holds(one)]
            if waiting and self.cohort_id in (None, mentor.cohort.id):
                found.append(replace(mentor, waiting=waiting))
        return found

    def _holds(self, work: Unanswered) -> bool:
        return self.unit in ("", work.participant.unit) and self.assignment_id in (
            None,
            work.schedule.assignment_id,
        )

    def _is_of(self, one: Participant) -> bool:
        return (
            self.cohort_id in (None, one.cohort.id)
            and self.unit in ("", one.person.unit)
            and (self.mentor_id is None or self.mentor_id in one.mentors)
        )

    def _shown(self, one: Participant) -> Participant | None:
        lacking = [
            work
            for work in one.lacking
            if (self.what == OWED or work.is_in_arrears)
            and self.assignment_id in (None, work.schedule.assignment_id)
        ]
        may_be_silent = self.assignment_id is None and self.what in (NEEDED, SILENT)
        if self.what == SILENT:
            return replace(one, lacking=lacking) if one.is_silent else None
        return (
            replace(one, lacking=lacking) if lacking or (may_be_silent and one.is_silent) else None
        )


def board_of(organisation: Organisation, now: datetime) -> Board:
    """All participants of the organisation's running cohorts, and the mentors who are late.

    Ten selects, for any number of people and cohorts.
    """
    return _Builder(organisation, now).board()


class _Builder:
    """What the selects found, put together."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self.now, self.zone = now, zone(organisation.zone)
        running = db.session.scalars(*_running(organisation_id=organisation.id))
        self.cohorts = {one.id: one for one in running}
        ids = list(self.cohorts)
        self.deadlines, self.works = deadlines_and_works_of(ids)
        self.people = _participants.rows(cohort_ids=ids)
        self.persons = {one.id: one for one in db.session.scalars(*_persons(cohort_ids=ids))}
        self.mentorships: dict[Who, list[Any]] = defaultdict(list)
        for one in _mentorships.rows(cohort_ids=ids):
            self.mentorships[one.cohort_id, one.participant_id].append(one)
        self.reviewing: dict[int, set[int]] = defaultdict(set)
        for one in _reviewing.rows(cohort_ids=ids):
            self.reviewing[one.assignment_id].add(one.capacity_id)
        self.left = left_in(ids)
        self.reminded = _reminded(ids)
        self.late: dict[Who, Mentor] = {}

    def board(self) -> Board:
        participants = [self._participant(row) for row in self.people]
        mentor_ids = {one.mentor_id for own in self.mentorships.values() for one in own}
        named = sorted((self.persons[one] for one in mentor_ids), key=lambda p: (p.sort_name, p.id))
        return Board(
            list(self.cohorts.values()),
            {
                one.assignment_id: one.assignment.title
                for deadlines in self.deadlines.values()
                for one in deadlines.schedules
            },
            sorted({one.person.unit for one in participants if one.person.unit}),
            {one.id: one.name for one in named},
            participants,
            sorted(self.late.values(), key=lambda one: (one.oldest_at, one.person.id)),
            self.deadlines,
        )

    def _participant(self, row: Any) -> Participant:
        cohort, person = self.cohorts[row.cohort_id], self.persons[row.person_id]
        deadlines = self.deadlines[cohort.id]
        cells = cells_of(deadlines, person.id, *self.works[cohort.id], self.now)
        both = [Lacking(*one) for one in zip(deadlines.schedules, cells, strict=True)]
        own = self.mentorships[cohort.id, person.id]
        for one in both:
            if rules.waits_too_long(one.cell, cohort.unanswered_days, self.now):
                self._note_late(own, person, one)
        trace = self._last_trace(row, cohort)
        is_done = bool(cells) and all(one.state in (rules.ACCEPTED, rules.EXEMPT) for one in cells)
        return Participant(
            person,
            cohort,
            row.list_number,
            {one.mentor_id: self.persons[one.mentor_id].name for one in own},
            [one for one in both if one.cell.state in rules.OWED],
            trace,
            not is_done and rules.is_silent(trace, cohort.silent_days, self.now),
            self.reminded.get((REMINDER, cohort.id, person.id)),
        )

    def _last_trace(self, row: Any, cohort: Cohort) -> datetime:
        """When the person last did something in the cohort; else when they came or it began."""
        begins = datetime.combine(cohort.starts_on, time(0), tzinfo=self.zone)
        seen = (row.opened_at, row.did_at, row.wrote_at, row.joined_at)
        return max(begins, *(at for at in seen if at is not None))

    def _note_late(self, own: list[Any], participant: Person, work: Lacking) -> None:
        """Every mentor whose capacity reviews the assignment keeps it waiting, unless they handed
        it over."""
        schedule, version = work.schedule, work.cell.version
        capacities = self.reviewing[schedule.assignment_id]
        for mentor_id in {one.mentor_id for one in own if one.capacity_id in capacities}:
            if version is not None and (version.submission_id, mentor_id) in self.left:
                continue
            who = (schedule.cohort_id, mentor_id)
            if who not in self.late:
                reminded_at = self.reminded.get((MENTOR_REMINDER, *who))
                cohort = self.cohorts[schedule.cohort_id]
                self.late[who] = Mentor(self.persons[mentor_id], cohort, reminded_at)
            if version is not None:
                unanswered = Unanswered(participant, schedule, version.received_at)
                self.late[who].waiting.append(unanswered)


@prepared
def _running(organisation_id):
    return (
        sa.select(Cohort)
        .where(Cohort.organisation_id == organisation_id, Cohort.closed_at.is_(None))
        .order_by(Cohort.starts_on.desc(), Cohort.id)
    )


@prepared
def _persons(cohort_ids):
    enrolled = sa.select(Enrolment.person_id).where(Enrolment.cohort_id.in_(cohort_ids))
    return sa.select(Person).where(Person.id.in_(enrolled))


@prepared
def _participants(cohort_ids):
    """Who takes part now, with when they last opened, did and wrote something in the cohort."""

    def latest(column, table) -> sa.ScalarSelect[Any]:
        return (
            sa.select(sa.func.max(column))
            .where(table.person_id == Enrolment.person_id, table.cohort_id == Enrolment.cohort_id)
            .correlate(Enrolment)
            .scalar_subquery()
        )

    return (
        sa.select(
            Enrolment.cohort_id,
            Enrolment.person_id,
            Enrolment.list_number,
            Enrolment.joined_at,
            latest(Sighting.at, Sighting).label("opened_at"),
            latest(JournalEntry.at, JournalEntry).label("did_at"),
            latest(Draft.changed_at, Draft).label("wrote_at"),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.role == "participant",
            Enrolment.left_at.is_(None),
        )
        .order_by(
            Cohort.starts_on.desc(),
            Cohort.id,
            Enrolment.list_number.is_(None),
            Enrolment.list_number,
            Person.sort_name,
            Person.id,
        )
    )


@prepared
def _mentorships(cohort_ids):
    return (
        sa.select(
            Mentorship.cohort_id,
            Mentorship.participant_id,
            Mentorship.mentor_id,
            Mentorship.capacity_id,
        )
        .where(Mentorship.cohort_id.in_(cohort_ids), is_present())
        .order_by(Mentorship.capacity_id, Mentorship.id)
    )


@prepared
def _reviewing(cohort_ids):
    """Which capacities review which assignment of these cohorts."""
    wanted = sa.select(Schedule.assignment_id).where(Schedule.cohort_id.in_(cohort_ids))
    return sa.select(AssignmentCapacity.assignment_id, AssignmentCapacity.capacity_id).where(
        AssignmentCapacity.assignment_id.in_(wanted)
    )


def reminder_key(kind: str, cohort_id: int, send_key: str) -> str:
    """The key of the notice that one sending of reminders in one cohort makes."""
    return f"{kind}-{cohort_id}-{send_key}"


def _reminded(cohort_ids: Iterable[int]) -> dict[tuple[str, int, int], datetime]:
    """(kind, cohort id, person id) → when that person was last reminded."""
    found: dict[tuple[str, int, int], datetime] = {}
    for one in _reminders.rows(cohort_ids=list(cohort_ids)):
        cohort_id = int(one.key.split("-")[1])
        found[one.kind, cohort_id, one.person_id] = one.created_at
    return found


@prepared
def _reminders(cohort_ids):
    enrolled = sa.select(Enrolment.person_id).where(Enrolment.cohort_id.in_(cohort_ids))
    return (
        sa.select(Notice.kind, Notice.key, Notice.person_id, Notice.created_at)
        .where(
            Notice.kind.in_([REMINDER, MENTOR_REMINDER]),
            Notice.person_id.in_(enrolled),
        )
        .order_by(Notice.created_at)
    )
