"""Dates, numbers and sizes for readers. The only file that knows a local time zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import dates, numbers
from flask import Flask, g, has_request_context
from markupsafe import Markup

from portal import clock
from portal.markdown import note
from portal.texts import _, language, ngettext

HOUR = 60
DAY = 24 * HOUR
UNITS = (365 * DAY, 30 * DAY, 7 * DAY, DAY, HOUR)
"""Years to hours, in minutes."""

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


class Reader:
    """Who reads: ``portal.web.language`` says in which zone."""

    zone: Callable[[], str] = staticmethod(lambda: ZONES[0])


def reader_zone() -> ZoneInfo:
    """The zone of whoever reads this page: their own, else their organisation's."""
    if not has_request_context():
        return zone(ZONES[0])
    here = g._get_current_object()
    if "zone" not in here:
        here.zone = zone(Reader.zone())
    return here.zone


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(ZONES[0])


def local_today(name: str) -> date:
    """Today's date in the named zone."""
    return clock.now().astimezone(zone(name)).date()


def _of(place: ZoneInfo | str | None) -> ZoneInfo:
    """The zone that is given or named, else the reader's."""
    return zone(place) if isinstance(place, str) else place or reader_zone()


def is_elsewhere(at: datetime, place: ZoneInfo | str) -> bool:
    """Whether the clocks of the place show another hour at that moment than the reader's own."""
    return at.astimezone(_of(place)).utcoffset() != at.astimezone(reader_zone()).utcoffset()


def zone_name(at: datetime, place: ZoneInfo | str | None = None) -> str:
    """WIB, WITA, WIT, or what the locale calls the zone at that moment."""
    place = _of(place)
    short = {
        "Asia/Jakarta": "WIB",
        "Asia/Pontianak": "WIB",
        "Asia/Makassar": "WITA",
        "Asia/Jayapura": "WIT",
        "UTC": "UTC",
    }
    return short.get(place.key) or dates.get_timezone_name(
        at.astimezone(place), width="short", locale=language()
    )


def day(value: date | datetime, *, weekday: bool = True, year: bool = True) -> str:
    """«Jum, 27 Nov 2026»: the day, in the reader's zone if a moment is given."""
    if isinstance(value, datetime):
        value = value.astimezone(reader_zone()).date()
    pattern = ("EEE, " if weekday else "") + "d MMM" + (" yyyy" if year else "")
    return _day(value, pattern, language())


@lru_cache(maxsize=4096)
def _day(value: date, pattern: str, locale: str) -> str:
    return dates.format_date(value, pattern, locale=locale)


def clock_time(at: datetime, place: ZoneInfo | str | None = None) -> str:
    """«17.00» or «17:00», by locale."""
    separator = "." if language() == "id" else ":"
    return at.astimezone(_of(place)).strftime(f"%H{separator}%M")


def _to_the_second(at: datetime, place: ZoneInfo) -> str:
    """«17.00.25» or «17:00:25», by locale."""
    minutes = clock_time(at, place)
    return f"{minutes}{minutes[2]}{at.astimezone(place):%S}"


def brief(at: datetime) -> str:
    """«17.00» today, «Kam, 26 Nov 17.00» on another day of the reader, with the year if that is
    another too."""
    today, its = clock.now().astimezone(reader_zone()).date(), at.astimezone(reader_zone()).date()
    if its == today:
        return clock_time(at)
    return f"{day(its, year=its.year != today.year)} {clock_time(at)}"


def exact(at: datetime, place: ZoneInfo | str | None = None) -> str:
    """«Jum, 27 Nov 2026 17.00 WIB»: a moment with its zone named, the reader's unless given."""
    return _exact(at, _of(place), language())


@lru_cache(maxsize=4096)
def _exact(at: datetime, place: ZoneInfo, _locale: str) -> str:
    """In the language of the page, which is here only to be part of what is looked up."""
    local = at.astimezone(place)
    return f"{day(local.date())} {clock_time(at, place)} {zone_name(at, place)}"


def exact_for(at: datetime, organisation_zone: str) -> str:
    """The moment for the reader, followed by the organisation's own time where it differs."""
    return exact(at) + _there(at, zone(organisation_zone), clock_time)


def precise_for(at: datetime, organisation_zone: str) -> str:
    """The same to the second, for receipts."""
    mine = f"{day(at)} {_to_the_second(at, reader_zone())} {zone_name(at)}"
    return mine + _there(at, zone(organisation_zone), _to_the_second)


def _there(at: datetime, place: ZoneInfo, hour: Callable[[datetime, ZoneInfo], str]) -> str:
    """« (= 15.00 WIB)», « (= Kam, 26 Nov 23.59 WIB)»: what the clocks of the place show, with the
    day where it is another; empty where they show the same."""
    if not is_elsewhere(at, place):
        return ""
    mine, there = at.astimezone(reader_zone()).date(), at.astimezone(place).date()
    its_day = "" if mine == there else f"{day(there, year=mine.year != there.year)} "
    return f" (= {its_day}{hour(at, place)} {zone_name(at, place)})"


def near(at: datetime) -> str:
    """«in 2 days», «3 hours ago»: how far a moment is from now, in one unit; of what lies ahead
    only whole ones, so that no more time is promised than there is."""
    delta = at - clock.now()
    if abs(delta) < timedelta(minutes=1):
        return _("now")
    return _near(int(delta / timedelta(minutes=1)), language())


@lru_cache(maxsize=4096)
def _near(minutes: int, locale: str) -> str:
    threshold = 1.5
    if minutes > 0:
        threshold = 2
        unit = next((one for one in UNITS if minutes >= 2 * one), 1)
        minutes = minutes // unit * unit
    return dates.format_timedelta(
        timedelta(minutes=minutes),
        granularity="minute",
        threshold=threshold,
        add_direction=True,
        locale=locale,
    )


def remaining(at: datetime) -> str:
    """«2 days», «45 minutes»: the time left until a moment; empty when it has passed."""
    delta = at - clock.now()
    if delta <= timedelta(0):
        return ""
    if delta < timedelta(hours=1):
        minutes = max(1, int(delta.total_seconds() // 60))
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if delta < timedelta(days=2):
        hours = int(delta.total_seconds() // 3600)
        return ngettext("%(num)d hour", "%(num)d hours", hours)
    return ngettext("%(num)d day", "%(num)d days", delta.days)


def number(value) -> str:
    """«1.234,5»: a number by locale."""
    if type(value) is int and -1000 < value < 1000:
        return str(value)
    return _number(str(value), language())


@lru_cache(maxsize=4096)
def _number(value: str, locale: str) -> str:
    return numbers.format_decimal(Decimal(value), locale=locale)


def precise(value: Decimal) -> str:
    """«5.100,1234»: an exact number with all its decimals and no idle zeros."""
    return _precise(str(value), language())


@lru_cache(maxsize=4096)
def _precise(value: str, locale: str) -> str:
    return numbers.format_decimal(Decimal(value), locale=locale, decimal_quantization=False)


def mark(value: Decimal | None) -> str:
    """«90,01»: a mark, always with two decimals; a dash when there is none."""
    if value is None:
        return "–"
    rounded = str(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))
    return rounded.replace(".", ",") if language() == "id" else rounded


def percent(part: int, whole: int) -> str:
    return _percent(round(100 * part / whole) if whole else 0, language())


@lru_cache(maxsize=1024)
def _percent(share: int, locale: str) -> str:
    return numbers.format_percent(share / 100, locale=locale)


def filesize(size: int) -> str:
    """«812 B», «200 kB», «4,2 MB», counted by 1024 as people's own computers show it."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} kB"
    return f"{_number(str(round(size / 1024 / 1024, 1)), language())} MB"


def iso(at: datetime | date) -> str:
    return at.astimezone(UTC).isoformat() if isinstance(at, datetime) else at.isoformat()


def moment(text: str) -> datetime:
    """The moment that ``iso`` wrote, for values that were kept as plain text."""
    return datetime.fromisoformat(text)


def date_of(text: str) -> date:
    """The day that ``iso`` wrote."""
    return date.fromisoformat(text)


def paragraphs(text: str) -> Markup:
    """Plain text with its line breaks, escaped."""
    return Markup("<br>").join(text.split("\n"))


def grouped(text: str, size: int = 4) -> str:
    """«ab12 cd34 …»: a long code in groups that an eye can compare."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


def short_name(name: str) -> str:
    """«Ratna Wulandari» of «Ratna Wulandari, S.STP., M.Si.»: a name without degrees, for buttons
    and within sentences."""
    return name.split(",")[0].strip() or name


def init(app: Flask) -> None:
    filters = (
        day,
        clock_time,
        brief,
        exact,
        exact_for,
        precise_for,
        near,
        remaining,
        number,
        precise,
        mark,
        percent,
        filesize,
        iso,
        paragraphs,
        grouped,
        zone_name,
        note,
        moment,
        date_of,
        short_name,
    )
    for function in filters:
        app.jinja_env.filters[function.__name__] = function
