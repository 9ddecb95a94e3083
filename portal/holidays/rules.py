"""Which days are working days, and counting them. Pure.

Saturdays, Sundays and the days off of a calendar are no working days. A calendar is laid in layers:
what is shipped, over it what the whole portal changed, over that what one organisation changed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

PUBLIC, JOINT_LEAVE, OWN = "public", "joint_leave", "own"
KINDS = (PUBLIC, JOINT_LEAVE, OWN)
SHIPPED, PORTAL, ORGANISATION = "shipped", "portal", "organisation"
SATURDAY = 5
_A_MONDAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar says of one day.

    ``is_off`` is False where a layer takes a day off back. ``revision`` counts the changes of the
    layer's own row; 0 where it has none. ``layer`` names who said it.
    """

    day: date
    kind: str
    name_id: str
    name_en: str
    source: str = ""
    is_provisional: bool = False
    is_off: bool = True
    layer: str = SHIPPED
    revision: int = 0

    def name_in(self, language: str) -> str:
        return self.name_id if language == "id" else self.name_en

    @property
    def is_on_weekend(self) -> bool:
        return self.day.weekday() >= SATURDAY


def laid(*layers: Iterable[Entry]) -> dict[date, Entry]:
    """The calendar that these layers make, the last one on top; by day, in order."""
    found: dict[date, Entry] = {}
    for layer in layers:
        found |= {entry.day: entry for entry in layer}
    return dict(sorted(found.items()))


def days_off(calendar: Mapping[date, Entry]) -> "WorkingDays":
    """The working days of a calendar."""
    return WorkingDays(frozenset(day for day, entry in calendar.items() if entry.is_off))


@dataclass(frozen=True)
class WorkingDays:
    """Counts working days around these days off; without any, Monday to Friday are worked."""

    off: frozenset[date] = frozenset()

    @cached_property
    def _off_weekdays(self) -> list[date]:
        return sorted(day for day in self.off if day.weekday() < SATURDAY)

    def _before(self, day: date) -> int:
        """How many working days lie between a certain Monday and this day, itself included."""
        weeks, weekday = divmod((day - _A_MONDAY).days, 7)
        return 5 * weeks + min(weekday + 1, 5) - bisect_right(self._off_weekdays, day)

    def is_working(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.off

    def at_or_after(self, day: date) -> date:
        """The day itself when it is a working day, else the next one that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def plus(self, day: date, count: int) -> date:
        """The ``count``-th working day after a day, or before it when the number is negative.

        0 is the day itself when it is a working day, else the next one.
        """
        if count == 0:
            return self.at_or_after(day)
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after ``first``, up to and with ``last``; 0 in the past."""
        return max(0, self._before(last) - self._before(first)) if last > first else 0

    def since(self, moment: datetime, now: datetime, zone: tzinfo) -> int:
        """How many working days have begun since a moment, where the organisation is."""
        return self.between(moment.astimezone(zone).date(), now.astimezone(zone).date())
