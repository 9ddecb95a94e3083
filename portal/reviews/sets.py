"""Releasing several reviews at once, and taking them back before anybody saw them.

The moment stored with each review decides when it is seen; no job makes it visible. The job only
tells the participant once the moment has come, and does nothing where it was taken back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from portal import clock
from portal.cohorts.models import Capacity, Mentorship
from portal.cohorts.queries import stays_open
from portal.database import action, db, locked
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.reviews.actions import present_of
from portal.reviews.basis import Basis
from portal.reviews.desks import Desk
from portal.reviews.models import ReleaseSet, Review
from portal.reviews.queries import is_marked, sheet_at
from portal.reviews.queue import waiting_ids
from portal.reviews.releasing import ready, write_release
from portal.reviews.waiting import Filter, values_of
from portal.rubrics.rules import Criterion
from portal.selects import prepared
from portal.submissions.models import Submission
from portal.texts import Refused, lazy

UNDO = timedelta(minutes=10)
MARGIN = timedelta(seconds=10)
"""Between the last moment to take a set back and the moment it is seen, so that a commit that
takes its time cannot fall on the wrong side."""
TELL = "reviews.tell_release"
MOST = 50


@dataclass(frozen=True)
class Pending:
    """A set that can still be taken back, with how many reviews are in it."""

    id: int
    until: datetime
    due_at: datetime
    count: int


@action
def add(
    made: ReleaseSet | None,
    mentor_id: int,
    desk: Desk,
    criteria: Sequence[Criterion],
    *,
    seen: Basis,
    path: str,
) -> ReleaseSet:
    """Put one review into the set, which the first begins, as it was previewed; Refused with the
    reason when it is not whole, or what was ``seen`` is no longer so."""
    if not stays_open(desk.submission.cohort_id):
        raise Refused(lazy("This cohort was closed meanwhile."), conflict=True)
    present = present_of(desk.submission.id, hold=True)
    if present.draft is not None and present.draft.is_on_its_way:
        raise Refused(lazy("It is being released already."), conflict=True)
    review = ready(desk, present, criteria, seen)
    made = made or _begun(mentor_id)
    write_release(
        desk,
        review,
        present.sheet,
        criteria,
        mentor_id,
        at=made.due_at,
        release_set_id=made.id,
    )
    enqueue(
        TELL,
        {"review_id": review.id, "release_set_id": made.id, "path": path},
        key=f"{TELL}:{made.id}:{review.id}",
        due_at=made.due_at,
    )
    return made


def _begun(mentor_id: int) -> ReleaseSet:
    """A set whose reviews are seen in ten minutes."""
    now = clock.now()
    made = ReleaseSet(person_id=mentor_id, made_at=now, due_at=now + UNDO + MARGIN)
    db.session.add(made)
    db.session.flush()
    return made


@action
def take_back(made: ReleaseSet, by: int) -> int:
    """Make the reviews of a set the drafts they were; how many. Refused when the time is over."""
    if clock.now() >= made.due_at - MARGIN:
        raise Refused(lazy("The ten minutes are over: it has been released."), conflict=True)
    reviews = db.session.scalars(
        locked(sa.select(Review).where(Review.release_set_id == made.id).order_by(Review.id))
    ).all()
    for review in reviews:
        _restore(review, by)
    return len(reviews)


@action
def take_back_one(submission_id: int, by: int) -> None:
    """The same for one review of a set."""
    present = present_of(submission_id, hold=True)
    review = present.draft
    if review is None or not review.is_on_its_way or review.released_at is None:
        raise Refused(lazy("The ten minutes are over: it has been released."), conflict=True)
    if clock.now() >= review.released_at - MARGIN:
        raise Refused(lazy("The ten minutes are over: it has been released."), conflict=True)
    _restore(review, by)


def _restore(review: Review, by: int) -> None:
    """What the release wrote is unwritten; the day of a revision is as the mentor had typed it."""
    saved = sheet_at(review.id, review.revision)
    review.revise_by = saved.revise_by if saved else review.revise_by
    review.mark = review.released_at = review.released_by_id = review.release_set_id = None
    record("reviews.take_back", review, by=by, submission_id=review.submission_id)
    db.session.flush()


def set_of(person_id: int, release_set_id: int) -> ReleaseSet | None:
    """A set that this person released, held until the commit."""
    return db.session.scalar(
        locked(
            sa.select(ReleaseSet).where(
                ReleaseSet.id == release_set_id, ReleaseSet.person_id == person_id
            )
        )
    )


def pending_of(person_id: int) -> list[Pending]:
    """The sets this person can still take back, oldest first. One query."""
    rows = _pending.rows(person_id=person_id, now=clock.now())
    return [Pending(id_, due_at - MARGIN, due_at, count) for id_, due_at, count in rows]


@prepared
def _pending(person_id, now):
    return (
        sa.select(ReleaseSet.id, ReleaseSet.due_at, sa.func.count(Review.id))
        .join(Review, Review.release_set_id == ReleaseSet.id)
        .where(ReleaseSet.person_id == person_id, ReleaseSet.due_at > now)
        .group_by(ReleaseSet.id, ReleaseSet.due_at)
        .order_by(ReleaseSet.id)
    )


def review_to_tell(review_id: int, release_set_id: int) -> Review | None:
    """The review, if it was released with this set and the moment has come."""
    review = db.session.scalar(
        sa.select(Review)
        .where(Review.id == review_id, Review.release_set_id == release_set_id)
        .options(joinedload(Review.submission).joinedload(Submission.assignment))
    )
    return review if review is not None and review.is_released_at(clock.now()) else None


def drafts_to_release(mentor_id: int, filter_: Filter) -> list[tuple[Desk, Review]]:
    """The review drafts on what waits for this mentor, in the order of their queue, at most
    ``MOST``. One query."""
    statement = (
        waiting_ids(filter_)
        .join(Review, sa.and_(Review.submission_id == Submission.id, Review.released_at.is_(None)))
        .with_only_columns(Submission, Review, is_marked())
        .options(
            joinedload(Submission.person),
            joinedload(Submission.cohort),
            joinedload(Submission.assignment),
            defer(Submission.text),
        )
        .limit(MOST)
    )
    rows = db.session.execute(statement, values_of(mentor_id, filter_, clock.now()))
    return [
        (
            Desk(
                submission,
                submission.assignment,
                submission.person,
                may_mark=False,
                is_marked=bool(marked) and submission.rubric_version_id is not None,
                newest_number=submission.number,
            ),
            review,
        )
        for submission, review, marked in rows
    ]


Places = Iterable[tuple[int, int]]


def capacities_for(places: Places) -> Callable[[int, int], dict[int, list[Capacity]]]:
    """In what capacities each mentor serves or served these participants: asked by the ids of
    cohort and participant, it gives the capacities by the mentor's id. One query."""
    found: dict[tuple[int, int], dict[int, list[Capacity]]] = {place: {} for place in places}
    rows = db.session.execute(
        *_capacities(
            cohort_ids=sorted({one for one, _ in found}),
            participant_ids=sorted({one for _, one in found}),
        )
    )
    for cohort_id, participant_id, mentor_id, capacity in rows:
        here = found.get((cohort_id, participant_id))
        if here is not None and capacity not in here.setdefault(mentor_id, []):
            here[mentor_id].append(capacity)
    return lambda cohort_id, participant_id: found.get((cohort_id, participant_id), {})


@prepared
def _capacities(cohort_ids, participant_ids):
    return (
        sa.select(Mentorship.cohort_id, Mentorship.participant_id, Mentorship.mentor_id, Capacity)
        .join(Capacity, Capacity.id == Mentorship.capacity_id)
        .where(Mentorship.cohort_id.in_(cohort_ids), Mentorship.participant_id.in_(participant_ids))
        .order_by(Capacity.position)
    )
