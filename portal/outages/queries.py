"""Every select on the health log."""

from datetime import datetime

import sqlalchemy as sa

from portal.database import db, locked
from portal.outages.models import Heartbeat, Outage
from portal.selects import prepared


def last_beat() -> datetime | None:
    return db.session.scalar(sa.select(Heartbeat.beaten_at))


def heartbeat_to_change() -> Heartbeat | None:
    """The heartbeat as it is now, held until the commit."""
    return db.session.scalar(locked(sa.select(Heartbeat)))


def outages_since(moment: datetime) -> list[Outage]:
    """What ended after a moment, the newest first. One query."""
    return list(db.session.scalars(*_outages(moment=moment)))


def was_outage_since(moment) -> sa.ColumnElement[bool]:
    """Whether one ended after a moment: for a select that asks for more at once."""
    return sa.select(Outage.id).where(Outage.ended_at > moment).exists()


@prepared
def _outages(moment):
    return (
        sa.select(Outage)
        .where(Outage.ended_at > moment)
        .order_by(Outage.ended_at.desc(), Outage.id.desc())
    )
