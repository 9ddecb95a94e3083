"""Announcements to everybody in a cohort: at once or at a chosen moment, and who has read them.

The moment stored with an announcement decides when members see it. The job only tells them once
it has come, and does nothing where the announcement was withdrawn.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import clock
from portal.cohorts.imports import hold
from portal.cohorts.models import Announcement, Cohort, Enrolment
from portal.database import action, db
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.notices.actions import tell_all
from portal.notices.models import Notice
from portal.texts import Refused, lazy

JOB = "cohorts.publish_announcement"
SENT_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Reading:
    """How many were told of an announcement, and how many of them have opened it or its notice."""

    told: int
    read: int


@action
def announce(
    cohort: Cohort, title: str, body: str, by: int, *, at: datetime | None = None
) -> Announcement:
    """Tell everybody in the cohort something, now or at a moment that lies ahead.

    The same words from the same person within minutes are the same announcement, sent again by
    somebody who never got the answer: everybody is told once.
    """
    now = clock.now()
    if at is not None and at <= now:
        raise Refused(
            lazy("Choose a moment that lies ahead, or none to tell everybody now."), field="at"
        )
    hold(cohort)
    same = db.session.scalar(
        sa.select(Announcement)
        .where(
            Announcement.cohort_id == cohort.id,
            Announcement.author_id == by,
            Announcement.title == title,
            Announcement.body == body,
            Announcement.published_at.between(now - SENT_AGAIN, now)
            if at is None
            else Announcement.published_at == at,
        )
        .limit(1)
    )
    if same is not None:
        return same
    row = Announcement(
        cohort_id=cohort.id, author_id=by, title=title, body=body, published_at=at or now
    )
    db.session.add(row)
    record("cohorts.announce", row, by=by, cohort_id=cohort.id, at=row.published_at.isoformat())
    db.session.flush()
    if at is None:
        _tell(row, cohort.name)
    else:
        enqueue(JOB, {"announcement_id": row.id}, key=f"{JOB}:{row.id}", due_at=at)
    return row


@action
def publish(announcement_id: int) -> None:
    """Tell everybody of an announcement whose moment has come, and came before any closing."""
    row = db.session.get(Announcement, announcement_id)
    if row is None:
        return
    cohort = db.session.get_one(Cohort, row.cohort_id)
    if row.published_at <= told_until(cohort):
        _tell(row, cohort.name)


def tell_late(cohort: Cohort, since: datetime) -> int:
    """Tell everybody what was to be announced while the cohort was closed; how many announcements.

    For ``membership.reopen``, which holds the cohort: from then on everybody sees them.
    """
    late = db.session.scalars(
        sa.select(Announcement)
        .where(
            Announcement.cohort_id == cohort.id,
            Announcement.published_at > since,
            Announcement.published_at <= clock.now(),
        )
        .order_by(Announcement.published_at, Announcement.id)
    ).all()
    for row in late:
        _tell(row, cohort.name)
    return len(late)


@action
def withdraw(cohort: Cohort, announcement: Announcement, by: int) -> None:
    """Take an announcement back that nobody has seen; Refused once everybody has been told."""
    hold(cohort)
    db.session.refresh(cohort, ["closed_at"])
    gone = (
        sa.delete(Announcement)
        .where(Announcement.id == announcement.id, Announcement.published_at > told_until(cohort))
        .returning(Announcement.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(gone) is None:
        raise Refused(lazy("Everybody has been told already."), conflict=True)
    record(
        "cohorts.withdraw_announcement",
        by=by,
        cohort_id=cohort.id,
        title=announcement.title,
    )


def key_of(announcement_id: int) -> str:
    """The key of the notices that tell of an announcement."""
    return f"announcement-{announcement_id}"


def _tell(row: Announcement, cohort_name: str) -> None:
    everybody = sa.select(Enrolment.person_id).where(
        Enrolment.cohort_id == row.cohort_id,
        Enrolment.left_at.is_(None),
        Enrolment.person_id != row.author_id,
    )
    tell_all(
        db.session.scalars(everybody).all(),
        "announcement",
        key_of(row.id),
        f"/cohorts/{row.cohort_id}/announcements/{row.id}",
        title=row.title,
        cohort=cohort_name,
    )


def told_until(cohort: Cohort) -> datetime:
    """The moment after which nothing of the cohort has been announced: now, or its closing."""
    return min(clock.now(), cohort.closed_at or clock.now())


def announcements_in(cohort: Cohort, *, with_scheduled: bool = False) -> list[Announcement]:
    """The cohort's announcements, newest first, with their authors."""
    wanted = (
        sa.select(Announcement)
        .where(Announcement.cohort_id == cohort.id)
        .options(joinedload(Announcement.author))
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
    )
    if not with_scheduled:
        wanted = wanted.where(Announcement.published_at <= told_until(cohort))
    return list(db.session.scalars(wanted))


def announcement_in(
    cohort: Cohort, announcement_id: int, *, with_scheduled: bool = False
) -> Announcement | None:
    row = db.session.scalar(
        sa.select(Announcement)
        .where(Announcement.cohort_id == cohort.id, Announcement.id == announcement_id)
        .options(joinedload(Announcement.author))
    )
    is_shown = row is not None and (with_scheduled or row.published_at <= told_until(cohort))
    return row if is_shown else None


def readings_of(cohort_id: int, announcement_ids: Collection[int]) -> dict[int, Reading]:
    """By announcement: how many were told and have read it. One query."""
    ids = {key_of(one): one for one in announcement_ids}
    members = sa.select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id)
    rows = db.session.execute(
        sa.select(Notice.key, sa.func.count(Notice.id), sa.func.count(Notice.read_at))
        .where(Notice.person_id.in_(members), Notice.key.in_(list(ids)))
        .group_by(Notice.key)
    )
    return {ids[key]: Reading(told, read) for key, told, read in rows}
