"""The worker: runs jobs, sweeps up what was lost, and enqueues what happens at intervals."""

import logging
import os
import signal
import threading
import time
import traceback
from datetime import timedelta

from flask import Flask

from portal import clock
from portal.database import db
from portal.jobs import actions, nudges, queries
from portal.jobs.handlers import WIRED, Handler, Handlers, Hopeless, periodic
from portal.jobs.rules import slot_at
from portal.texts import lazy

log = logging.getLogger(__name__)

SWEEP_SECONDS = 20
DRAIN_SECONDS = 15

handlers = Handlers()


def run_job(app: Flask, job_id: int) -> bool:
    """Run one job if it is free; whether it was. A failure is noted in its row, not raised."""
    with app.app_context():
        kind = queries.kind_of(job_id)
        if kind not in WIRED:
            actions.give_up(job_id, f"nobody handles jobs of the kind {kind!r}")
            db.session.commit()
            return False
        handler = WIRED[kind]
        held = actions.claim(job_id, handler)
        db.session.commit()
        if held is None:
            return False
        try:
            _do(held, handler)
        except actions.LeaseLost as lost:
            db.session.rollback()
            log.warning("The lease was lost: %s", lost)
        return True


def _do(held: actions.Claim, handler: Handler) -> None:
    if held.tries > handler.most_tries:
        actions.fail(held, handler, "The worker died at every try.")
        db.session.commit()
        return
    try:
        handler.run(**held.payload)
        actions.finish(held)
        db.session.commit()
    except actions.LeaseLost:
        raise
    except Exception as error:
        db.session.rollback()
        log.exception("Job %s (%s) failed, try %s", held.id, held.kind, held.tries)
        is_final = isinstance(error, Hopeless)
        actions.fail(held, handler, traceback.format_exc(), is_final=is_final)
        db.session.commit()


def end_transaction() -> None:
    """Commit what the handler has done so far, so that something slow may follow.

    On SQLite an open transaction keeps every other writer waiting.
    """
    db.session.commit()


def run_free_jobs(app: Flask) -> int:
    """Run what is due now, one after the other, in this process; how many ran."""
    count = 0
    while True:
        with app.app_context():
            job_ids = queries.free_jobs(clock.now())
        ran = sum(run_job(app, job_id) for job_id in job_ids)
        count += ran
        if not ran:
            return count


def sweep(app: Flask) -> None:
    """Enqueue the slots of the present moment, and nudge for every job that waits."""
    with app.app_context():
        now = clock.now()
        slots = {
            f"{handler.kind}@{slot_at(now, interval, handler.offset).isoformat()}": handler.kind
            for handler, interval in periodic()
        }
        for key in slots.keys() - queries.known_keys(list(slots)):
            actions.enqueue(slots[key], key=key)
        db.session.commit()
        nudges.nudge(app, queries.free_jobs(now))
        db.session.rollback()


def work(
    app: Flask,
    *,
    parent: int | None = None,
    threads: int = 2,
    sweep_seconds: float = SWEEP_SECONDS,
) -> None:
    """Run jobs until SIGTERM or SIGINT, then finish the ones under way.

    With ``parent``, a process id, also until that is no longer the parent.
    """
    stop = threading.Event()
    consumer = nudges.engine_of(app).create_consumer(
        workers=threads,
        periodic=False,
        initial_delay=0.05,
        max_delay=0.5,
        shutdown_timeout=DRAIN_SECONDS,
    )
    logging.getLogger("huey").setLevel(logging.WARNING)
    consumer.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    next_sweep = 0.0
    while not stop.wait(0.5) and parent in (None, os.getppid()):
        if time.monotonic() >= next_sweep:
            next_sweep = time.monotonic() + sweep_seconds
            _sweep_or_log(app)
        consumer.check_worker_health()
    consumer.stop(graceful=True)


def _sweep_or_log(app: Flask) -> None:
    try:
        sweep(app)
    except Exception:  # the database may be away for a while; the next sweep tries again
        log.exception("The sweep failed")


@handlers.every(
    timedelta(days=1),
    "jobs.forget",
    label=lazy("Forgetting finished work"),
    offset=timedelta(hours=19),
)
def forget() -> None:
    actions.forget_old()
