"""Where one stands with an assignment: every state, and none without its reason."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.assignments.rules import Dates, deadline
from portal.progress import rules

DAY = timedelta(days=1)
OPENS = datetime(2026, 11, 1, tzinfo=UTC)
DUE, CLOSES = OPENS + 10 * DAY, OPENS + 20 * DAY
DEADLINE = deadline(Dates(OPENS, DUE, CLOSES))


def version(number=1, received=DUE - DAY, decision=None, mark=None, punctuality="in_time"):
    released = received + DAY if decision else None
    return rules.Version(
        number,
        received,
        punctuality,
        received + 5 * DAY,
        number,
        decision,
        mark,
        released,
        released,
        DUE + number * DAY if decision == "revise" else None,
    )


@pytest.mark.parametrize(
    ("versions", "day"),
    [
        ([], None),
        ([version()], None),
        ([version(decision="accepted")], None),
        ([version(decision="revise")], DUE + DAY),
        ([version(decision="revise"), version(2)], DUE + DAY),
        ([version(decision="revise"), version(2, decision="revise"), version(3)], DUE + 2 * DAY),
        ([version(decision="revise"), version(2, decision="accepted")], None),
        ([version(decision="accepted"), version(2, decision="revise")], DUE + 2 * DAY),
    ],
)
def test_what_was_answered_last_says_whether_a_new_version_is_asked_for(versions, day):
    assert rules.asked_again(versions) == day


@pytest.mark.parametrize(
    ("now", "has_draft", "state"),
    [
        (OPENS - DAY, False, "not_yet"),
        (OPENS, False, "to_do"),
        (DUE, True, "draft"),
        (DUE + DAY, True, "overdue"),
        (CLOSES + DAY, False, "missed"),
    ],
)
def test_without_work_the_calendar_decides(now, has_draft, state):
    assert rules.cell(DEADLINE, [], has_draft, now).state == state


@pytest.mark.parametrize(
    ("versions", "now", "state", "mark"),
    [
        ([version()], DUE, "waiting", None),
        ([version()], DUE + 5 * DAY, "unanswered", None),
        ([version(decision="accepted", mark=Decimal("90.01"))], CLOSES + DAY, "accepted", "90.01"),
        ([version(decision="revise", mark=Decimal(60))], DUE, "revise", "60"),
        ([version(decision="revise")], DUE + DAY, "revise_late", None),
        ([version(decision="revise", mark=Decimal(60)), version(2)], DUE, "waiting", "60"),
        (
            [version(decision="revise", mark=Decimal(60)), version(2, decision="accepted")],
            DUE,
            "accepted",
            "60",
        ),
    ],
)
def test_with_work_the_newest_version_decides(versions, now, state, mark):
    cell = rules.cell(DEADLINE, versions, True, now)
    assert (cell.state, cell.mark) == (state, None if mark is None else Decimal(mark))
    assert cell.version == versions[-1]


@given(
    st.lists(st.sampled_from([None, "accepted", "revise"]), max_size=4),
    st.booleans(),
    st.integers(-5, 40),
)
def test_every_state_has_a_look_and_unmarked_is_never_nought(decisions, has_draft, days):
    versions = [version(n, decision=one) for n, one in enumerate(decisions, 1)]
    cell = rules.cell(DEADLINE, versions, has_draft, OPENS + days * DAY)
    assert cell.kind in {"plain", "due", "late", "done", "waiting", "closed"}
    assert cell.mark is None
    assert (cell.version is None) == (not versions)
