"""Writing iCalendar (RFC 5545): events in UTC, escaped and folded. This is all that is needed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75


@dataclass(frozen=True)
class Event:
    """One entry; without ``ends_at`` it is a moment. ``uid`` stays the same when it is moved."""

    uid: str
    starts_at: datetime
    title: str
    ends_at: datetime | None = None
    place: str = ""
    description: str = ""
    link: str = ""
    changes: int = 0
    is_cancelled: bool = False


def escaped(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and line ends escaped, controls left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(c for c in plain if c in "\n\t" or (c >= " " and c != "\x7f"))
    for one in ("\\", ";", ","):
        plain = plain.replace(one, "\\" + one)
    return plain.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 bytes, never within a character; a space begins each
    piece but the first."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece += character
        size += width
    yield piece


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _lines(name: str, events: Iterable[Event], now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sinau//Calendar//EN")
    yield from ("CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}")
    for one in events:
        yield from ("BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{moment(now)}")
        yield f"SEQUENCE:{one.changes}"
        if one.is_cancelled:
            yield "STATUS:CANCELLED"
        yield f"DTSTART:{moment(one.starts_at)}"
        if one.ends_at is not None:
            yield f"DTEND:{moment(one.ends_at)}"
        yield f"SUMMARY:{escaped(one.title)}"
        if one.place:
            yield f"LOCATION:{escaped(one.place)}"
        if one.description:
            yield f"DESCRIPTION:{escaped(one.description)}"
        if one.link:
            yield f"URL:{''.join(c for c in one.link if c > ' ' and c != chr(127))}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def calendar(name: str, events: Iterable[Event], now: datetime) -> str:
    """The whole file, its lines ended as the RFC asks."""
    pieces = [piece for line in _lines(name, events, now) for piece in folded(line)]
    return "\r\n".join(pieces) + "\r\n"
