"""Jobs that wait, and how many there are of each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal import clock
from portal.database import db
from portal.jobs.models import Job

is_open = sa.and_(Job.done_at.is_(None), Job.failed_at.is_(None))


def is_free(now: datetime) -> sa.ColumnElement[bool]:
    """Open, due, and in no living worker's hands."""
    return sa.and_(
        is_open, Job.due_at <= now, sa.or_(Job.lease_until.is_(None), Job.lease_until < now)
    )


def kind_of(job_id: int) -> str | None:
    return db.session.scalar(sa.select(Job.kind).where(Job.id == job_id))


def free_jobs(now: datetime, most: int = 500) -> list[int]:
    """Ids of jobs that should run now, longest due first."""
    return list(
        db.session.scalars(
            sa.select(Job.id).where(is_free(now)).order_by(Job.due_at, Job.id).limit(most)
        )
    )


def known_keys(keys: list[str]) -> set[str]:
    """Which of these occasions have a job already."""
    return {key for key in db.session.scalars(sa.select(Job.key).where(Job.key.in_(keys))) if key}


def failed_jobs(*, limit: int, offset: int = 0) -> list[Job]:
    """What was given up, the latest first."""
    return list(
        db.session.scalars(
            sa.select(Job)
            .where(Job.failed_at.is_not(None))
            .order_by(Job.failed_at.desc(), Job.id.desc())
            .limit(limit)
            .offset(offset)
        )
    )


# A job that is due for so long shows that no worker runs.
OVERDUE = timedelta(minutes=10)


@dataclass(frozen=True)
class Backlog:
    """What `flask doctor` says about the jobs."""

    open: int
    overdue: int
    failed: int


def backlog(now: datetime, overdue_before: datetime) -> Backlog:
    """How many jobs are open, how many of them should long have run, how many were given up."""
    row = db.session.execute(
        sa.select(
            sa.func.count().filter(is_open),
            sa.func.count().filter(is_free(now), Job.due_at < overdue_before),
            sa.func.count().filter(Job.failed_at.is_not(None)),
        )
    ).one()
    return Backlog(*row)


def jobs_in_hand(keys: Collection[str]) -> set[str]:
    """Which of the jobs with these keys a worker is doing at this moment."""
    return set(
        db.session.scalars(
            sa.select(Job.key).where(
                Job.key.in_(keys), Job.done_at.is_(None), Job.lease_until > clock.now()
            )
        )
    )
