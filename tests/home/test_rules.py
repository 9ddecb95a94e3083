"""The order of what comes next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from portal.assignments.rules import Dates, deadline
from portal.home.rules import Task, agenda
from portal.reviews.stages import Stage

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
MALANG = ZoneInfo("Asia/Jakarta")
KEYS = ["late", "revise", "draft", "not_begun", "handed_in", "in_review", "accepted", "closed",
        "not_open"]  # fmt: skip


def task(number: int, key: str, hours: int) -> Task:
    due = NOW + timedelta(hours=hours)
    dates = Dates(due - timedelta(days=9), due, due + timedelta(days=7))
    return Task(1, "VI", number, f"T{number}", deadline(dates), Stage(key))


tasks = st.lists(
    st.builds(
        task, st.integers(1, 99), st.sampled_from(KEYS), st.integers(min_value=-400, max_value=400)
    ),
    unique_by=lambda one: one.assignment_id,
)


@given(tasks)
def test_every_task_that_is_to_do_stands_in_one_part_and_the_soonest_is_next(some):
    found = agenda(some, NOW, MALANG)
    to_do = [one for one in some if one.is_to_do]
    parts = found.today + found.this_week + [one for one in found.later if one.is_to_do]
    parts += [found.next] if found.next else []
    assert sorted(parts, key=lambda one: one.assignment_id) == sorted(
        to_do, key=lambda one: one.assignment_id
    )
    assert found.next == min(to_do, key=lambda one: one.urgency, default=None)


@given(tasks)
def test_each_part_is_in_order_of_urgency(some):
    found = agenda(some, NOW, MALANG)
    for part in (found.today, found.this_week, found.later, found.waiting, found.missed):
        assert part == sorted(part, key=lambda one: one.urgency)


def test_today_ends_at_midnight_where_the_reader_is():
    until_midnight = task(1, "draft", 13)
    after_midnight = task(2, "draft", 15)
    found = agenda([task(9, "draft", 1), until_midnight, after_midnight], NOW, MALANG)
    assert (found.today, found.this_week) == ([until_midnight], [after_midnight])


def test_what_is_late_stands_under_today_and_what_is_not_open_under_later():
    late, later, shut = task(1, "late", -30), task(3, "late", -20), task(2, "not_open", 90)
    found = agenda([later, late, shut], NOW, MALANG)
    assert (found.next, found.today, found.later) == (late, [later], [shut])
