"""How far a moment is from now, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale

from portal import clock
from portal.web.formats import near

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
