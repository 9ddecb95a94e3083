"""The one deadline function: a table of cases a person can check, and what holds for any dates."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.assignments import rules
from portal.assignments.rules import Dates, Deadline, Given, deadline, feedback_by

START = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


PLAIN = Dates(day(0), day(14), day(21), timedelta(minutes=2))


@pytest.mark.parametrize(
    ("extensions", "revise_by", "due", "closes", "kind", "why"),
    [
        ([], None, 14, 21, "schedule", ""),
        ([Given(day(16), "sakit", "Dwi")], None, 16, 23, "extension", "sakit"),
        ([Given(day(16), "banjir", "Indah", True)], None, 16, 23, "cohort_extension", "banjir"),
        (
            [Given(day(18), "a", "Dwi"), Given(day(16), "b", "Indah", True)],
            None,
            18,
            25,
            "extension",
            "a",
        ),
        (
            [Given(day(16), "a", "Dwi"), Given(day(18), "b", "Indah", True)],
            None,
            18,
            25,
            "cohort_extension",
            "b",
        ),
        (
            [Given(day(16), "a", "Dwi"), Given(day(16), "b", "Indah", True)],
            None,
            16,
            23,
            "extension",
            "a",
        ),
        ([Given(day(10), "earlier", "Dwi")], None, 14, 21, "schedule", ""),
        ([Given(day(14), "the same", "Dwi")], None, 14, 21, "schedule", ""),
        ([], day(30), 30, 30, "revision", ""),
        ([], day(18), 18, 21, "revision", ""),
        ([], day(10), 14, 21, "schedule", ""),
        ([Given(day(16), "a", "Dwi")], day(30), 30, 30, "revision", ""),
        ([Given(day(16), "a", "Dwi")], day(16), 16, 23, "extension", "a"),
    ],
)
def test_until_when_and_why(extensions, revise_by, due, closes, kind, why):
    found = deadline(PLAIN, extensions, revise_by)
    assert (found.due_at, found.closes_at, found.kind, found.why) == (
        day(due),
        day(closes),
        kind,
        why,
    )
    assert found.scheduled_due_at == day(14)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (day(0) - SECOND, "not_open"),
        (day(0), "open"),
        (day(14), "open"),
        (day(14) + SECOND, "late"),
        (day(21), "late"),
        (day(21) + SECOND, "closed"),
    ],
)
def test_the_state_now(at, state):
    assert deadline(PLAIN).state(at) == state


@pytest.mark.parametrize(
    ("changed", "arrived", "punctuality", "accepted"),
    [
        (day(13), day(14), "in_time", True),
        (day(14), day(14) + 119 * SECOND, "grace", True),
        (day(14), day(14) + 120 * SECOND, "grace", True),
        (day(14), day(14) + 121 * SECOND, "late", True),
        (day(14) + SECOND, day(14) + 2 * SECOND, "late", True),
        (day(20), day(21), "late", True),
        (day(21), day(21) + 120 * SECOND, "late", True),
        (day(21), day(21) + 121 * SECOND, "late", False),
        (day(21) + SECOND, day(21) + 2 * SECOND, "late", False),
        (day(-1), day(0) - SECOND, "in_time", False),
    ],
)
def test_in_time_in_grace_or_late(changed, arrived, punctuality, accepted):
    found = deadline(PLAIN)
    assert found.punctuality(changed, arrived) == punctuality
    assert found.accepts(changed, arrived) is accepted


@pytest.mark.parametrize(
    ("changed", "now", "state"),
    [
        (None, day(14) + SECOND, "late"),
        (day(13), day(13), "open"),
        (day(14), day(14) + 120 * SECOND, "grace"),
        (day(14), day(14) + 121 * SECOND, "late"),
        (day(14) + SECOND, day(14) + 2 * SECOND, "late"),
        (day(21), day(21) + 120 * SECOND, "closing"),
        (day(21), day(21) + 121 * SECOND, "closed"),
        (day(21) + SECOND, day(21) + 2 * SECOND, "closed"),
        (None, day(21) + SECOND, "closed"),
    ],
)
def test_the_state_of_a_draft_says_what_a_hand_in_would_be(changed, now, state):
    assert deadline(PLAIN).state_of_draft(changed, now) == state


def test_where_due_and_closing_are_one_the_grace_is_in_time():
    found = deadline(Dates(day(0), day(14), day(14), 120 * SECOND))
    assert found.state_of_draft(day(14), day(14) + SECOND) == "grace"


EXEMPT = Given(None, "cuti besar", "Indah", given_at=day(3))


def test_nothing_is_due_from_who_is_exempt_but_the_dates_stand():
    found = deadline(PLAIN, [Given(day(16), "sakit", "Dwi"), EXEMPT], day(30))
    assert (found.is_exempt, found.why, found.given_by) == (True, "cuti besar", "Indah")
    assert (found.told_at, found.due_at, found.closes_at) == (day(3), day(30), day(30))
    states = [found.state(day(at)) for at in (-1, 1, 14.1, 29.9, 31)]
    assert states == ["not_open", "open", "open", "open", "closed"]
    assert found.punctuality(day(29), day(29)) == "in_time"
    assert found.sentence("3 Nov") == "Exempt, given by Indah on 3 Nov: cuti besar"
    assert Deadline.from_data(found.as_data()) == found


def test_a_persons_own_exemption_gives_the_reason():
    everybodys = Given(None, "banjir", "Kartika", True, day(1))
    assert deadline(PLAIN, [everybodys]).kind == "cohort_exemption"
    assert deadline(PLAIN, [everybodys, EXEMPT]).why == "cuti besar"


def test_a_deadline_survives_being_kept_with_a_submission():
    found = deadline(PLAIN, [Given(day(16), "sakit", "Dwi")])
    assert Deadline.from_data(found.as_data()) == found


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
extensions = st.lists(
    st.builds(Given, moments, st.just("why"), st.just("who"), st.booleans()), max_size=5
)


@st.composite
def schedules(draw) -> Dates:
    opens, due, closes = sorted(draw(st.tuples(moments, moments, moments)))
    return Dates(opens, due, closes, timedelta(seconds=draw(st.integers(0, 600))))


@given(schedules(), extensions, st.none() | moments)
def test_nothing_ever_shortens_and_the_order_of_what_was_given_does_not_matter(
    dates, given_ones, revise_by
):
    found = deadline(dates, given_ones, revise_by)
    assert found.due_at >= dates.due_at
    assert found.opens_at <= found.due_at <= found.closes_at
    assert found.closes_at >= dates.closes_at
    assert found == deadline(dates, list(reversed(given_ones)), revise_by)
    assert found.due_at in {dates.due_at, revise_by, *(one.due_at for one in given_ones)}
    assert found.is_moved == (found.due_at != dates.due_at)


@given(schedules(), extensions, moments, moments)
def test_the_state_and_the_verdict_agree(dates, given_ones, changed, arrived):
    found = deadline(dates, given_ones)
    changed = min(changed, arrived)
    state = found.state(arrived)
    if state in {"open", "late"}:
        assert found.accepts(changed, arrived)
    if state == "not_open":
        assert not found.accepts(changed, arrived)
    if state == "open":
        assert found.punctuality(changed, arrived) == "in_time"
    if arrived > found.closes_at + found.grace:
        assert not found.accepts(changed, arrived)


@given(schedules(), extensions, st.none() | moments)
def test_more_extensions_never_take_time_away(dates, given_ones, revise_by):
    fewer, more = deadline(dates, given_ones[1:], revise_by), deadline(dates, given_ones, revise_by)
    assert more.due_at >= fewer.due_at
    assert more.closes_at >= fewer.closes_at


JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


@pytest.mark.parametrize(
    ("received", "days", "zone", "promised"),
    [
        # Monday 2 Nov 17.00 WIB, five working days: Monday 9 Nov 17.00 WIB.
        (START, 5, JAKARTA, datetime(2026, 11, 9, 17, tzinfo=JAKARTA)),
        # Friday evening, one working day: Monday.
        (
            datetime(2026, 11, 6, 20, tzinfo=JAKARTA),
            1,
            JAKARTA,
            datetime(2026, 11, 9, 17, tzinfo=JAKARTA),
        ),
        # Saturday, five working days: Friday.
        (
            datetime(2026, 11, 7, 9, tzinfo=JAKARTA),
            5,
            JAKARTA,
            datetime(2026, 11, 13, 17, tzinfo=JAKARTA),
        ),
        # Friday 23.00 WIB is Saturday 01.00 WIT.
        (
            datetime(2026, 11, 6, 23, tzinfo=JAKARTA),
            1,
            JAYAPURA,
            datetime(2026, 11, 9, 17, tzinfo=JAYAPURA),
        ),
        (
            datetime(2026, 11, 6, 20, tzinfo=JAKARTA),
            0,
            JAKARTA,
            datetime(2026, 11, 6, 20, tzinfo=JAKARTA),
        ),
        (
            datetime(2026, 11, 7, 9, tzinfo=JAKARTA),
            0,
            JAKARTA,
            datetime(2026, 11, 9, 17, tzinfo=JAKARTA),
        ),
    ],
)
def test_feedback_is_promised_in_working_days(received, days, zone, promised):
    assert feedback_by(received, days, zone) == promised


@given(moments, st.integers(0, 60))
def test_a_promise_lies_ahead_on_a_working_day_and_grows_with_the_days(received, days):
    promised = feedback_by(received, days, JAKARTA)
    assert promised >= received
    assert promised.astimezone(JAKARTA).weekday() < 5
    assert feedback_by(received, days + 1, JAKARTA) >= promised


def test_the_sentence_names_the_reason(app):
    with app.test_request_context():
        given_one = Given(day(16), "sakit", "Dwi Santoso")
        assert deadline(PLAIN, [given_one]).sentence("Rab, 18 Nov") == (
            "Tenggat Rab, 18 Nov, diperpanjang oleh Dwi Santoso: sakit"
        )
        assert deadline(PLAIN).sentence("besok") == "Tenggat besok."
    assert rules.assignment_path(3, 4) == "/cohorts/3/assignments/4"
