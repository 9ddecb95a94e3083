"""What waits for a mentor: the selects behind the queue. They write nothing and claim nothing.

Each select is built once for each shape of the filter.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.assignments.models import Assignment
from portal.cohorts.models import Cohort, Mentorship
from portal.database import db
from portal.people.models import Person
from portal.reviews.models import Claim, HandOver, Review
from portal.reviews.queries import handed, is_of_the_work, released, stands_in
from portal.reviews.waiting import (
    ALL,
    SOON,
    START,
    WEEK,
    Filter,
    Place,
    backwards,
    claim_holds,
    is_free,
    is_unanswered,
    is_waiting,
    is_waiting_one_by_one,
    key,
    moment,
    onwards,
    the_mentor,
    the_place,
    values_of,
    within,
    works,
)
from portal.selects import rows_of
from portal.submissions.models import Submission

PAGE = 50


class Named(NamedTuple):
    """A person or a cohort."""

    id: int
    name: str


class Task(NamedTuple):
    """An assignment, with what its open items follow by."""

    id: int
    title: str
    thread: str
    course_id: int
    position: int


class Waiting(NamedTuple):
    """One submission version that waits for this mentor."""

    submission_id: int
    number: int
    received_at: datetime
    feedback_by: datetime
    punctuality: str
    person: Named
    cohort: Named
    assignment: Task
    begun_at: datetime | None
    holder_id: int | None = None
    holder: str | None = None
    absent: str | None = None
    until: datetime | None = None
    """For whom the mentor only stands in, and until when."""
    giver: str | None = None
    """Who handed it over to the mentor."""

    @property
    def place(self) -> Place:
        return self.feedback_by, self.submission_id


@dataclass(frozen=True)
class Queue:
    """A page of what waits, and where it lies in the whole.

    ``total``, ``overdue``, ``soon`` and ``this_week`` (promised within two days, within seven),
    ``before`` and ``begun`` (with a review draft) count within the filter, ``everything`` does
    not; ``cohorts`` and ``assignments`` are what something waits in: (id, name), by name.
    """

    rows: Sequence[Waiting]
    total: int
    overdue: int
    before: int
    begun: int
    soon: int
    this_week: int
    everything: int
    cohorts: Sequence[tuple[int, str]] = field(default_factory=list)
    assignments: Sequence[tuple[int, str]] = field(default_factory=list)

    @property
    def later(self) -> int:
        """How many are promised later than within seven days."""
        return self.total - self.overdue - self.soon - self.this_week

    @property
    def has_more(self) -> bool:
        return self.before + len(self.rows) < self.total


@dataclass(frozen=True)
class Neighbours:
    """The addresses before and after a place in the queue: (cohort id, submission id) or None."""

    previous: tuple[int, int] | None = None
    following: tuple[int, int] | None = None


def waiting_count(mentor_id: int) -> int:
    """How many submission versions wait for this mentor, over all cohorts."""
    return db.session.scalar(_count(), {"mentor_id": mentor_id}) or 0


@functools.cache
def _count() -> Any:
    return sa.select(sa.func.count(Submission.id)).where(*is_waiting())


@functools.cache
def _queue(
    shape: tuple[bool, bool, str | None], is_back: bool, has_only: bool, most: int
) -> sa.Select:
    """The page is found first, so that what stands beside it is looked up for its rows alone."""
    person, absent = aliased(Person), aliased(Person)
    walk = backwards if is_back else onwards
    holder = sa.select(Person.name).where(Person.id == Claim.person_id)
    wanted = (
        works(Submission.id, *stands_in(absent))
        .join(Submission, is_of_the_work())
        .outerjoin(absent, absent.id == Mentorship.stands_in_for_id)
        .where(*is_unanswered(), *within(shape))
        .group_by(Submission.id)
    )
    if has_only:
        wanted = wanted.where(Submission.id == sa.bindparam("only", type_=sa.Integer))
    page = walk(wanted).limit(most).subquery("page")
    return walk(
        sa.select(
            Submission.id,
            Submission.number,
            Submission.received_at,
            Submission.feedback_by,
            Submission.punctuality,
            person.id,
            person.name,
            Cohort.id,
            Cohort.name,
            Assignment.id,
            Assignment.title,
            Assignment.thread,
            Assignment.course_id,
            Assignment.position,
            Review.saved_at,
            Claim.person_id,
            holder.scalar_subquery(),
            page.c.absent,
            page.c.until,
            handed(the_mentor(), HandOver.to_id, HandOver.from_id),
        )
        .select_from(page)
        .join(Submission, Submission.id == page.c.id)
        .join(person, person.id == Submission.person_id)
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .outerjoin(Review, sa.and_(Review.submission_id == Submission.id, ~released()))
        .outerjoin(Claim, sa.and_(Claim.submission_id == Submission.id, claim_holds()))
    )


@functools.cache
def _counts(shape: tuple[bool, bool, str | None]) -> sa.Select:
    """By cohort and assignment: all that waits, and of what passes the filter all, what is
    overdue, what stands before a place, and what has a review draft."""
    inside = sa.and_(sa.true(), *within(shape))
    begun = sa.select(Review.id).where(Review.submission_id == Submission.id).exists()
    count = sa.func.count(Submission.id)
    now = moment("now")
    return (
        sa.select(
            Cohort.id,
            Cohort.name,
            Assignment.id,
            Assignment.title,
            count,
            count.filter(inside),
            count.filter(inside, Submission.feedback_by < now),
            count.filter(inside, key() < the_place()),
            count.filter(inside, begun),
            count.filter(inside, Submission.feedback_by.between(now, moment("soon"))),
            count.filter(
                inside,
                Submission.feedback_by > moment("soon"),
                Submission.feedback_by <= moment("week"),
            ),
        )
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(*is_waiting())
        .group_by(Cohort.id, Cohort.name, Assignment.id, Assignment.title)
    )


def waiting_ids(filter_: Filter) -> sa.Select:
    """The ids of all that waits and passes the filter, in the order of the queue; asked with
    ``values_of``."""
    return (
        sa.select(Submission.id)
        .where(*is_waiting(), *within(filter_.shape))
        .order_by(Submission.feedback_by, Submission.id)
    )


def waiting_for(
    mentor_id: int,
    *,
    now: datetime,
    filter_: Filter = ALL,
    after: Place | None = None,
    before: Place | None = None,
    most: int = PAGE,
    only: int | None = None,
) -> Queue:
    """A page of the queue: the earliest promise first, so what is overdue stands on top.

    ``after`` and ``before`` are places in it (keyset), ``only`` names the one row that is wanted.
    One query when all that waits fits on the page, else two, however long it is.
    """
    is_first = not filter_.narrows and after is None and before is None and only is None
    found = rows_of(
        _queue(filter_.shape, before is not None, only is not None, most + is_first),
        {**values_of(mentor_id, filter_, now, before or after or START), "only": only},
    )
    rows = [
        Waiting(
            one.id,
            one.number,
            one.received_at,
            one.feedback_by,
            one.punctuality,
            Named(*one[5:7]),
            Named(*one[7:9]),
            Task(*one[9:14]),
            *one[14:],
        )
        for one in found
    ]
    if is_first and len(rows) <= most:
        return _whole(rows, now)
    rows = rows[:most]
    if before is not None:
        rows.reverse()
    counted = rows_of(
        _counts(filter_.shape),
        values_of(mentor_id, filter_, now, rows[0].place if rows else START),
    )
    return Queue(
        rows,
        total=sum(one[5] for one in counted),
        overdue=sum(one[6] for one in counted),
        before=sum(one[7] for one in counted),
        begun=sum(one[8] for one in counted),
        soon=sum(one[9] for one in counted),
        this_week=sum(one[10] for one in counted),
        everything=sum(one[4] for one in counted),
        cohorts=_named({one[0]: one[1] for one in counted}),
        assignments=_named({one[2]: one[3] for one in counted}),
    )


def _whole(rows: list[Waiting], now: datetime) -> Queue:
    """The queue when these rows are all that waits: counted here, not by the database."""
    promised = [one.feedback_by for one in rows]
    soon, week = now + SOON, now + WEEK
    return Queue(
        rows,
        total=len(rows),
        overdue=sum(one < now for one in promised),
        before=0,
        begun=sum(one.begun_at is not None for one in rows),
        soon=sum(now <= one <= soon for one in promised),
        this_week=sum(soon < one <= week for one in promised),
        everything=len(rows),
        cohorts=_named({one.cohort.id: one.cohort.name for one in rows}),
        assignments=_named({one.assignment.id: one.assignment.title for one in rows}),
    )


def _named(names: dict[int, str]) -> list[tuple[int, str]]:
    return sorted(names.items(), key=lambda one: (one[1].casefold(), one[0]))


@functools.cache
def _neighbours(shape: tuple[bool, bool, str | None], only_free: bool) -> sa.CompoundSelect:
    free = [is_free()] if only_free else []

    def one(side: str, walk) -> sa.Select:
        found = (
            sa.select(Submission.cohort_id, Submission.id)
            .where(*is_waiting_one_by_one(), *within(shape), *free)
            .limit(1)
        )
        part = walk(found).subquery(side)
        return sa.select(sa.literal(side).label("side"), part.c.cohort_id, part.c.id)

    return sa.union_all(one("following", onwards), one("previous", backwards))


def neighbours(
    mentor_id: int, place: Place, *, now: datetime, filter_: Filter = ALL, only_free: bool = False
) -> Neighbours:
    """What stands before and after a place in the queue, which need not be in it. One query.

    ``only_free`` passes over what somebody else is at work on.
    """
    found = rows_of(
        _neighbours(filter_.shape, only_free), values_of(mentor_id, filter_, now, place)
    )
    return Neighbours(**{side: (cohort_id, id_) for side, cohort_id, id_ in found})


def first_free(filter_: Filter) -> sa.Select:
    """The id of the first that waits and that nobody else holds, asked with ``values_of``. Its row
    stays locked until the commit, and rows that others have locked are passed over."""
    return (
        sa.select(Submission.id)
        .where(*is_waiting_one_by_one(), *within(filter_.shape), is_free())
        .order_by(Submission.feedback_by, Submission.id)
        .limit(1)
        .with_for_update(of=Submission, skip_locked=True, key_share=True)
    )
