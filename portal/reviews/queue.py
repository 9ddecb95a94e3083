"""What waits for a mentor: the selects behind the queue. They write nothing and claim nothing.

Each select is built once for each shape of the filter. A place is a keyset: promised day and id.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.assignments.models import Assignment, AssignmentCapacity
from portal.assignments.queries import reviewing
from portal.cohorts.models import Cohort, Enrolment, Mentorship
from portal.database import UTCDateTime, db
from portal.people.models import Person
from portal.reviews.models import Claim, Review
from portal.reviews.queries import enrolled, is_in_running_cohort, is_newest, mentors_in, released
from portal.submissions.models import Submission

PAGE = 50
STATES = ("new", "revised", "soon", "overdue")
SOON = timedelta(days=2)
WEEK = timedelta(days=7)
Place = tuple[datetime, int]
START: Place = (datetime(1970, 1, 1, tzinfo=UTC), 0)


@dataclass(frozen=True)
class Filter:
    """Which part of the queue somebody looks at; empty is all of it."""

    cohort_id: int | None = None
    assignment_id: int | None = None
    state: str | None = None

    @property
    def shape(self) -> tuple[bool, bool, str | None]:
        return self.cohort_id is not None, self.assignment_id is not None, self.state

    @property
    def narrows(self) -> bool:
        return self != ALL


ALL = Filter()


@dataclass(frozen=True)
class Waiting:
    """One submission version that waits for this mentor."""

    submission_id: int
    number: int
    received_at: datetime
    feedback_by: datetime
    punctuality: str
    person: Person
    cohort: Cohort
    assignment: Assignment
    begun_at: datetime | None
    holder_id: int | None = None
    holder: str | None = None

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


@functools.cache
def _mentor() -> sa.BindParameter[int]:
    return sa.bindparam("mentor_id", type_=sa.Integer)


@functools.cache
def _unreviewed() -> tuple[sa.ColumnElement[bool], ...]:
    release = aliased(Review)
    return (
        is_in_running_cohort(),
        ~(
            sa.select(release.id)
            .where(release.submission_id == Submission.id, release.released_at.is_not(None))
            .exists()
        ),
        is_newest(),
    )


@functools.cache
def _waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a submission version waits for the mentor named ``mentor_id``. It starts from their
    own mentorships, so that it costs what they have to do and not what the portal holds."""
    mentor_id = _mentor()
    mine = reviewing(
        Mentorship.cohort_id, Mentorship.participant_id, AssignmentCapacity.assignment_id
    ).where(
        Mentorship.mentor_id == mentor_id,
        Mentorship.participant_id != mentor_id,
        _is_in_cohort(mentor_id, "mentor"),
        _is_in_cohort(Mentorship.participant_id, "participant"),
    )
    return (
        sa.tuple_(Submission.cohort_id, Submission.person_id, Submission.assignment_id).in_(mine),
        *_unreviewed(),
    )


@functools.cache
def _waits() -> tuple[sa.ColumnElement[bool], ...]:
    """The same asked of one submission version after the other, for who walks along the queue and
    stops at the first: it costs the same whether three wait or 2,500."""
    mentor_id = _mentor()
    return (
        Submission.person_id != mentor_id,
        mentors_in(mentor_id).exists(),
        enrolled(mentor_id, "mentor"),
        enrolled(Submission.person_id, "participant"),
        *_unreviewed(),
    )


def _is_in_cohort(person_id, role: str) -> sa.ColumnElement[bool]:
    return (
        sa.select(Enrolment.id)
        .where(
            Enrolment.cohort_id == Mentorship.cohort_id,
            Enrolment.person_id == person_id,
            Enrolment.role == role,
            Enrolment.left_at.is_(None),
        )
        .exists()
    )


def _moment(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=UTCDateTime)


def _holds() -> sa.ColumnElement[bool]:
    """Whether a claim still holds at the moment ``now``."""
    return Claim.until > _moment("now")


def is_free() -> sa.ColumnElement[bool]:
    """Whether nobody but the mentor ``mentor_id`` holds the submission version."""
    return ~(
        sa.select(Claim.submission_id)
        .where(Claim.submission_id == Submission.id, Claim.person_id != _mentor(), _holds())
        .exists()
    )


def _within(shape: tuple[bool, bool, str | None]) -> list[sa.ColumnElement[bool]]:
    """Whether a submission version passes a filter of this shape."""
    has_cohort, has_assignment, state = shape
    now = _moment("now")
    found: list[sa.ColumnElement[bool]] = []
    if has_cohort:
        found.append(Submission.cohort_id == sa.bindparam("cohort_id", type_=sa.Integer))
    if has_assignment:
        found.append(Submission.assignment_id == sa.bindparam("assignment_id", type_=sa.Integer))
    if state == "new":
        found.append(Submission.number == 1)
    elif state == "revised":
        found.append(Submission.number > 1)
    elif state == "soon":
        found.append(Submission.feedback_by.between(now, _moment("soon")))
    elif state == "overdue":
        found.append(Submission.feedback_by < now)
    return found


def values_of(
    mentor_id: int, filter_: Filter, now: datetime, place: Place = START
) -> dict[str, Any]:
    """What the selects here are asked with."""
    return {
        "mentor_id": mentor_id,
        "cohort_id": filter_.cohort_id,
        "assignment_id": filter_.assignment_id,
        "now": now,
        "soon": now + SOON,
        "week": now + WEEK,
        "place_at": place[0],
        "place_id": place[1],
    }


def _key() -> sa.ColumnElement:
    return sa.tuple_(Submission.feedback_by, Submission.id)


def _place() -> sa.ColumnElement:
    return sa.tuple_(
        sa.bindparam("place_at", type_=UTCDateTime), sa.bindparam("place_id", type_=sa.Integer)
    )


def _onwards(statement: sa.Select) -> sa.Select:
    return statement.where(_key() > _place()).order_by(Submission.feedback_by, Submission.id)


def _backwards(statement: sa.Select) -> sa.Select:
    return statement.where(_key() < _place()).order_by(
        Submission.feedback_by.desc(), Submission.id.desc()
    )


def waiting_count(mentor_id: int) -> int:
    """How many submission versions wait for this mentor, over all cohorts."""
    return db.session.scalar(_count(), {"mentor_id": mentor_id}) or 0


@functools.cache
def _count() -> Any:
    return sa.select(sa.func.count(Submission.id)).where(*_waiting())


@functools.cache
def _queue(shape: tuple[bool, bool, str | None], is_back: bool, most: int) -> sa.Select:
    holder = aliased(Person)
    statement = (
        sa.select(Submission, Review.saved_at, Claim.person_id, holder.name)
        .select_from(Submission)
        .outerjoin(Review, sa.and_(Review.submission_id == Submission.id, ~released()))
        .outerjoin(Claim, sa.and_(Claim.submission_id == Submission.id, _holds()))
        .outerjoin(holder, holder.id == Claim.person_id)
        .where(*_waiting(), *_within(shape))
        .options(
            joinedload(Submission.person),
            joinedload(Submission.cohort),
            joinedload(Submission.assignment),
            sa.orm.defer(Submission.text),
        )
        .limit(most)
    )
    return _backwards(statement) if is_back else _onwards(statement)


@functools.cache
def _counts(shape: tuple[bool, bool, str | None]) -> sa.Select:
    """By cohort and assignment: all that waits, and of what passes the filter all, what is
    overdue, what stands before a place, and what has a review draft."""
    inside = sa.and_(sa.true(), *_within(shape))
    begun = sa.select(Review.id).where(Review.submission_id == Submission.id).exists()
    count = sa.func.count(Submission.id)
    now = _moment("now")
    return (
        sa.select(
            Cohort.id,
            Cohort.name,
            Assignment.id,
            Assignment.title,
            count,
            count.filter(inside),
            count.filter(inside, Submission.feedback_by < now),
            count.filter(inside, _key() < _place()),
            count.filter(inside, begun),
            count.filter(inside, Submission.feedback_by.between(now, _moment("soon"))),
            count.filter(
                inside,
                Submission.feedback_by > _moment("soon"),
                Submission.feedback_by <= _moment("week"),
            ),
        )
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(*_waiting())
        .group_by(Cohort.id, Cohort.name, Assignment.id, Assignment.title)
    )


def waiting_ids(filter_: Filter) -> sa.Select:
    """The ids of all that waits and passes the filter, in the order of the queue; asked with
    ``values_of``."""
    return (
        sa.select(Submission.id)
        .where(*_waiting(), *_within(filter_.shape))
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
) -> Queue:
    """A page of the queue: the earliest promise first, so what is overdue stands on top.

    ``after`` and ``before`` are places in it (keyset); two queries, however long it is.
    """
    values = values_of(mentor_id, filter_, now, before or after or START)
    rows = [
        Waiting(
            one.id,
            one.number,
            one.received_at,
            one.feedback_by,
            one.punctuality,
            one.person,
            one.cohort,
            one.assignment,
            begun_at,
            holder_id,
            holder,
        )
        for one, begun_at, holder_id, holder in db.session.execute(
            _queue(filter_.shape, before is not None, most), values
        )
    ]
    if before is not None:
        rows.reverse()
    counted = db.session.execute(
        _counts(filter_.shape),
        values_of(mentor_id, filter_, now, rows[0].place if rows else START),
    ).all()
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


def _named(names: dict[int, str]) -> list[tuple[int, str]]:
    return sorted(names.items(), key=lambda one: (one[1].casefold(), one[0]))


@functools.cache
def _neighbours(shape: tuple[bool, bool, str | None], only_free: bool) -> sa.CompoundSelect:
    free = [is_free()] if only_free else []

    def one(side: str, walk) -> sa.Select:
        found = (
            sa.select(Submission.cohort_id, Submission.id)
            .where(*_waits(), *_within(shape), *free)
            .limit(1)
        )
        part = walk(found).subquery(side)
        return sa.select(sa.literal(side).label("side"), part.c.cohort_id, part.c.id)

    return sa.union_all(one("following", _onwards), one("previous", _backwards))


def neighbours(
    mentor_id: int, place: Place, *, now: datetime, filter_: Filter = ALL, only_free: bool = False
) -> Neighbours:
    """What stands before and after a place in the queue, which need not be in it. One query.

    ``only_free`` passes over what somebody else is at work on.
    """
    found = db.session.execute(
        _neighbours(filter_.shape, only_free), values_of(mentor_id, filter_, now, place)
    ).all()
    return Neighbours(**{side: (cohort_id, id_) for side, cohort_id, id_ in found})


def first_free(filter_: Filter) -> sa.Select:
    """The id of the first that waits and that nobody else holds, asked with ``values_of``. Its row
    stays locked until the commit, and rows that others have locked are passed over."""
    return (
        sa.select(Submission.id)
        .where(*_waits(), *_within(filter_.shape), is_free())
        .order_by(Submission.feedback_by, Submission.id)
        .limit(1)
        .with_for_update(of=Submission, skip_locked=True, key_share=True)
    )
