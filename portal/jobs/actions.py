"""Enqueue a job, and a worker's four acts: claim, finish, fail, forget."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql
from portal.jobs import nudges
from portal.jobs.handlers import Handler, handler_of
from portal.jobs.models import ERROR_CHARACTERS, Job
from portal.jobs.queries import is_free, is_open
from portal.jobs.rules import wait_after

KEPT = timedelta(days=30)


class LeaseLost(Exception):
    """The job took longer than its lease and is in other hands."""


@dataclass(frozen=True)
class Claim:
    """A job in this worker's hands until ``lease_until``."""

    id: int
    kind: str
    payload: dict[str, Any]
    tries: int
    lease_until: datetime


def enqueue(
    kind: str,
    payload: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Have a job done after this transaction has been committed, at ``due_at`` or at once.

    With a ``key`` that has been used before nothing happens. It is one statement and refuses
    nothing, so it needs no savepoint of its own.
    """
    handler_of(kind)
    now = clock.now()
    dialect = postgresql if is_postgresql() else sqlite
    row = dialect.insert(Job).values(
        kind=kind,
        key=key,
        payload=payload or {},
        created_at=now,
        due_at=due_at or now,
        tries=0,
        last_error="",
    )
    job_id = db.session.scalar(row.on_conflict_do_nothing(index_elements=["key"]).returning(Job.id))
    if job_id is not None and (due_at is None or due_at <= now):
        nudges.after_commit(db.session(), job_id)


@action
def claim(job_id: int, handler: Handler) -> Claim | None:
    """Take the job for as long as its lease; None when it is done, not due, or taken.

    One statement decides, so of several workers one gets it.
    """
    now = clock.now()
    row = db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, is_free(now))
        .values(lease_until=now + handler.lease, tries=Job.tries + 1)
        .returning(Job.id, Job.kind, Job.payload, Job.tries, Job.lease_until)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claim(*row) if row else None


@action
def finish(held: Claim) -> None:
    """Mark the job done; raises LeaseLost when another worker may have it by now."""
    _settle(held, done_at=clock.now())


@action
def fail(held: Claim, handler: Handler, error: str, *, is_final: bool = False) -> None:
    """Have the job tried again later, or give it up: after its last try, or when this failure
    ``is_final``. The row keeps why."""
    now = clock.now()
    if is_final or held.tries >= handler.most_tries:
        _settle(held, failed_at=now, last_error=error[-ERROR_CHARACTERS:])
    else:
        due_at = now + wait_after(held.tries)
        _settle(held, due_at=due_at, last_error=error[-ERROR_CHARACTERS:])


def _settle(held: Claim, **values: object) -> None:
    changed = db.session.execute(
        sa.update(Job)
        .where(Job.id == held.id, is_open, Job.lease_until == held.lease_until)
        .values(lease_until=None, **values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not changed:
        raise LeaseLost(f"job {held.id} ({held.kind})")


@action
def give_up(job_id: int, why: str) -> None:
    """Set aside a job that can never succeed: nobody handles it, or it killed every worker."""
    db.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, is_free(clock.now()))
        .values(failed_at=clock.now(), lease_until=None, last_error=why)
        .execution_options(synchronize_session=False)
    )


@action
def retry(job_id: int | None = None) -> int:
    """Try a job that was given up anew, as often as at first, or all of them; how many."""
    now = clock.now()
    is_wanted = sa.true() if job_id is None else Job.id == job_id
    again = db.session.scalars(
        sa.update(Job)
        .where(Job.failed_at.is_not(None), is_wanted)
        .values(failed_at=None, lease_until=None, tries=0, due_at=now)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).all()
    for one in again:
        nudges.after_commit(db.session(), one)
    return len(again)


@action
def remove(job_id: int) -> bool:
    """Never do a job that was given up; whether there was such a one."""
    gone = sa.delete(Job).where(Job.id == job_id, Job.failed_at.is_not(None)).returning(Job.id)
    return db.session.scalar(gone.execution_options(synchronize_session=False)) is not None


@action
def forget_old() -> None:
    """Remove jobs that were done long ago. What failed stays until somebody looks at it."""
    db.session.execute(
        sa.delete(Job)
        .where(Job.done_at < clock.now() - KEPT)
        .execution_options(synchronize_session=False)
    )
