"""What was changed in the calendar of holidays that is shipped."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, length


class Holiday(Base):
    """What the portal (no organisation) or one organisation says of a day.

    It lies over what is shipped; ``is_off`` False makes a day off a working day again.
    """

    __tablename__ = "holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE")
    )
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    is_provisional: Mapped[bool] = mapped_column(default=False)
    is_off: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)
    changed_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL")
    )
    changed_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "day"),
        sa.Index(
            "uq_holiday_portal",
            "day",
            unique=True,
            sqlite_where=sa.text("organisation_id IS NULL"),
            postgresql_where=sa.text("organisation_id IS NULL"),
        ),
        sa.CheckConstraint("kind IN ('public', 'joint_leave', 'own')", name="kind_known"),
        length("name", 200),
        length("source", 200),
    )
