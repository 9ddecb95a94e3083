"""What an administrator finds at home: their cohorts, and what needs attention in each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from portal.assignments.models import ExtensionRequest, Schedule
from portal.assignments.outages import NEWS, proposals_in
from portal.cohorts.lists import administers
from portal.cohorts.models import Cohort, Enrolment, Mentorship, Organisation
from portal.courses.models import Course
from portal.outages.models import Outage
from portal.people.models import Person
from portal.reviews.models import Review
from portal.reviews.queries import is_newest, released
from portal.selects import prepared
from portal.submissions.models import Submission


@dataclass(frozen=True)
class Overview:
    """A cohort with the counts that an administrator watches."""

    cohort_id: int
    name: str
    starts_on: date
    ends_on: date
    organisation: str
    course: str
    participants: int
    overdue: int
    requests: int
    not_entered: int
    alone: int
    outages: int = 0

    @property
    def attention(self) -> list[tuple[str, int]]:
        """At most three things that need somebody, the most pressing first."""
        things = (
            ("nobody", int(not self.participants)),
            ("outages", self.outages),
            ("overdue", self.overdue),
            ("requests", self.requests),
            ("alone", self.alone),
            ("not_entered", self.not_entered),
        )
        return [(name, count) for name, count in things if count][:3]


def _enrolled(*conditions: sa.ColumnElement[bool]) -> sa.Select:
    return sa.select(sa.func.count(sa.distinct(Enrolment.person_id))).where(
        Enrolment.cohort_id == Cohort.id, Enrolment.left_at.is_(None), *conditions
    )


def overviews_for(person_id: int, now: datetime) -> list[Overview]:
    """The running cohorts that the person administers, by organisation. One query, and those of
    what outages propose when there was one lately."""
    rows = _overviews.rows(person_id=person_id, now=now, lately=now - NEWS)
    found = [Overview(*row) for *row, _had_outage in rows]
    if not any(row.had_outage for row in rows):
        return found
    proposed = proposals_in([one.cohort_id for one in found])
    return [replace(one, outages=len(proposed.get(one.cohort_id, ()))) for one in found]


@prepared
def _overviews(person_id, now, lately):
    is_participant = Enrolment.role == "participant"
    mentored = sa.exists().where(
        Mentorship.cohort_id == Enrolment.cohort_id,
        Mentorship.participant_id == Enrolment.person_id,
        Mentorship.ended_at.is_(None),
    )
    not_entered = _enrolled(
        Person.first_entered_at.is_(None), Person.deactivated_at.is_(None)
    ).join(Person, Person.id == Enrolment.person_id)
    answered = (
        sa.select(Review.id).where(Review.submission_id == Submission.id, released()).exists()
    )
    overdue = sa.select(sa.func.count(Submission.id)).where(
        Submission.cohort_id == Cohort.id, Submission.feedback_by < now, is_newest(), ~answered
    )
    requests = (
        sa.select(sa.func.count(ExtensionRequest.id))
        .join(Schedule, Schedule.id == ExtensionRequest.schedule_id)
        .where(Schedule.cohort_id == Cohort.id, ExtensionRequest.answered_at.is_(None))
    )
    return (
        sa.select(
            Cohort.id,
            Cohort.name,
            Cohort.starts_on,
            Cohort.ends_on,
            Organisation.name,
            Course.title,
            _enrolled(is_participant).scalar_subquery(),
            overdue.scalar_subquery(),
            requests.scalar_subquery(),
            not_entered.scalar_subquery(),
            _enrolled(is_participant, ~mentored).scalar_subquery(),
            sa.exists().where(Outage.ended_at > lately).label("had_outage"),
        )
        .join(Organisation, Organisation.id == Cohort.organisation_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(administers(person_id), Cohort.closed_at.is_(None))
        .order_by(Organisation.name, Organisation.id, Cohort.starts_on.desc(), Cohort.id)
    )


def by_organisation(overviews: Iterable[Overview]) -> dict[str, list[Overview]]:
    found: dict[str, list[Overview]] = {}
    for one in overviews:
        found.setdefault(one.organisation, []).append(one)
    return found
