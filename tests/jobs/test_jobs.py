"""Jobs: written with the business, run once, tried again, given up, never lost."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal import clock
from portal.database import action, db
from portal.jobs import actions, queries
from portal.jobs.actions import enqueue
from portal.jobs.handlers import Handlers, handler_of, wire
from portal.jobs.models import Job
from portal.jobs.rules import wait_after
from portal.jobs.worker import end_transaction, run_free_jobs, run_job, sweep
from portal.texts import Refused

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def jobs(**wanted):
    return db.session.scalars(sa.select(Job).filter_by(**wanted).order_by(Job.id)).all()


def commit(*enqueued, **options):
    for payload in enqueued:
        enqueue("tests.note", payload, **options)
    db.session.commit()


def test_a_job_runs_once_with_its_payload(portal, done):
    with portal.app_context():
        commit({"number": 1}, {"number": 2})
    assert run_free_jobs(portal) == 2
    assert run_free_jobs(portal) == 0
    assert done == [{"number": 1}, {"number": 2}]
    with portal.app_context():
        assert [(job.tries, job.done_at is not None) for job in jobs(kind="tests.note")] == [
            (1, True),
            (1, True),
        ]


def test_a_job_vanishes_with_its_transaction(portal):
    with portal.app_context():
        enqueue("tests.note", {})
        db.session.rollback()
        assert jobs() == []


def test_a_refused_action_leaves_no_job(portal):
    @action
    def refuse():
        enqueue("tests.note", {})
        raise Refused("no")

    with portal.app_context():
        with pytest.raises(Refused):
            refuse()
        db.session.commit()
        assert jobs() == []


def test_an_unknown_kind_is_refused_at_once(portal):
    with portal.app_context(), pytest.raises(LookupError):
        enqueue("tests.nobody", {})


def test_an_occasion_is_enqueued_once(portal, done):
    with portal.app_context():
        commit({"number": 1}, key="occasion")
        commit({"number": 2}, key="occasion")
    run_free_jobs(portal)
    with portal.app_context():
        commit({"number": 3}, key="occasion")
    run_free_jobs(portal)
    assert done == [{"number": 1}]


def test_a_job_waits_for_its_time(portal, done):
    with time_machine.travel(NOW, tick=False) as time:
        with portal.app_context():
            commit({"number": 1}, due_at=NOW + timedelta(minutes=5))
        run_free_jobs(portal)
        assert done == []
        time.shift(timedelta(minutes=5))
        run_free_jobs(portal)
        assert done == [{"number": 1}]


def test_a_failing_job_leaves_nothing_and_is_tried_again_then_given_up(portal, done):
    with time_machine.travel(NOW, tick=False) as time:
        with portal.app_context():
            enqueue("tests.bad")
            db.session.commit()
        for tries in (1, 2, 3):
            assert run_free_jobs(portal) == 1
            with portal.app_context():
                [job] = jobs()
                assert job.tries == tries
                assert "no paper in the printer" in job.last_error
                assert (job.failed_at is not None) == (tries == 3)
                if tries < 3:
                    assert job.due_at == clock.now() + wait_after(tries)
            time.shift(wait_after(tries))
        assert run_free_jobs(portal) == 0
    assert done == []


def test_two_workers_share_the_jobs(portal, done):
    with portal.app_context():
        commit(*({"number": number} for number in range(12)))
        ids = queries.free_jobs(clock.now())
    ran = []
    together = threading.Barrier(2)

    def worker():
        together.wait()
        ran.extend(job_id for job_id in ids if run_job(portal, job_id))

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == ids
    assert sorted(one["number"] for one in done) == list(range(12))


def test_a_claimed_job_comes_back_when_its_lease_ends(portal, done):
    with time_machine.travel(NOW, tick=False) as time:
        with portal.app_context():
            commit({"number": 1})
            [job_id] = queries.free_jobs(clock.now())
            handler = handler_of("tests.note")
            assert actions.claim(job_id, handler).tries == 1  # this worker dies now
            db.session.commit()
        assert run_free_jobs(portal) == 0
        time.shift(handler.lease + timedelta(seconds=1))
        assert run_free_jobs(portal) == 1
    assert done == [{"number": 1}]


def test_a_worker_that_was_too_slow_changes_nothing(portal, done):
    slow = Handlers()

    @slow.on("tests.slow", lease=timedelta(minutes=1))
    def outlive_the_lease():
        first = not done
        done.append("ran")
        end_transaction()
        if first:
            time.shift(timedelta(minutes=2))
            run_free_jobs(portal)
            enqueue("tests.note", {"written by": "the worker that was too slow"})

    wire(slow)
    with time_machine.travel(NOW, tick=False) as time:
        with portal.app_context():
            enqueue("tests.slow")
            db.session.commit()
        run_free_jobs(portal)
    assert done == ["ran", "ran"]
    with portal.app_context():
        assert [(job.tries, job.done_at is not None) for job in jobs()] == [(2, True)]


def test_a_job_that_kills_its_worker_is_given_up(portal, done):
    with time_machine.travel(NOW, tick=False) as time:
        with portal.app_context():
            enqueue("tests.bad")
            db.session.commit()
            [job_id] = queries.free_jobs(clock.now())
            handler = handler_of("tests.bad")
            for _ in range(handler.most_tries):
                assert actions.claim(job_id, handler) is not None
                db.session.commit()
                time.shift(handler.lease + timedelta(seconds=1))
        run_free_jobs(portal)
        with portal.app_context():
            assert [job.last_error for job in jobs() if job.failed_at] == [
                "The worker died at every try."
            ]


def test_a_job_that_nobody_handles_any_more_is_given_up(portal, handlers):
    from portal.jobs.handlers import WIRED

    with portal.app_context():
        commit({})
        del WIRED["tests.note"]
    assert run_free_jobs(portal) == 0
    with portal.app_context():
        [job] = jobs()
        assert job.failed_at is not None
        assert "tests.note" in job.last_error


def test_an_interval_brings_one_job_for_each_slot(portal, done):
    with time_machine.travel(NOW, tick=False) as time:
        for _ in range(3):
            sweep(portal)
            run_free_jobs(portal)
        assert done == ["daily"]
        time.shift(timedelta(days=1))
        sweep(portal)
        run_free_jobs(portal)
        assert done == ["daily", "daily"]


def test_old_jobs_are_forgotten_and_failed_ones_are_kept(portal, done):
    with time_machine.travel(NOW, tick=False) as time:
        with portal.app_context():
            commit({"number": 1})
            enqueue("tests.bad")
            db.session.commit()
        for tries in (1, 2, 3):
            run_free_jobs(portal)
            time.shift(wait_after(tries))
        time.shift(actions.KEPT)
        with portal.app_context():
            actions.forget_old()
            db.session.commit()
            assert [job.kind for job in jobs()] == ["tests.bad"]
