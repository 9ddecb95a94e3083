"""What a participant finds at home: selects over all cohorts, as many for three as for one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.assignments import queries as assignments
from portal.assignments.given import Extended, extensions_by, select_extensions
from portal.assignments.models import Assignment, Extension, Schedule
from portal.assignments.planned import Planned, select_planned
from portal.cohorts.models import Announcement, Cohort, Organisation
from portal.courses.models import Course, Lesson, Module
from portal.home.rules import Task
from portal.learning.models import LessonCompletion
from portal.learning.rules import LessonEntry, ModuleEntry, Outline, outline
from portal.people.models import Person
from portal.reviews.models import ActionItem, ActionItemStep, Review
from portal.reviews.queries import is_newest, released
from portal.reviews.stages import stage_of
from portal.selects import prepared
from portal.submissions.models import Draft, Submission
from portal.web.formats import zone

FRESH = timedelta(days=14)
MOST_ANNOUNCEMENTS = 3


@dataclass(frozen=True)
class Feedback:
    """A released review of the newest submission version."""

    cohort_id: int
    assignment_id: int
    title: str
    number: int
    decision: str
    released_at: datetime


@dataclass(frozen=True)
class Item:
    """An action item that is still to be done."""

    cohort_id: int
    assignment_id: int
    assignment: str
    text: str
    due_on: date | None


@dataclass(frozen=True)
class Reading:
    """How far somebody is with the lessons of a cohort's course."""

    cohort_id: int
    cohort_name: str
    course_title: str
    outline: Outline


def states_of(person_id: int, cohort_ids: Iterable[int]) -> dict[tuple[int, int], Any]:
    """(cohort id, assignment id) → the newest submission version with its newest release."""
    rows = _states.rows(person_id=person_id, cohort_ids=list(cohort_ids))
    return {(row.cohort_id, row.assignment_id): row for row in rows}


@prepared
def _states(person_id, cohort_ids):
    begun = sa.orm.aliased(Review)
    return (
        sa.select(
            Submission.cohort_id,
            Submission.assignment_id,
            Submission.number,
            Submission.feedback_by,
            Assignment.title,
            Review.decision,
            Review.revise_by,
            Review.released_at,
            sa.select(begun.id)
            .where(begun.submission_id == Submission.id, ~released(begun))
            .exists()
            .label("is_begun"),
        )
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .outerjoin(Review, sa.and_(Review.submission_id == Submission.id, released()))
        .where(
            Submission.person_id == person_id,
            Submission.cohort_id.in_(cohort_ids),
            is_newest(),
        )
        .order_by(Review.number.nulls_first())
    )


def tasks_of(
    person_id: int, names: dict[int, str], states: dict[tuple[int, int], Any], now: datetime
) -> list[Task]:
    """Every assignment of these cohorts (id → name) for this person. Three queries."""
    schedules: dict[int, list[Planned]] = defaultdict(list)
    drafts = set()
    for row in _schedules.rows(person_id=person_id, cohort_ids=list(names)):
        schedules[row.cohort_id].append(Planned.of(row))
        if row.has_draft:
            drafts.add(row.id)
    extensions = _extensions_of(person_id, list(names))
    tasks = []
    for cohort_id, its in schedules.items():
        asked = {
            (person_id, assignment_id): row.revise_by
            for (place, assignment_id), row in states.items()
            if place == cohort_id and row.decision == "revise" and row.revise_by
        }
        deadlines = assignments.CohortDeadlines(its, extensions[cohort_id], asked)
        for schedule in its:
            key = (cohort_id, schedule.assignment_id)
            deadline = deadlines.of(person_id, schedule.assignment_id)
            state = states.get(key)
            stage = stage_of(
                deadline_state=deadline.state(now),
                has_draft=schedule.id in drafts,
                is_handed_in=state is not None,
                decision=state.decision if state else None,
                review_begun=bool(state and state.is_begun),
                is_exempt=deadline.is_exempt,
            )
            tasks.append(
                Task(
                    cohort_id,
                    names[cohort_id],
                    schedule.assignment_id,
                    schedule.assignment.title,
                    deadline,
                    stage,
                    state.feedback_by if state else None,
                )
            )
    return tasks


def _running(cohort_ids) -> sa.Select[int]:
    """Those of these cohorts in which something can still be done."""
    return sa.select(Cohort.id).where(Cohort.id.in_(cohort_ids), Cohort.closed_at.is_(None))


@prepared
def _schedules(person_id, cohort_ids):
    return select_planned(
        sa.select(Draft.id)
        .where(
            Draft.cohort_id == Schedule.cohort_id,
            Draft.assignment_id == Schedule.assignment_id,
            Draft.person_id == person_id,
        )
        .exists()
        .label("has_draft")
    ).where(Schedule.cohort_id.in_(_running(cohort_ids)))


def _extensions_of(person_id: int, cohort_ids: list[int]) -> dict[int, list[Extended]]:
    found: dict[int, list[Extended]] = defaultdict(list)
    for one in extensions_by(_extensions, person_id=person_id, cohort_ids=cohort_ids):
        found[one.cohort_id].append(one)
    return found


@prepared
def _extensions(person_id, cohort_ids):
    return select_extensions().where(
        Schedule.cohort_id.in_(cohort_ids),
        sa.or_(Extension.person_id.is_(None), Extension.person_id == person_id),
    )


def fresh_feedback(states: dict[tuple[int, int], Any], now: datetime) -> list[Feedback]:
    """What was released within two weeks, the newest first."""
    found = [
        Feedback(
            row.cohort_id, row.assignment_id, row.title, row.number, row.decision, row.released_at
        )
        for row in states.values()
        if row.released_at is not None and row.released_at > now - FRESH
    ]
    return sorted(found, key=lambda one: one.released_at, reverse=True)


def open_items_of(person_id: int, cohort_ids: Iterable[int]) -> list[Item]:
    """Released action items that neither the person nor a mentor has settled, soonest first.

    One query: each thread in the wording of its newest release, with its last step.
    """
    rows = _items.rows(person_id=person_id, cohort_ids=list(cohort_ids))
    newest = {row.thread: row for row in rows}
    items = [
        Item(row.cohort_id, row.assignment_id, row.title, row.text, row.due_on)
        for row in newest.values()
        if row.state in {"open", "reopened"}
    ]
    return sorted(items, key=lambda one: (one.due_on is None, one.due_on or date.max, one.text))


@prepared
def _items(person_id, cohort_ids):
    last_step = (
        sa.select(ActionItemStep.state)
        .where(ActionItemStep.thread == ActionItem.thread)
        .order_by(ActionItemStep.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    newer = sa.orm.aliased(Review)
    return (
        sa.select(
            ActionItem.thread,
            ActionItem.text,
            ActionItem.due_on,
            Submission.cohort_id,
            Submission.assignment_id,
            Assignment.title,
            sa.func.coalesce(last_step, "open").label("state"),
        )
        .join(Review, Review.id == ActionItem.review_id)
        .join(Submission, Submission.id == Review.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Submission.person_id == person_id,
            Submission.cohort_id.in_(_running(cohort_ids)),
            released(),
            ~sa.select(newer.id)
            .where(
                newer.submission_id == Review.submission_id,
                newer.number > Review.number,
                released(newer),
            )
            .exists(),
        )
        .order_by(Submission.number, ActionItem.id)
    )


def readings_of(person_id: int, cohort_ids: Iterable[int], now: datetime) -> list[Reading]:
    """The outline of each cohort's course with what the person has read, newest cohort first."""
    rows = _readings.rows(person_id=person_id, cohort_ids=list(cohort_ids))
    found = []
    for _cohort, group in groupby(rows, key=lambda row: row.id):
        its = list(group)
        first = its[0]
        today = now.astimezone(zone(first.zone)).date()
        plan = outline(_modules(its), first.starts_on, today)
        found.append(Reading(first.id, first.name, first.course_title, plan))
    return found


@prepared
def _readings(person_id, cohort_ids):
    done = (
        sa.select(LessonCompletion.done_at)
        .where(
            LessonCompletion.cohort_id == Cohort.id,
            LessonCompletion.person_id == person_id,
            LessonCompletion.lesson_id == Lesson.id,
        )
        .exists()
    )
    return (
        sa.select(
            Cohort.id,
            Cohort.name,
            Cohort.starts_on,
            Course.title.label("course_title"),
            Organisation.zone,
            Module.id.label("module_id"),
            Module.title.label("module_title"),
            Module.agenda,
            Module.opens_after_days,
            Module.requires_previous,
            Lesson.id.label("lesson_id"),
            Lesson.title.label("lesson_title"),
            Lesson.minutes,
            done.label("is_done"),
        )
        .join(Course, Course.id == Cohort.course_id)
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .join(Module, sa.and_(Module.course_id == Course.id, Module.hidden_at.is_(None)))
        .outerjoin(Lesson, sa.and_(Lesson.module_id == Module.id, Lesson.hidden_at.is_(None)))
        .where(Cohort.id.in_(cohort_ids))
        .order_by(
            Cohort.starts_on.desc(),
            Cohort.id,
            Module.position,
            Module.id,
            Lesson.position,
            Lesson.id,
        )
    )


def _modules(rows: Iterable[Any]) -> list[ModuleEntry]:
    """The modules of one course, from rows of module and lesson in their order."""
    found = []
    for _module, group in groupby(rows, key=lambda row: row.module_id):
        lessons = list(group)
        first = lessons[0]
        entries = tuple(
            LessonEntry(row.lesson_id, row.lesson_title, row.minutes, bool(row.is_done))
            for row in lessons
            if row.lesson_id is not None
        )
        found.append(
            ModuleEntry(
                first.module_id,
                first.module_title,
                first.agenda,
                first.opens_after_days,
                first.requires_previous,
                entries,
            )
        )
    return found


class Told(NamedTuple):
    """An announcement, as a list shows it."""

    id: int
    cohort_id: int
    title: str
    author: str
    published_at: datetime


def announcements_for(cohort_ids: Iterable[int], since: datetime, now: datetime) -> list[Told]:
    """The newest announcements of these cohorts whose moment has come, with their authors."""
    rows = _announcements.rows(cohort_ids=list(cohort_ids), since=since, now=now)
    return [Told(*row) for row in rows]


@prepared
def _announcements(cohort_ids, since, now):
    return (
        sa.select(
            Announcement.id,
            Announcement.cohort_id,
            Announcement.title,
            Person.name,
            Announcement.published_at,
        )
        .join(Cohort, Cohort.id == Announcement.cohort_id)
        .join(Person, Person.id == Announcement.author_id)
        .where(
            Announcement.cohort_id.in_(cohort_ids),
            Announcement.published_at > since,
            Announcement.published_at <= now,
            sa.or_(Cohort.closed_at.is_(None), Announcement.published_at <= Cohort.closed_at),
        )
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(MOST_ANNOUNCEMENTS)
    )
