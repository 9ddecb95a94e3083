"""When e-mails are due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notices.rules import Rhythm, due_at, next_at

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
WEDNESDAY = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)  # 09:30 WIB, 11:30 WIT
moments = st.datetimes(
    min_value=datetime(2025, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)
)
hours = st.integers(0, 23)
zones = st.sampled_from([JAKARTA, JAYAPURA, ZoneInfo("Europe/Berlin")])


@pytest.mark.parametrize(
    ("channel", "rhythm", "zone", "due"),
    [
        ("now", Rhythm(), JAKARTA, WEDNESDAY),
        ("now", Rhythm(7, 9, 10), JAKARTA, datetime(2026, 11, 25, 3, tzinfo=UTC)),
        ("now", Rhythm(7, 9, 10), JAYAPURA, WEDNESDAY),
        ("now", Rhythm(7, 22, 10), JAKARTA, datetime(2026, 11, 25, 3, tzinfo=UTC)),
        ("now", Rhythm(7, None, None), JAKARTA, WEDNESDAY),
        ("daily", Rhythm(7), JAKARTA, datetime(2026, 11, 26, 0, tzinfo=UTC)),
        ("daily", Rhythm(10), JAKARTA, datetime(2026, 11, 25, 3, tzinfo=UTC)),
        ("daily", Rhythm(12), JAYAPURA, datetime(2026, 11, 25, 3, tzinfo=UTC)),
        ("weekly", Rhythm(7), JAKARTA, datetime(2026, 11, 30, 0, tzinfo=UTC)),
    ],
)
def test_an_e_mail_is_due_as_its_reader_chose(channel, rhythm, zone, due):
    assert due_at(channel, WEDNESDAY, rhythm, zone, is_vital=False) == due


def test_what_is_vital_waits_for_no_quiet_hour():
    rhythm = Rhythm(7, 9, 10)
    assert due_at("now", WEDNESDAY, rhythm, JAKARTA, is_vital=True) == WEDNESDAY


@given(moments, hours, zones)
def test_the_next_such_hour_comes_within_a_day(now, hour, zone):
    found = next_at(now, hour, zone)
    assert now < found <= now + timedelta(days=1, hours=1)
    assert (found.astimezone(zone).hour, found.minute) in {(hour, 0), ((hour + 1) % 24, 0)}


@given(moments, hours, hours, zones)
def test_nothing_goes_out_in_a_quiet_hour(now, begin, end, zone):
    rhythm = Rhythm(7, begin, end)
    due = due_at("now", now, rhythm, zone, is_vital=False)
    assert now <= due <= now + timedelta(days=1, hours=1)
    # Where a clock is put forward over the end of the silence, that hour does not exist.
    assert not rhythm.is_quiet(due.astimezone(zone).hour) or due.astimezone(UTC).month in {3, 10}
