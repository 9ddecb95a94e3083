"""Notices in the portal: each event reaches each person once."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Notice(Base):
    """Something a person should know. ``key`` names the event, so that nobody is told twice.

    ``kind`` chooses the sentence (templates/notices), ``values`` fills it, ``path`` is where
    it leads.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(120))
    path: Mapped[str] = mapped_column(sa.String(500))
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("person_id", "key"),
        sa.Index("ix_notice_person_id_created_at", "person_id", "created_at"),
    )
