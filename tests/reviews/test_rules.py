"""Marks to the hundredth, bands at their edges, and what is missing before a release."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reviews.rules import (
    BANDS,
    Judged,
    band_of,
    mark_of,
    missing_before_release,
    points_of,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
hundredths = st.integers(0, 10_000).map(lambda number: Decimal(number).scaleb(-2))


def level(id_, lowest, highest):
    return SimpleNamespace(
        id=id_, title=f"L{id_}", lowest=Decimal(lowest), highest=Decimal(highest)
    )


def criterion(id_, weight, *levels):
    return SimpleNamespace(id=id_, title=f"K{id_}", weight=Decimal(weight), levels=levels)


RANGES = (level(1, "80.01", "100"), level(2, "0", "80"))
NUMBER = (level(3, "90", "90"), level(4, "0", "0"))


@pytest.mark.parametrize(
    ("mark", "place"),
    [
        ("0", 4), ("60.00", 4), ("60.01", 3), ("70.00", 3), ("70.01", 2), ("80.00", 2),
        ("80.01", 1), ("90.00", 1), ("90.01", 0), ("100", 0),
    ],
)  # fmt: skip
def test_a_band_begins_a_hundredth_above_the_last(mark, place):
    assert band_of(Decimal(mark)) is BANDS[place]


@pytest.mark.parametrize(
    ("judged", "points"),
    [
        (Judged(1, Decimal("80.01")), "80.01"), (Judged(1, Decimal("80.00")), None),
        (Judged(1, Decimal("100")), "100"), (Judged(1, None), None), (Judged(None, 85), None),
        (Judged(9, Decimal(85)), None), (Judged(2, Decimal(0)), "0"),
    ],
)  # fmt: skip
def test_a_range_needs_a_number_within_it(judged, points):
    assert points_of(criterion(1, 100, *RANGES), judged) == (points and Decimal(points))


def test_a_level_of_one_number_needs_none():
    assert points_of(criterion(1, 100, *NUMBER), Judged(3)) == 90
    assert points_of(criterion(1, 100, *NUMBER), Judged(4)) == 0


def test_one_unmarked_criterion_is_incomplete_and_never_nought():
    criteria = [criterion(1, 60, *RANGES), criterion(2, 40, *NUMBER)]
    assert mark_of(criteria, {1: Judged(1, Decimal(100))}) is None
    assert mark_of(criteria, {}) is None
    assert mark_of([], {}) is None
    whole = mark_of(criteria, {1: Judged(2, Decimal(0)), 2: Judged(4)})
    assert whole is not None
    assert whole.rounded == 0


def test_a_half_hundredth_is_rounded_up():
    criteria = [criterion(1, 50, *RANGES), criterion(2, 50, *RANGES)]
    mark = mark_of(criteria, {1: Judged(2, Decimal("70.00")), 2: Judged(2, Decimal("70.01"))})
    assert (mark.exact, mark.rounded, mark.is_rounded) == (
        Decimal("70.005"),
        Decimal("70.01"),
        True,
    )


@given(st.lists(st.tuples(st.integers(1, 10_000), hundredths), min_size=1, max_size=12))
def test_the_printed_lines_recompute_the_mark(pairs):
    criteria = [
        criterion(place, Decimal(weight).scaleb(-2), level(place, 0, 100))
        for place, (weight, _points) in enumerate(pairs)
    ]
    mark = mark_of(criteria, {place: Judged(place, one[1]) for place, one in enumerate(pairs)})
    total = sum(Fraction(line.weight) * Fraction(line.points) for line in mark.lines)
    weights = sum(Fraction(line.weight) for line in mark.lines)
    assert Fraction(mark.total) == total
    exact = total / weights
    assert Fraction(mark.rounded) == Fraction(int(exact * 100 + Fraction(1, 2)), 100)
    assert min(one[1] for one in pairs) - 1 < mark.rounded < max(one[1] for one in pairs) + 1


def missing(**values):
    whole = {
        "decision": "accepted", "revise_by": None, "says_something": True,
        "criteria": [criterion(1, 100, *RANGES)], "judgements": {1: Judged(1, Decimal(90))},
        "now": NOW,
    }  # fmt: skip
    return [one.sentence for one in missing_before_release(**(whole | values))]


def test_what_is_missing_before_a_release(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert missing() == []
        assert missing(decision=None) == ["Decide: accepted, or revise by a date."]
        assert missing(judgements={}) == ["“K1” is not judged yet."]
        assert missing(judgements={1: Judged(1)}) == ["“K1” needs a number from 80.01 to 100."]
        assert missing(says_something=False) == [
            "Write an overall feedback, a remark or an action item."
        ]
        revise = {"decision": "revise", "judgements": {}}
        assert missing(**revise) == ["Say by which day the revision is expected."]
        assert missing(**revise, revise_by=NOW) == [
            "The day for the revision has passed; choose a later one."
        ]
        assert missing(**revise, revise_by=NOW + timedelta(days=1)) == []
