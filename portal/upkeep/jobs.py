"""What keeps the database quick."""

from datetime import timedelta

from portal.database import analyse
from portal.jobs.handlers import Handlers
from portal.texts import lazy

handlers = Handlers()


@handlers.every(
    timedelta(days=1),
    "upkeep.analyse",
    label=lazy("Looking at how large the tables are"),
    offset=timedelta(hours=20),
)
def look_at_tables() -> None:
    """Each night (03:00 WIB), when imports and hand-ins of the day are in."""
    analyse()
