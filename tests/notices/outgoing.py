"""A day on which things are told, and the worker of that day."""

from datetime import UTC, datetime

import sqlalchemy as sa

from portal.database import db
from portal.jobs.models import Job
from portal.jobs.worker import run_free_jobs
from portal.notices.actions import tell, tell_all
from portal.notices.models import Delivery, Mail, Notice

# A Wednesday, 09:30 WIB.
MORNING = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


def announce(people, number: int = 1, title: str = "Jadwal ujian") -> None:
    """Something that goes out at once."""
    people = [people] if isinstance(people, int) else people
    path = f"/cohorts/1/announcements/{number}"
    tell_all(people, "announcement", f"a-{number}", path, title=title, cohort="Angkatan I")


def begin_mentorship(person_id: int, number: int = 1) -> None:
    """Something that goes out with the digest of the day."""
    tell(person_id, "mentorship_begun", f"m-{number}", "/cohorts/1", who="Sri", cohort="Angkatan I")


def release(person_id: int, decision: str = "accepted") -> None:
    tell(
        person_id,
        "feedback_released",
        f"review-{decision}",
        "/cohorts/1/assignments/1",
        assignment="Esai",
        number=1,
        decision=decision,
        is_correction=False,
    )


def change_password(person_id: int) -> None:
    tell(person_id, "password_changed", "password-1", "/profile/journal")


def work_off(portal) -> None:
    """What a worker does until nothing is left."""
    run_free_jobs(portal)


def count(table) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def left() -> dict[str, int]:
    """Rows of what is still to be done, and of what was told."""
    open_jobs = sa.select(sa.func.count(Job.id)).where(
        Job.kind.like("notices.%"), Job.done_at.is_(None)
    )
    unsent = sa.select(sa.func.count(Mail.id)).where(Mail.sent_at.is_(None), Mail.kept_at.is_(None))
    loose = sa.select(sa.func.count(Delivery.id)).where(Delivery.mail_id.is_(None))
    return {
        "jobs": db.session.scalar(open_jobs),
        "unsent": db.session.scalar(unsent),
        "loose": db.session.scalar(loose),
        "notices": count(Notice),
    }
