"""Claims: who is at work on a submission version. A claim holds for three minutes and is made
longer by work; it stops nobody from writing, it tells who else does."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import UTCDateTime, action, db, is_postgresql
from portal.notices.actions import tell
from portal.people.models import Person
from portal.reviews.desks import Desk
from portal.reviews.models import Claim
from portal.reviews.queue import first_free
from portal.reviews.waiting import ALL, Filter, values_of
from portal.submissions.models import Submission
from portal.texts import Refused, lazy

LEASE = timedelta(minutes=3)
TRIES = 100


def _insert():
    return (postgresql if is_postgresql() else sqlite).insert(Claim)


def _unless_held(statement: Any, mentor_id: int, now: datetime) -> Any:
    """The insert, which takes an existing claim over only from its holder or when it has ended."""
    new = statement.excluded
    is_own = sa.and_(Claim.person_id == mentor_id, Claim.until > now)
    return statement.on_conflict_do_update(
        index_elements=["submission_id"],
        set_={
            "person_id": new.person_id,
            "since": sa.case((is_own, Claim.since), else_=new.since),
            "until": new.until,
        },
        where=sa.or_(Claim.person_id == mentor_id, Claim.until <= now),
    ).returning(Claim.submission_id)


@action
def claim(submission_id: int, mentor_id: int) -> bool:
    """Hold the submission version for three minutes from now, anew or longer, in one statement.
    False, and nothing is changed, while somebody else holds it."""
    now = clock.now()
    values = {
        "submission_id": submission_id,
        "person_id": mentor_id,
        "since": now,
        "until": now + LEASE,
    }
    statement = _unless_held(_insert().values(**values), mentor_id, now)
    return db.session.scalar(statement) is not None


@action
def claim_first(mentor_id: int, filter_: Filter = ALL) -> tuple[int, int] | None:
    """Hold the first submission version that waits and that nobody else holds: the ids of its
    cohort and itself, or None.

    One statement finds and claims it. Where somebody else got the same in between, it is asked
    again: they have it, so it is found no more.
    """
    for _turn in range(TRIES):
        now = clock.now()
        free = first_free(filter_).params(values_of(mentor_id, filter_, now))
        found = free.add_columns(
            sa.literal(mentor_id),
            sa.literal(now, UTCDateTime),
            sa.literal(now + LEASE, UTCDateTime),
        )
        statement = _insert().from_select(["submission_id", "person_id", "since", "until"], found)
        claimed = db.session.scalar(_unless_held(statement, mentor_id, now))
        if claimed is not None:
            place = sa.select(Submission.cohort_id, Submission.id).where(Submission.id == claimed)
            cohort_id, submission_id = db.session.execute(place).one()
            return cohort_id, submission_id
        if db.session.scalar(free) is None:
            return None
    return None


@action
def take_over(desk: Desk, mentor_id: int, *, holder_id: int, path: str) -> None:
    """Hold what ``holder_id`` holds, and tell them; what they saved stays as it is.

    Refuses, as a conflict, when it is no longer they who hold it.
    """
    now = clock.now()
    taken = db.session.scalar(
        sa.update(Claim)
        .where(Claim.submission_id == desk.submission.id, Claim.person_id == holder_id)
        .values(person_id=mentor_id, since=now, until=now + LEASE)
        .returning(Claim.submission_id)
    )
    if taken is None:
        raise Refused(lazy("Somebody else holds this now. Look who, then decide."), conflict=True)
    if holder_id != mentor_id:
        tell(
            holder_id,
            "claim_taken_over",
            f"claim:{desk.submission.id}:{now.isoformat()}",
            path,
            who=db.session.scalar(sa.select(Person.name).where(Person.id == mentor_id)),
            person=desk.person.name,
            assignment=desk.assignment.title,
        )


@action
def let_go(submission_id: int, mentor_id: int) -> None:
    """Hold it no longer, if it is this mentor who holds it."""
    db.session.execute(
        sa.delete(Claim).where(Claim.submission_id == submission_id, Claim.person_id == mentor_id)
    )


@action
def end(submission_id: int) -> None:
    """Nobody is at work on it any more: its review was released."""
    db.session.execute(sa.delete(Claim).where(Claim.submission_id == submission_id))


def holder_of(submission_id: int) -> int | None:
    """The id of who holds it now."""
    return db.session.scalar(
        sa.select(Claim.person_id).where(
            Claim.submission_id == submission_id, Claim.until > clock.now()
        )
    )
