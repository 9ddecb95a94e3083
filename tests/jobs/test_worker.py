"""The worker as a process: nudged by a commit, killed in mid-job, told to stop."""

import signal
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from portal import create_app
from portal.config import Settings
from portal.database import db
from portal.jobs.actions import enqueue
from portal.jobs.handlers import WIRED, wire
from portal.jobs.models import Job
from tests.jobs import killed_worker
from tests.processes import ROOT, environment, until


@pytest.fixture
def workers(portal, tmp_path):
    """Start workers on the test's own database; they are gone when the test ends."""
    started = []
    environ = environment(portal, tmp_path / "instance")

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.killed_worker"], env=environ, cwd=ROOT
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
def nudging(portal, tmp_path):
    """The portal as it runs outside tests, so that a commit nudges the worker."""
    settings = Settings.read(
        {
            "PORTAL_INSTANCE": str(tmp_path / "instance"),
            "PORTAL_DATABASE_URL": portal.config["SQLALCHEMY_DATABASE_URI"],
        }
    )
    app = create_app(settings)
    before = dict(WIRED)
    wire(killed_worker.handlers)
    yield app
    WIRED.clear()
    WIRED.update(before)
    with app.app_context():
        db.engine.dispose()
    for engine in app.extensions.get("job_engines", {}).values():
        engine.storage.close()


def is_done(app, key):
    with app.app_context():
        return db.session.scalar(sa.select(Job.done_at).filter_by(key=key)) is not None


def put(app, folder, key):
    with app.app_context():
        enqueue("tests.wait", {"folder": str(folder)}, key=key)
        db.session.commit()


def test_a_killed_worker_s_job_comes_back(nudging, workers, tmp_path):
    starts = tmp_path / "starts"
    put(nudging, tmp_path, "one")
    killed = workers()
    until(starts.exists)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not is_done(nudging, "one")
    workers()
    until(lambda: starts.read_text() == "started\nstarted\n")
    (tmp_path / "go").touch()
    until(lambda: is_done(nudging, "one"))


def test_a_worker_told_to_stop_finishes_its_job(nudging, workers, tmp_path):
    put(nudging, tmp_path, "two")
    worker = workers()
    until((tmp_path / "starts").exists)
    worker.terminate()
    time.sleep(0.5)
    assert worker.poll() is None
    (tmp_path / "go").touch()
    assert worker.wait(20) == 0
    assert is_done(nudging, "two")
