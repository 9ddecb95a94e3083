"""Counting working days, against counting on one's fingers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.holidays.queries import shipped
from portal.holidays.rules import Entry, WorkingDays, days_off, laid

days = st.dates(date(1999, 1, 1), date(2035, 12, 31))
around = st.lists(st.integers(-40, 40), max_size=25)


def calendar(day: date, offsets: list[int]) -> WorkingDays:
    return WorkingDays(frozenset(day + timedelta(days=one) for one in offsets))


@given(days, around, st.integers(-60, 60))
def test_going_so_many_working_days_passes_exactly_so_many(day, off, count):
    working = calendar(day, off)
    there = working.plus(day, count)
    assert working.is_working(there)
    first, last = min(day, there), max(day, there)
    passed = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    worked = [one for one in passed if working.is_working(one) and one != day]
    assert len(worked) == (abs(count) if count or working.is_working(day) else 1)


@given(days, around, st.integers(-10, 200))
def test_the_count_between_two_days_equals_counting_each(day, off, later):
    working = calendar(day, off)
    last = day + timedelta(days=later)
    each = [day + timedelta(days=n) for n in range(1, later + 1)]
    assert working.between(day, last) == sum(map(working.is_working, each))


@given(days, around, st.integers(0, 60), st.integers(0, 60))
def test_more_days_never_lead_to_an_earlier_day(day, off, count, more):
    working = calendar(day, off)
    assert working.plus(day, count + more) >= working.plus(day, count)


def test_silence_counts_days_where_the_organisation_is():
    makassar = ZoneInfo("Asia/Makassar")
    friday = datetime(2026, 12, 18, 15, 30, tzinfo=UTC)  # 23.30 WITA
    christmas = WorkingDays(frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    now = datetime(2026, 12, 27, 17, 0, tzinfo=UTC)  # Monday 01.00 WITA
    assert christmas.since(friday, now, makassar) == 4
    assert WorkingDays().since(friday, now, makassar) == 6
    assert christmas.since(now, friday, makassar) == 0


def test_the_upper_layer_holds_and_may_take_a_day_back():
    day = date(2026, 12, 24)
    beneath = Entry(day, "joint_leave", "Cuti", "Leave")
    back = Entry(day, "joint_leave", "Cuti", "Leave", is_off=False, layer="organisation")
    assert days_off(laid([beneath])).is_working(day) is False
    assert days_off(laid([beneath], [back])).is_working(day) is True


@pytest.mark.parametrize(
    ("year", "public", "joint_leave", "provisional"), [(2025, 17, 11, 0), (2026, 17, 8, 0)]
)
def test_the_decreed_years_are_whole(year, public, joint_leave, provisional):
    mine = [one for one in shipped() if one.day.year == year]
    kinds = [one.kind for one in mine]
    assert (kinds.count("public"), kinds.count("joint_leave")) == (public, joint_leave)
    assert sum(one.is_provisional for one in mine) == provisional
    assert len({one.day for one in mine}) == len(mine)


def test_what_is_not_decreed_yet_is_provisional():
    certain = {one.name_en for one in shipped() if one.day.year == 2027 and not one.is_provisional}
    assert certain == {
        "New Year's Day", "Good Friday", "Easter Sunday", "Labour Day",
        "Ascension of Jesus Christ", "Birthday of Pancasila", "Independence Day", "Christmas Day",
    }  # fmt: skip
