"""The health log: that the portal is alive, and when it was not."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Heartbeat(Base):
    """When a web process last said that it answers: one row, for all processes together."""

    __tablename__ = "heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    beaten_at: Mapped[datetime]

    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)


class Outage(Base):
    """A time in which nobody could reach the portal, whether it failed or was stopped."""

    __tablename__ = "outage"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(unique=True)
    ended_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (sa.CheckConstraint("began_at < ended_at", name="times_in_order"),)
