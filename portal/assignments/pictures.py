"""A schedule as a picture: what ``templates/ui/periods.html`` draws."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from portal.holidays.rules import WorkingDays

Moments = tuple[str, datetime, datetime, datetime]


@dataclass(frozen=True)
class Bars:
    """(title, opens, due, closes) in days, between two days, and which of them nobody works."""

    rows: list[tuple[str, date, date, date]]
    off: list[date]
    first: date
    last: date


def bars_of(
    periods: Iterable[Moments], zone: tzinfo, calendar: WorkingDays, first: date, last: date
) -> Bars:
    """From the cohort's first day to its last, or as far as the periods reach beyond."""

    def day(at: datetime) -> date:
        return at.astimezone(zone).date()

    rows = [(title, day(opens), day(due), day(closes)) for title, opens, due, closes in periods]
    first = min([first, *(row[1] for row in rows)])
    last = max([last, *(row[3] for row in rows)])
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return Bars(rows, [day for day in days if not calendar.is_working(day)], first, last)
