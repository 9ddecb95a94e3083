"""When an e-mail is due: pure decisions over plain values."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from portal.notices.events import (
    DAILY,
    DIGEST_HOUR,
    NOW,
    QUIET_FROM,
    QUIET_UNTIL,
    WEEKLY,
)

MONDAY = 0


@dataclass(frozen=True)
class Rhythm:
    """A person's hours: of the digest, and of silence (none when both are None)."""

    digest_hour: int = DIGEST_HOUR
    quiet_from: int | None = QUIET_FROM
    quiet_until: int | None = QUIET_UNTIL

    def is_quiet(self, hour: int) -> bool:
        """Whether the hour lies in the silence, which may go over midnight."""
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None or begin == end:
            return False
        return begin <= hour < end if begin < end else hour >= begin or hour < end


def next_at(after: datetime, hour: int, zone: tzinfo, weekday: int | None = None) -> datetime:
    """The first moment later than ``after`` at which it is this hour there (on this weekday)."""
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, time(hour), tzinfo=zone)
        if moment > after and weekday in (None, day.weekday()):
            return moment
        day += timedelta(days=1)


def due_at(
    channel: str, now: datetime, rhythm: Rhythm, zone: tzinfo, *, is_vital: bool
) -> datetime:
    """When what happens now goes out by e-mail. The silence delays only what goes out at once."""
    if channel == DAILY:
        return next_at(now, rhythm.digest_hour, zone)
    if channel == WEEKLY:
        return next_at(now, rhythm.digest_hour, zone, MONDAY)
    assert channel == NOW, channel
    end = rhythm.quiet_until
    if is_vital or end is None or not rhythm.is_quiet(now.astimezone(zone).hour):
        return now
    return next_at(now, end, zone)
