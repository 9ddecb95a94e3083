"""How soon each mentor of a cohort answers, against what was promised. Read-only."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa

from portal.cohorts.models import Enrolment, Mentorship
from portal.people.models import Person
from portal.reviews.models import Review
from portal.reviews.queries import released
from portal.reviews.waiting import owed
from portal.selects import prepared
from portal.submissions.models import Submission

DAY = timedelta(days=1)


@dataclass
class Turnaround:
    """One mentor: the times from hand-in to first feedback, and what waits for them now."""

    person_id: int
    name: str
    taken: list[timedelta] = field(default_factory=list)
    late: int = 0
    waiting: int = 0
    overdue: int = 0
    oldest: datetime | None = None

    @property
    def median_days(self) -> float | None:
        """The median time, in days; None while nothing was released."""
        return median(one / DAY for one in self.taken) if self.taken else None

    @property
    def in_time(self) -> int:
        return len(self.taken) - self.late


def turnaround_in(cohort_id: int, now: datetime) -> list[Turnaround]:
    """Every mentor of the cohort, the longest median first, then who is most overdue. What several
    mentors may review waits for each of them. Three queries."""
    found = {
        person_id: Turnaround(person_id, name)
        for person_id, name in _mentors.rows(cohort_id=cohort_id)
    }
    for person_id, name, received_at, released_at, feedback_by in _released.rows(
        cohort_id=cohort_id
    ):
        one = found.setdefault(person_id, Turnaround(person_id, name))
        one.taken.append(released_at - received_at)
        one.late += released_at > feedback_by
    for person_id, waiting, overdue, oldest in _waiting.rows(cohort_id=cohort_id, now=now):
        if person_id in found:
            one = found[person_id]
            one.waiting, one.overdue, one.oldest = waiting, overdue, oldest
    return sorted(found.values(), key=lambda one: (-(one.median_days or 0), -one.overdue, one.name))


@prepared
def _mentors(cohort_id):
    return (
        sa.select(Person.id, Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.role == "mentor",
            Enrolment.left_at.is_(None),
        )
        .order_by(Person.sort_name, Person.id)
    )


@prepared
def _released(cohort_id):
    """The first feedback on each submission version, by whom and when."""
    return (
        sa.select(
            Person.id,
            Person.name,
            Submission.received_at,
            Review.released_at,
            Submission.feedback_by,
        )
        .join(Submission, Submission.id == Review.submission_id)
        .join(Person, Person.id == Review.released_by_id)
        .where(Submission.cohort_id == cohort_id, Review.number == 1, released())
        .order_by(Review.id)
    )


@prepared
def _waiting(cohort_id, now):
    each = (
        owed(
            Mentorship.mentor_id,
            Submission.id,
            Submission.received_at,
            Submission.feedback_by,
        )
        .where(Submission.cohort_id == cohort_id)
        .distinct()
        .subquery()
    )
    count = sa.func.count()
    return sa.select(
        each.c.mentor_id,
        count,
        count.filter(each.c.feedback_by < now),
        sa.func.min(each.c.received_at),
    ).group_by(each.c.mentor_id)
