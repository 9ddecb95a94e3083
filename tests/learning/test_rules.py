"""Which modules are open, and why the others are not."""

from datetime import date, timedelta

import pytest

from portal.learning.rules import LessonEntry, ModuleEntry, outline

START = date(2026, 3, 2)


def module(number, done=(), *, after=0, requires=False, lessons=2):
    return ModuleEntry(
        number,
        f"Modul {number}",
        "Agenda 1",
        after,
        requires,
        tuple(
            LessonEntry(10 * number + place, f"{number}.{place}", 10, place in done)
            for place in range(1, lessons + 1)
        ),
    )


def names(modules, today=START, **options):
    return [state.name for state in outline(modules, START, today, **options).states]


def test_the_first_open_module_that_is_not_done_is_the_current_one():
    assert names([module(1, (1, 2)), module(2, (1,)), module(3)]) == ["done", "current", "open"]


@pytest.mark.parametrize(("days", "name"), [(6, "locked"), (7, "current"), (8, "current")])
def test_a_module_opens_on_its_day(days, name):
    late = outline([module(1, after=7)], START, START + timedelta(days=days)).states[0]
    assert late.name == name
    assert late.opens_on == (START + timedelta(days=7) if name == "locked" else None)


def test_a_module_waits_for_the_one_before_and_says_so():
    state = outline([module(1, (1,)), module(2, requires=True)], START, START).states[1]
    assert (state.name, state.waits_for) == ("locked", "Modul 1")
    assert names([module(1, (1, 2)), module(2, requires=True)]) == ["done", "current"]


def test_staff_meet_no_locks():
    assert names([module(1, after=30), module(2, requires=True)], locks=False) == [
        "current",
        "open",
    ]


def test_the_next_lesson_passes_over_locked_modules():
    seen = outline([module(1, (1, 2)), module(2, after=9), module(3)], START, START)
    assert seen.next_lesson.title == "3.1"
    assert (seen.done, seen.total) == (2, 6)


def test_neighbours_reach_over_the_ends_of_modules():
    seen = outline([module(1), module(2)], START, START)
    before, after = seen.neighbours(12)
    assert (before.title, after.title) == ("1.1", "2.1")
    assert seen.neighbours(11)[0] is None
    assert seen.neighbours(22)[1] is None
