"""The append-only record: who did what to what, when, from where; and who opened what."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class JournalEntry(Base):
    """One action of one person. ``verb`` is ``feature.action``, such as ``reviews.release``."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    verb: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    cohort_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    details: Mapped[dict[str, Any]]


class Sighting(Base):
    """Somebody opened something. Written after the answer; may be lost, never fails a page."""

    __tablename__ = "sighting"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    cohort_id: Mapped[int | None]

    __table_args__ = (
        sa.Index("ix_sighting_subject_subject_id", "subject", "subject_id"),
        sa.Index("ix_sighting_person_id_cohort_id", "person_id", "cohort_id"),
    )
