"""Every select on meetings and calendar feeds, and what a person's calendar holds."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.assignments.given import extensions_by, select_extensions
from portal.assignments.models import Assignment, Extension, Schedule
from portal.assignments.queries import CohortDeadlines, Task
from portal.calendars.models import CalendarFeed, Meeting
from portal.cohorts.models import Cohort, Enrolment
from portal.database import db, locked
from portal.people.models import Person
from portal.people.tokens import hash_of
from portal.reviews.models import Review
from portal.reviews.queries import released
from portal.selects import prepared
from portal.submissions.models import Submission


def meetings_in(cohort_id: int) -> list[Meeting]:
    """The cohort's meetings in order of time."""
    return list(db.session.scalars(*_meetings(cohort_id=cohort_id)))


@prepared
def _meetings(cohort_id: Any) -> sa.Select[Any]:
    return (
        sa.select(Meeting)
        .where(Meeting.cohort_id == cohort_id)
        .order_by(Meeting.starts_at, Meeting.id)
    )


def meeting_in(cohort_id: int, meeting_id: int) -> Meeting | None:
    return db.session.scalar(
        sa.select(Meeting).where(Meeting.cohort_id == cohort_id, Meeting.id == meeting_id)
    )


def meeting_to_change(meeting: Meeting) -> Meeting | None:
    """The meeting as it is now, held until the commit; None when somebody removed it."""
    return db.session.scalar(
        locked(sa.select(Meeting).where(Meeting.id == meeting.id)).execution_options(
            populate_existing=True
        )
    )


def member_ids_in(cohort_id: int) -> list[int]:
    """Everybody in the cohort now, participants and mentors."""
    return list(
        db.session.scalars(
            sa.select(Enrolment.person_id)
            .where(Enrolment.cohort_id == cohort_id, Enrolment.left_at.is_(None))
            .distinct()
            .order_by(Enrolment.person_id)
        )
    )


def current_feed_of(person_id: int) -> CalendarFeed | None:
    return db.session.scalar(
        sa.select(CalendarFeed).where(
            CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None)
        )
    )


def person_of_feed(token: str) -> Person | None:
    """Whose calendar stands at this secret address, if it still does."""
    return db.session.scalar(
        sa.select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(
            CalendarFeed.token_hash == hash_of(token),
            CalendarFeed.revoked_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )


@dataclass(frozen=True)
class PersonalCalendar:
    """The meetings of a person's cohorts, and their own deadlines."""

    meetings: list[Meeting]
    tasks: list[Task]
    names: dict[int, str]


def _mine(person_id: Any, role: str | None = None) -> sa.Select[Any]:
    statement = sa.select(Enrolment.cohort_id).where(
        Enrolment.person_id == person_id, Enrolment.left_at.is_(None)
    )
    return statement if role is None else statement.where(Enrolment.role == role)


@prepared
def _extensions(person_id):
    return select_extensions().where(
        Schedule.cohort_id.in_(_mine(person_id, "participant")),
        sa.or_(Extension.person_id.is_(None), Extension.person_id == person_id),
    )


def calendar_of(person_id: int) -> PersonalCalendar:
    """Over all cohorts the person belongs to now, in five queries however many they are."""
    meetings = db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.cohort_id.in_(_mine(person_id)))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    places = db.session.execute(
        sa.select(Cohort.id, Cohort.name).where(Cohort.id.in_(_mine(person_id)))
    )
    names = {one.id: one.name for one in places}
    mine = _mine(person_id, "participant")
    schedules: dict[int, list[Schedule]] = defaultdict(list)
    for one in db.session.scalars(
        sa.select(Schedule)
        .join(Schedule.assignment)
        .where(Schedule.cohort_id.in_(mine), Assignment.hidden_at.is_(None))
        .options(contains_eager(Schedule.assignment))
        .order_by(Schedule.due_at, Schedule.id)
    ):
        schedules[one.cohort_id].append(one)
    extensions = extensions_by(_extensions, person_id=person_id)
    revisions = _revisions_of(person_id)
    tasks = []
    for cohort_id, its in schedules.items():
        asked = {
            (person_id, assignment_id): day
            for (place, assignment_id), day in revisions.items()
            if place == cohort_id
        }
        given = [one for one in extensions if one.cohort_id == cohort_id]
        deadlines = CohortDeadlines(its, given, asked)
        tasks += [Task(one, deadlines.of(person_id, one.assignment_id)) for one in its]
    return PersonalCalendar(list(meetings), tasks, names)


def _revisions_of(person_id: int) -> dict[tuple[int, int], datetime]:
    """(cohort id, assignment id) → by when the newest released review asks for a new version."""
    rows = db.session.execute(
        sa.select(Submission.cohort_id, Submission.assignment_id, Review.decision, Review.revise_by)
        .join(Review, Review.submission_id == Submission.id)
        .where(Submission.person_id == person_id, released())
        .order_by(Submission.number, Review.number)
    )
    newest = {(one.cohort_id, one.assignment_id): one for one in rows}
    return {
        key: one.revise_by
        for key, one in newest.items()
        if one.decision == "revise" and one.revise_by is not None
    }
