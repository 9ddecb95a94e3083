"""Wake the worker for jobs whose transaction has just been committed.

A nudge may be lost (the worker sweeps) and may come twice (a claim is atomic). It goes by the
portal's own database, or by Redis where one is set.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event, make_url
from sqlalchemy.orm import Session, SessionTransaction

from portal.database import db

log = logging.getLogger(__name__)


def load(app: Flask) -> None:
    """Import what wakes the worker, before the processes that share it are made.

    huey takes every driver along that it finds: 15 MB in each process and a tenth of a second in
    the first request that has something to tell. Those that this portal does not use stay out.
    """
    with _without(*({"redis", "psycopg"} - _drivers(app))):
        import huey  # noqa: F401


def _drivers(app: Flask) -> set[str]:
    """The drivers of the engine that ``_make`` makes."""
    if app.config["SETTINGS"].redis_url:
        return {"redis"}
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    return {"psycopg"} if url.get_backend_name() == "postgresql" else set()


@contextlib.contextmanager
def _without(*names: str) -> Iterator[None]:
    """Let an import find none of these; what is loaded already stays."""
    hidden: dict[str, Any] = {name: None for name in names if name not in sys.modules}
    sys.modules.update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def engine_of(app: Flask) -> Any:
    """This process's huey; made at first use."""
    engines: dict[int, Any] = app.extensions.setdefault("job_engines", {})
    process = os.getpid()  # connections do not survive a fork
    if process not in engines:
        engines.clear()
        engines[process] = _make(app)
    return engines[process]


def _make(app: Flask) -> Any:
    # Half a second that most starts need not wait for.
    from huey import PostgresHuey, RedisHuey, SqliteHuey

    redis_url = app.config["SETTINGS"].redis_url
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if redis_url:
        huey = RedisHuey("portal", url=redis_url, results=False)
    elif url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        huey = PostgresHuey("portal", dsn=dsn, results=False)
    else:
        huey = SqliteHuey("portal", filename=f"{url.database}.huey", results=False, fsync=False)

    @huey.task(name="run")
    def run(job_id: int) -> None:
        from portal.jobs.worker import run_job

        run_job(app, job_id)

    huey.run_job = run
    return huey


def nudge(app: Flask, job_ids: list[int]) -> None:
    """Tell the worker that these jobs may be run; never raises."""
    if app.testing:  # tests run jobs themselves, by ``worker.run_free_jobs``
        return
    try:
        huey = engine_of(app)
        for job_id in job_ids:
            huey.run_job(job_id)
    except Exception:  # the sweep brings them; the request that enqueued them has succeeded
        log.exception("The worker could not be nudged for jobs %s", job_ids)


def after_commit(session: Session, job_id: int) -> None:
    """Nudge for this job when the session's transaction has been committed."""
    session.info.setdefault("nudges", []).append(job_id)


@event.listens_for(db.session, "after_commit")
def _nudge_for_committed(session: Session) -> None:
    if not session.in_nested_transaction() and (job_ids := session.info.pop("nudges", None)):
        nudge(current_app._get_current_object(), job_ids)  # type: ignore[attr-defined]


@event.listens_for(db.session, "after_transaction_end")
def _forget_rolled_back(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("nudges", None)
