"""How far a moment is from now, in words; a moment in the reader's zone and the organisation's."""

from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale

from portal import clock
from portal.web.formats import Reader, brief, exact_for, near, precise_for

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(seconds=30), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=119), "in 119 minutes"),
        (timedelta(hours=2, minutes=59), "in 2 hours"),
        (timedelta(hours=47, minutes=59), "in 47 hours"),
        (timedelta(days=3, hours=23), "in 3 days"),
        (timedelta(days=20), "in 2 weeks"),
        (timedelta(days=-3, hours=-23), "4 days ago"),
        (timedelta(minutes=-90), "2 hours ago"),
    ],
)
def test_no_more_time_is_promised_than_there_is(portal, monkeypatch, delta, words):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with portal.test_request_context("/"), force_locale("en"):
        assert near(NOW + delta) == words


@pytest.mark.parametrize(
    ("at", "language", "shown", "to_the_second"),
    [
        (
            datetime(2026, 11, 26, 8, 0, 25, tzinfo=UTC),
            "en",
            "Thu, 26 Nov 2026 17:00 WIT (= 15:00 WIB)",
            "Thu, 26 Nov 2026 17:00:25 WIT (= 15:00:25 WIB)",
        ),
        (
            datetime(2026, 11, 26, 16, 59, tzinfo=UTC),
            "id",
            "Jum, 27 Nov 2026 01.59 WIT (= Kam, 26 Nov 23.59 WIB)",
            "Jum, 27 Nov 2026 01.59.00 WIT (= Kam, 26 Nov 23.59.00 WIB)",
        ),
        (
            datetime(2026, 12, 31, 16, 59, 9, tzinfo=UTC),
            "en",
            "Fri, 1 Jan 2027 01:59 WIT (= Thu, 31 Dec 2026 23:59 WIB)",
            "Fri, 1 Jan 2027 01:59:09 WIT (= Thu, 31 Dec 2026 23:59:09 WIB)",
        ),
    ],
)
def test_the_organisations_time_names_its_day_where_that_is_another(
    portal, monkeypatch, at, language, shown, to_the_second
):
    monkeypatch.setattr(Reader, "zone", lambda: "Asia/Jayapura")
    with portal.test_request_context("/"), force_locale(language):
        assert exact_for(at, "Asia/Jakarta") == shown
        assert precise_for(at, "Asia/Jakarta") == to_the_second


def test_one_time_is_enough_where_both_zones_agree(portal, monkeypatch):
    monkeypatch.setattr(Reader, "zone", lambda: "Asia/Pontianak")
    at = datetime(2026, 11, 26, 16, 59, 9, tzinfo=UTC)
    with portal.test_request_context("/"), force_locale("en"):
        assert exact_for(at, "Asia/Jakarta") == "Thu, 26 Nov 2026 23:59 WIB"
        assert precise_for(at, "Asia/Jakarta") == "Thu, 26 Nov 2026 23:59:09 WIB"


@pytest.mark.parametrize(
    ("at", "english", "indonesian"),
    [
        (datetime(2026, 11, 26, 22, 57, tzinfo=UTC), "05:57", "05.57"),
        (datetime(2026, 11, 26, 16, 59, tzinfo=UTC), "Thu, 26 Nov 23:59", "Kam, 26 Nov 23.59"),
        (datetime(2025, 11, 24, 3, tzinfo=UTC), "Mon, 24 Nov 2025 10:00", "Sen, 24 Nov 2025 10.00"),
    ],
)  # fmt: skip
def test_what_was_not_saved_today_says_its_day(portal, monkeypatch, at, english, indonesian):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 26, 23, tzinfo=UTC))
    monkeypatch.setattr(Reader, "zone", lambda: "Asia/Jakarta")
    for language, shown in (("en", english), ("id", indonesian)):
        with portal.test_request_context("/"), force_locale(language):
            assert brief(at) == shown
