from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.rules import FIRST_WAIT, LONGEST_WAIT, slot_at, wait_after

moments = st.datetimes(
    min_value=datetime(2025, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)
)
intervals = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=40))


@given(moments, intervals, st.timedeltas(timedelta(), timedelta(days=40)))
def test_every_moment_lies_in_one_slot(now, every, offset):
    slot = slot_at(now, every, offset)
    assert slot <= now < slot + every
    assert slot_at(slot, every, offset) == slot


def test_a_day_with_an_offset_begins_at_night_in_jakarta():
    day = timedelta(days=1)
    slot = slot_at(datetime(2026, 11, 23, 18, 59, tzinfo=UTC), day, timedelta(hours=19))
    assert slot == datetime(2026, 11, 22, 19, tzinfo=UTC)


@given(st.integers(1, 10_000))
def test_waits_grow_and_stay_bounded(tries):
    assert FIRST_WAIT <= wait_after(tries) <= wait_after(tries + 1) <= LONGEST_WAIT
