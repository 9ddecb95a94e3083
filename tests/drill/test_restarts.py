"""Restarts and a backup in the middle of the work.

The portal is stopped and started every twenty seconds while people write, hand in and judge; a
backup taken meanwhile holds what was acknowledged before it began.
"""

import os
import subprocess
import sys
import time

from portal import create_app
from portal.config import Settings
from portal.database import db
from portal.submissions.models import Submission
from tests import postgresql
from tests.drill.crew import Submitter, at_work, check, check_files, crew
from tests.processes import ROOT, Served, environment

RESTARTS = int(os.environ.get("DRILL_RESTARTS", "2"))
EVERY = 20


def flask(environ: dict[str, str], *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=environ,
        check=True,
    )


def test_restarts_lose_nothing_and_a_backup_is_whole(portal, world, database, tmp_path):
    environ = environment(portal, portal.config["SETTINGS"].instance, PORTAL_PROCESSES="2")
    served = Served(environ).wait_until_ready()
    try:
        actors = crew(portal, world, served)
        with at_work(actors):
            for _ in range(RESTARTS):
                time.sleep(EVERY)
                assert served.stop() == 0
                served = Served({**environ, "PORT": str(served.port)}).wait_until_ready()
            before = receipts(actors)
            flask(environ, "backup", str(tmp_path / "backup.zip"))
    finally:
        served.stop()
    print(f"\n{RESTARTS} restarts, {len(before)} receipts before the backup")
    check(portal, actors)
    check_backup(portal, database, tmp_path, before)


def receipts(actors) -> set[int]:
    """The ids of the submission versions that somebody holds a receipt of by now."""
    return {
        int(one.split("/")[-2])
        for actor in actors
        if isinstance(actor.act, Submitter)
        for one in list(actor.act.receipts)
    }


def check_backup(portal, database, tmp_path, before: set[int]) -> None:
    """Brought back into an empty database, with files whose hashes are read anew."""
    folder = tmp_path / "restored"
    folder.mkdir()
    url = (
        postgresql.new_database()
        if database == "postgresql"
        else f"sqlite:///{folder / 'portal.sqlite3'}"
    )
    environ = {
        **environment(portal, folder),
        "PORTAL_DATABASE_URL": url,
    }
    flask(environ, "restore", str(tmp_path / "backup.zip"))
    values = {name: value for name, value in environ.items() if name.startswith("PORTAL_")}
    restored = create_app(Settings.read({**values, "PORTAL_ENV": "test"}))
    with restored.app_context():
        assert before <= set(db.session.scalars(db.select(Submission.id)))
        check_files()
        db.session.remove()
        db.engine.dispose()
