"""Writing the health log."""

from datetime import timedelta

from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql
from portal.outages import queries
from portal.outages.models import Heartbeat, Outage


@action
def beat(longest: timedelta) -> Outage | None:
    """Note that the portal answers now, and the outage that ends with it, if there was one.

    A silence longer than ``longest`` before it was an outage. It is noted once, however many
    processes begin at the same moment; before the first beat there was no portal, so no outage.
    """
    now, last = clock.now(), queries.heartbeat_to_change()
    if last is None:
        insert = (postgresql if is_postgresql() else sqlite).insert(Heartbeat)
        db.session.execute(insert.values(id=1, beaten_at=now).on_conflict_do_nothing())
        return None
    began_at, last.beaten_at = last.beaten_at, now
    if now - began_at <= longest:
        return None
    outage = Outage(began_at=began_at, ended_at=now)
    db.session.add(outage)
    db.session.flush()
    return outage
