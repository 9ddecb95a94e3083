"""Same seed and same day, same rows; and a demo that has grown old moves as a whole."""

import json
from datetime import UTC, datetime

from sqlalchemy import func, select

from portal.assignments.models import Schedule
from portal.database import db
from portal.demo import loader, renewal
from portal.outages.models import Heartbeat, Outage
from portal.submissions.models import Submission
from tests.demo.conftest import DAYS, TODAY, at_work
from tests.demo.dump import dump


def test_a_second_load_gives_the_same_rows(demo, second_load):
    with at_work(demo):
        here = dump()
    there = json.loads(second_load())
    assert here.keys() == there.keys()
    for table, rows in here.items():
        assert rows == there[table], table


def test_renewing_moves_every_date_and_nothing_else(demo):
    with at_work(demo):
        before, due = dump(), dict(db.session.execute(select(Schedule.id, Schedule.due_at)).all())
        renewal.move(5)
        assert loader.loaded_on() == TODAY + 5 * DAYS
        for schedule_id, moment in db.session.execute(select(Schedule.id, Schedule.due_at)):
            assert moment == due[schedule_id] + 5 * DAYS
        for submission in db.session.scalars(select(Submission)):
            assert submission.deadline["due_at"] == submission.due_at.isoformat()
        assert {table: len(rows) for table, rows in dump().items()} == {
            table: len(rows) for table, rows in before.items()
        }
        renewal.move(-5)
        assert dump() == before


def test_renewing_forgets_when_the_portal_was_away(demo):
    with at_work(demo):
        beaten_at = datetime(2026, 11, 26, 8, tzinfo=UTC)
        db.session.add(Heartbeat(id=1, beaten_at=beaten_at))
        db.session.add(Outage(began_at=beaten_at - DAYS, ended_at=beaten_at))
        renewal.move(5)
        for table in (Outage, Heartbeat):
            assert db.session.scalars(select(table)).all() == []


def test_renewing_today_moves_nothing_that_is_ahead(demo):
    """Nothing in the demo happened after the day around which it lies."""
    with at_work(demo):
        latest = db.session.scalar(select(func.max(Submission.received_at)))
        assert latest.date() <= TODAY


def test_only_values_that_are_dates_move():
    value = {
        "until": "2026-03-30T23:59:00+07:00",
        "day": "2026-02-28",
        "n": 3,
        "x": [None, "Senin"],
    }
    assert renewal.later(value, 1) == {
        "until": "2026-03-31T23:59:00+07:00", "day": "2026-03-01", "n": 3, "x": [None, "Senin"],
    }  # fmt: skip
    assert renewal.later("terkirim 2026-02-28 pagi", 1) == "terkirim 2026-02-28 pagi"


def test_the_command_renews(demo, monkeypatch):
    from portal.demo import commands

    monkeypatch.setattr(commands, "today", lambda: TODAY)
    answer = demo.test_cli_runner().invoke(args=["demo", "--renew"])
    assert answer.exit_code == 0
    assert "moved by 0 days" in answer.output


def test_there_is_nothing_to_renew_where_no_demo_is(portal):
    answer = portal.test_cli_runner().invoke(args=["demo", "--renew"])
    assert answer.exit_code == 1
    assert "not here" in answer.output
