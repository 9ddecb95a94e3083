"""Meetings of a cohort in class, and the addresses at which a calendar program reads them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cohorts.models import Cohort
from portal.database import Base, length


class Meeting(Base):
    """When and where a cohort meets in class (or on line), about what and with whom."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(sa.String(200))
    teacher: Mapped[str] = mapped_column(sa.String(200), default="")
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    link: Mapped[str] = mapped_column(sa.String(500), default="")
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(lazy="raise")

    __table_args__ = (
        sa.Index("ix_meeting_cohort_id_starts_at", "cohort_id", "starts_at"),
        sa.CheckConstraint("starts_at < ends_at", name="times_in_order"),
        length("subject", 200),
        length("teacher", 200),
        length("place", 200),
        length("link", 500),
    )


class CalendarFeed(Base):
    """A secret address of a person's calendar; only the hash of its token is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "uq_calendar_feed_current",
            "person_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )
