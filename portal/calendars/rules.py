"""What stands on a calendar, in order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any

MEETING, OPENS, DUE, DAY_OFF = "meeting", "opens", "due", "day_off"
_ORDER = (DAY_OFF, OPENS, MEETING, DUE)


@dataclass(frozen=True)
class Item:
    """One thing on one day. ``about`` is the meeting, the task or the holiday it shows."""

    kind: str
    day: date
    about: Any
    at: datetime | None = None


def agenda(items: Iterable[Item]) -> list[tuple[date, list[Item]]]:
    """The items day by day: what concerns the whole day first, then by the hour."""
    ordered = sorted(
        items,
        key=lambda one: (
            one.day,
            one.at is not None,
            one.at.timestamp() if one.at else 0,
            _ORDER.index(one.kind),
        ),
    )
    return [(day, list(its)) for day, its in groupby(ordered, key=lambda one: one.day)]


def local_day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
