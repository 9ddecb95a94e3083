"""What comes near in running cohorts: action items to be done, feedback that was promised."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.assignments.models import Assignment
from portal.cohorts.models import Enrolment, Mentorship
from portal.database import db
from portal.people.models import Person
from portal.reviews.models import ActionItem, ActionItemStep, Review
from portal.reviews.queries import released
from portal.reviews.waiting import owed
from portal.submissions.models import Submission


@dataclass(frozen=True)
class Item:
    """An action item that is open, and whose it is."""

    person_id: int
    cohort_id: int
    assignment_id: int
    title: str
    thread: str
    due_on: date
    state: str


def due_items(cohort_ids: list[int], first: date, last: date) -> list[Item]:
    """Released action items due on these days that nobody has settled, of people who take part."""
    last_step = (
        sa.select(ActionItemStep.state)
        .where(ActionItemStep.thread == ActionItem.thread)
        .order_by(ActionItemStep.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    newer = aliased(Review)
    is_corrected = (
        sa.select(newer.id)
        .where(
            newer.submission_id == Review.submission_id,
            newer.number > Review.number,
            released(newer),
        )
        .exists()
    )
    rows = db.session.execute(
        sa.select(
            Submission.person_id,
            Submission.cohort_id,
            Submission.assignment_id,
            Assignment.title,
            ActionItem.thread,
            ActionItem.due_on,
            sa.func.coalesce(last_step, "open"),
        )
        .join(Review, Review.id == ActionItem.review_id)
        .join(Submission, Submission.id == Review.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(
            Enrolment,
            sa.and_(
                Enrolment.cohort_id == Submission.cohort_id,
                Enrolment.person_id == Submission.person_id,
                Enrolment.role == "participant",
                Enrolment.left_at.is_(None),
            ),
        )
        .where(Submission.cohort_id.in_(cohort_ids), released(), ~is_corrected)
        .order_by(Submission.number, ActionItem.id)
    )
    # A thread in the wording and with the day of its newest release.
    newest = {row.thread: Item(*row) for row in rows}
    return [
        one
        for one in newest.values()
        if one.state in {"open", "reopened"} and one.due_on and first <= one.due_on <= last
    ]


@dataclass(frozen=True)
class Promise:
    """Feedback that a mentor owes by a moment."""

    mentor_id: int
    cohort_id: int
    submission_id: int
    title: str
    who: str
    feedback_by: datetime


def promises_until(cohort_ids: list[int], after: datetime, until: datetime) -> list[Promise]:
    """What waits for feedback that was promised between these moments, once for each mentor it
    waits for."""
    rows = db.session.execute(
        owed(
            Mentorship.mentor_id,
            Submission.cohort_id,
            Submission.id,
            Assignment.title,
            Person.name,
            Submission.feedback_by,
        )
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Person, Person.id == Submission.person_id)
        .where(
            Submission.cohort_id.in_(cohort_ids),
            Submission.feedback_by > after,
            Submission.feedback_by <= until,
        )
        .distinct()
        .order_by(Submission.id, Mentorship.mentor_id)
    )
    return [Promise(*row) for row in rows]
