"""The job table: the truth about what is still to be done."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, length

ERROR_CHARACTERS = 2000


class Job(Base):
    """One thing to do. Open until ``done_at`` or ``failed_at`` is set, never both.

    ``key`` names the occasion, so that it is enqueued once. ``lease_until`` is the moment after
    which a worker that took the job counts as dead.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    key: Mapped[str | None] = mapped_column(sa.String(160), unique=True)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (
        sa.CheckConstraint("tries >= 0", name="tries_positive"),
        sa.CheckConstraint("done_at IS NULL OR failed_at IS NULL", name="one_end"),
        length("kind", 60),
        length("key", 160),
        length("last_error", ERROR_CHARACTERS),
        sa.Index(
            "ix_job_open",
            "due_at",
            sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        ),
    )
