"""A kind of job that the tests can watch."""

from datetime import timedelta

import pytest

from portal.database import db
from portal.jobs.handlers import WIRED, Handlers, wire


@pytest.fixture
def done():
    """What the test handlers did, in order."""
    return []


@pytest.fixture(autouse=True)
def handlers(done):
    """Handlers that note what they were given; ``tests.bad`` fails after a write of its own."""
    of_tests = Handlers()

    @of_tests.on("tests.note")
    def note(**payload):
        done.append(payload)

    @of_tests.on("tests.bad", most_tries=3)
    def bad():
        from portal.jobs.actions import enqueue

        enqueue("tests.note", {"written by": "a handler that failed"})
        db.session.flush()
        raise RuntimeError("no paper in the printer")

    @of_tests.every(timedelta(days=1), "tests.daily")
    def daily():
        done.append("daily")

    before = dict(WIRED)
    wire(of_tests)
    yield of_tests
    WIRED.clear()
    WIRED.update(before)
