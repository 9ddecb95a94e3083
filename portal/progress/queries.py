"""Read-only sums over a cohort, from a constant number of selects."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.assignments.models import ExtensionRequest, Schedule
from portal.assignments.outages import NEWS
from portal.assignments.planned import Planned
from portal.assignments.queries import CohortDeadlines, deadlines_in, deadlines_of
from portal.cohorts.models import Cohort, Enrolment, Mentorship
from portal.courses.models import Lesson, Module
from portal.database import db
from portal.journal.models import JournalEntry
from portal.learning.models import LessonCompletion
from portal.outages.queries import was_outage_since
from portal.people.models import Person
from portal.progress import rules
from portal.reviews.models import Review
from portal.reviews.queries import released
from portal.selects import prepared
from portal.submissions.models import Draft, DraftFile, Submission

Key = tuple[int, int]


class Participant(NamedTuple):
    """What a table shows of a person."""

    id: int
    name: str
    sort_name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One participant: how much is read, and a cell for each assignment in course order."""

    person: Participant
    list_number: int | None
    read: int
    has_mentor: bool
    cells: list[rules.Cell]

    @property
    def in_arrears(self) -> int:
        """How many assignments are overdue, missed or not revised in time."""
        return len([1 for cell in self.cells if cell.state in rules.IN_ARREARS])

    @property
    def accepted(self) -> int:
        return len([1 for cell in self.cells if cell.state == rules.ACCEPTED])

    @property
    def handed_in(self) -> int:
        return len([1 for cell in self.cells if cell.version is not None])

    @property
    def expected(self) -> int:
        """How many assignments count for them: all from which they are not exempt."""
        return len([1 for cell in self.cells if cell.is_expected])

    @property
    def unanswered(self) -> int:
        """How many of their works wait for feedback beyond the promised day."""
        return len([1 for cell in self.cells if cell.state == rules.UNANSWERED])


@dataclass(frozen=True)
class Table:
    """A cohort at a glance."""

    schedules: list[Planned]
    rows: list[Row]
    lessons: int
    open_requests: int
    was_outage: bool
    """Whether the portal was out of reach so lately that a later deadline may be proposed."""


def table_of(cohort: Cohort, now: datetime) -> Table:
    """Everybody who takes part now, with everything they read, handed in and got back.

    Two selects, and those of the deadlines.
    """
    works, drafts = _works(cohort.id)
    deadlines = deadlines_in(cohort.id, revisions=revisions_in(works))
    people = _participants.rows(cohort_id=cohort.id, course_id=cohort.course_id, lately=now - NEWS)
    rows = [
        Row(
            Participant(*row[:4]),
            row.list_number,
            row.read,
            bool(row.has_mentor),
            cells_of(deadlines, row.id, works, drafts, now),
        )
        for row in people
    ]
    first = people[0] if people else None
    return Table(
        deadlines.schedules,
        rows,
        first.lessons if first else 0,
        first.open_requests if first else 0,
        bool(first and first.was_outage),
    )


def cells_of(
    deadlines: CohortDeadlines,
    person_id: int,
    works: dict[Key, list[rules.Version]],
    drafts: set[Key],
    now: datetime,
) -> list[rules.Cell]:
    """Where one person stands with each assignment of the cohort, in course order."""
    return [
        rules.cell(
            deadlines.of(person_id, one.assignment_id),
            works.get((person_id, one.assignment_id), []),
            (person_id, one.assignment_id) in drafts,
            now,
        )
        for one in deadlines.schedules
    ]


def _visible_lessons(course_id) -> sa.Select[Any]:
    return (
        sa.select(Lesson.id)
        .join(Module, Module.id == Lesson.module_id)
        .where(
            Module.course_id == course_id, Module.hidden_at.is_(None), Lesson.hidden_at.is_(None)
        )
    )


@prepared
def _participants(cohort_id, course_id, lately):
    """Who takes part now, with what they read and whether somebody mentors them."""
    visible = _visible_lessons(course_id)
    read = (
        sa.select(LessonCompletion.person_id, sa.func.count().label("lessons"))
        .where(LessonCompletion.cohort_id == cohort_id, LessonCompletion.lesson_id.in_(visible))
        .group_by(LessonCompletion.person_id)
        .subquery("read")
    )
    has_mentor = (
        sa.select(Mentorship.id)
        .where(
            Mentorship.cohort_id == cohort_id,
            Mentorship.participant_id == Person.id,
            Mentorship.ended_at.is_(None),
        )
        .correlate(Person)
        .exists()
    )
    open_requests = (
        sa.select(sa.func.count(ExtensionRequest.id))
        .join(Schedule, Schedule.id == ExtensionRequest.schedule_id)
        .where(Schedule.cohort_id == cohort_id, ExtensionRequest.answered_at.is_(None))
        .scalar_subquery()
    )
    return (
        sa.select(
            Person.id,
            Person.name,
            Person.sort_name,
            Person.unit,
            Enrolment.list_number,
            sa.func.coalesce(read.c.lessons, 0).label("read"),
            has_mentor.label("has_mentor"),
            sa.select(sa.func.count())
            .select_from(visible.subquery())
            .scalar_subquery()
            .label("lessons"),
            open_requests.label("open_requests"),
            was_outage_since(lately).label("was_outage"),
        )
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(read, read.c.person_id == Person.id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.role == "participant",
            Enrolment.left_at.is_(None),
        )
        .order_by(
            Enrolment.list_number.is_(None), Enrolment.list_number, Person.sort_name, Person.id
        )
    )


def _works(
    cohort_id: int, person_id: int | None = None
) -> tuple[dict[Key, list[rules.Version]], set[Key]]:
    """(versions by person and assignment, oldest first; who has a draft with something in it)."""
    return _sorted(_versions_and_drafts.rows(cohort_id=cohort_id, person_id=person_id))


def revisions_in(works: dict[Key, list[rules.Version]]) -> dict[Key, datetime]:
    """By when new versions were asked for, as the deadlines want it."""
    asked = {key: rules.asked_again(versions) for key, versions in works.items()}
    return {key: day for key, day in asked.items() if day is not None}


Works = dict[int, tuple[dict[Key, list[rules.Version]], set[Key]]]
"""What ``_works`` finds, by cohort."""


def deadlines_and_works_of(cohort_ids: list[int]) -> tuple[dict[int, CohortDeadlines], Works]:
    """Everybody's deadlines and works in several cohorts, by cohort. Three queries."""
    works = works_of(cohort_ids)
    asked = {one: revisions_in(versions) for one, (versions, _begun) in works.items()}
    return deadlines_of(cohort_ids, revisions=asked), works


def works_of(cohort_ids: list[int]) -> Works:
    """The works of several cohorts. One query."""
    found = defaultdict(list)
    for row in _versions_and_drafts.rows(cohort_ids=cohort_ids):
        found[row.cohort_id].append(row)
    return {cohort_id: _sorted(found[cohort_id]) for cohort_id in cohort_ids}


def _sorted(rows: Iterable[Any]) -> tuple[dict[Key, list[rules.Version]], set[Key]]:
    found: dict[Key, dict[int, rules.Version]] = defaultdict(dict)
    begun: set[Key] = set()
    for row in sorted(rows, key=lambda one: (one.number, one.review_number)):
        _cohort, person, assignment, number, received_at, punctuality, feedback_by, *rest = row
        key = (person, assignment)
        if number == 0:
            begun.add(key)
        else:
            # A correction is a later review of the same version: the last one holds.
            submission_id, decision, mark, revise_by, released_at, _review_number = rest
            before = found[key].get(number)
            found[key][number] = rules.Version(
                number, received_at, punctuality, feedback_by,
                submission_id, decision, mark, released_at,
                before.first_released_at if before else released_at, revise_by,
            )  # fmt: skip
    return {key: list(versions.values()) for key, versions in found.items()}, begun


@prepared
def _versions_and_drafts(cohort_id=None, person_id=None, cohort_ids=None):
    versions = (
        sa.select(
            Submission.cohort_id,
            Submission.person_id,
            Submission.assignment_id,
            Submission.number,
            Submission.received_at,
            Submission.punctuality,
            Submission.feedback_by,
            Submission.id,
            Review.decision,
            Review.mark,
            Review.revise_by,
            Review.released_at,
            sa.func.coalesce(Review.number, 0).label("review_number"),
        )
        .outerjoin(
            Review,
            sa.and_(Review.submission_id == Submission.id, released()),
        )
        .where(_in_cohorts(Submission.cohort_id, cohort_id, cohort_ids))
    )
    has_files = sa.select(DraftFile.id).where(DraftFile.draft_id == Draft.id).exists()
    drafts = sa.select(
        Draft.cohort_id,
        Draft.person_id,
        Draft.assignment_id,
        sa.literal(0),
        *(sa.null() for _ in range(8)),
        sa.literal(0),
    ).where(
        _in_cohorts(Draft.cohort_id, cohort_id, cohort_ids), sa.or_(Draft.text != "", has_files)
    )
    if person_id is not None:
        versions = versions.where(Submission.person_id == person_id)
        drafts = drafts.where(Draft.person_id == person_id)
    return sa.union_all(versions, drafts)


def _in_cohorts(column, cohort_id, cohort_ids) -> sa.ColumnElement[bool]:
    return column == cohort_id if cohort_ids is None else column.in_(cohort_ids)


@dataclass(frozen=True)
class Record:
    """Everything about one participant in one cohort."""

    schedules: list[Planned]
    cells: list[rules.Cell]
    versions: dict[int, list[rules.Version]]
    modules: list[Any]
    journal: list[Any]


def record_of(cohort: Cohort, person_id: int, now: datetime) -> Record:
    """One person's full record: work, versions, released judgements, reading, what happened."""
    works, drafts = _works(cohort.id, person_id)
    deadlines = deadlines_in(cohort.id, person_id, revisions=revisions_in(works))
    return Record(
        deadlines.schedules,
        cells_of(deadlines, person_id, works, drafts, now),
        {assignment_id: versions for (_, assignment_id), versions in works.items()},
        _modules(cohort, person_id),
        _journal(cohort.id, person_id),
    )


def _modules(cohort: Cohort, person_id: int) -> list[Any]:
    """(title, lessons, lessons read) of each visible module in order."""
    done = sa.and_(
        LessonCompletion.lesson_id == Lesson.id,
        LessonCompletion.cohort_id == cohort.id,
        LessonCompletion.person_id == person_id,
    )
    return list(
        db.session.execute(
            sa.select(
                Module.title,
                sa.func.count(Lesson.id).label("lessons"),
                sa.func.count(LessonCompletion.lesson_id).label("read"),
            )
            .join(Lesson, Lesson.module_id == Module.id)
            .outerjoin(LessonCompletion, done)
            .where(
                Module.course_id == cohort.course_id,
                Module.hidden_at.is_(None),
                Lesson.hidden_at.is_(None),
            )
            .group_by(Module.id, Module.title, Module.position)
            .order_by(Module.position, Module.id)
        )
    )


def _journal(cohort_id: int, person_id: int, at_most: int = 50) -> list[Any]:
    """The last things this person did in the cohort: when and what."""
    return list(
        db.session.execute(
            sa.select(JournalEntry.at, JournalEntry.verb, JournalEntry.address)
            .where(JournalEntry.cohort_id == cohort_id, JournalEntry.person_id == person_id)
            .order_by(JournalEntry.id.desc())
            .limit(at_most)
        )
    )
