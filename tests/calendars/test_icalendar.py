"""The iCalendar file, line by line as RFC 5545 asks."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.calendars.icalendar import Event, calendar, escaped, folded

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=400)


def unfolded(text: str) -> list[str]:
    """The content lines, as a reader joins them."""
    return text.replace("\r\n ", "").split("\r\n")


def read(value: str) -> str:
    """A value with its escapes taken back, as a reader does."""
    found, is_escape = "", False
    for one in value:
        if is_escape:
            found, is_escape = found + ("\n" if one in "nN" else one), False
        elif one == "\\":
            is_escape = True
        else:
            found += one
    return found


@given(texts)
def test_a_text_comes_back_as_it_was_written(text):
    plain = "".join(
        c for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or (c >= " " and c != "\x7f")
    )  # fmt: skip
    assert read(escaped(text)) == plain
    assert not set(escaped(text)) & {"\n", "\r"}


@given(texts.map(escaped))
def test_a_line_is_folded_within_75_bytes_and_joins_again(line):
    pieces = list(folded(line))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(piece.startswith(" ") for piece in pieces[1:])


def test_the_whole_file():
    starts = datetime(2026, 12, 1, 1, tzinfo=UTC)
    event = Event(
        uid="meeting-1@sinau", starts_at=starts, ends_at=starts.replace(hour=3),
        title="Wawasan; kebangsaan, bagian 1", place="Aula", description="Hadi\nSusilo",
        link="https://example.org/a\r\nX:1", changes=2,
    )  # fmt: skip
    lines = unfolded(calendar("Sinau", [event], NOW))
    assert lines == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sinau//Calendar//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", "X-WR-CALNAME:Sinau", "BEGIN:VEVENT", "UID:meeting-1@sinau",
        "DTSTAMP:20261125T020000Z", "SEQUENCE:2", "DTSTART:20261201T010000Z",
        "DTEND:20261201T030000Z", "SUMMARY:Wawasan\\; kebangsaan\\, bagian 1", "LOCATION:Aula",
        "DESCRIPTION:Hadi\\nSusilo", "URL:https://example.org/aX:1", "END:VEVENT",
        "END:VCALENDAR", "",
    ]  # fmt: skip
