"""When a job runs again, and which slot of a periodic job the present moment lies in."""

from datetime import UTC, datetime, timedelta

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=6)
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday, so that weekly slots begin on Mondays


def wait_after(tries: int) -> timedelta:
    """How long to wait after the given number of failed tries: doubling, at most six hours."""
    if tries > 20:
        return LONGEST_WAIT
    return min(FIRST_WAIT * 2 ** max(tries - 1, 0), LONGEST_WAIT)


def slot_at(now: datetime, every: timedelta, offset: timedelta = timedelta()) -> datetime:
    """The beginning of the slot that ``now`` lies in; slots follow each other without a gap.

    ``offset`` moves the beginnings: a day's slots with an offset of 19 hours begin at 02:00 WIB.
    """
    return EPOCH + offset + (now - EPOCH - offset) // every * every
