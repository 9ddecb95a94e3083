"""Several workers as processes: they share the work, and nothing is done twice."""

import dataclasses
import subprocess
import sys
import threading
from collections import Counter

import pytest
from fakeredis import TcpFakeServer
from redis import Redis

from portal.jobs import nudges
from portal.jobs.models import Job
from portal.notices import actions
from portal.notices.rules import Rhythm
from tests.notices.outgoing import announce, left
from tests.processes import ROOT, environment, until
from tests.world import CAST

# One that is told to stop while it starts has nothing to finish.
WORKER = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); "
WORKER += "from portal import create_app; from portal.jobs.worker import work; "
WORKER += "work(create_app(), threads=2, sweep_seconds=0.2)"
COUNT = 30


@pytest.fixture
def redis():
    """The address of what speaks Redis."""
    server = TcpFakeServer(("127.0.0.1", 0))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield "redis://{}:{}/0".format(*server.server_address)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_nudge_goes_by_redis_where_one_is_set(portal, redis, monkeypatch):
    settings = dataclasses.replace(portal.config["SETTINGS"], redis_url=redis)
    monkeypatch.setitem(portal.config, "SETTINGS", settings)
    monkeypatch.setitem(portal.config, "TESTING", False)
    monkeypatch.setitem(portal.extensions, "job_engines", {})
    nudges.nudge(portal, [3, 4])
    assert nudges.engine_of(portal).pending_count() == 2
    with Redis.from_url(redis) as server:
        assert [server.llen(key) for key in server.scan_iter()] == [2]


@pytest.mark.parametrize("engine", ["database", "redis"])
def test_workers_share_the_e_mails_and_send_none_twice(
    portal, world, mail, scene, tmp_path, redis, engine
):
    people = [getattr(world, who) for who in CAST]
    with scene():
        for person_id in people:
            hours = Rhythm(7, None, None)
            actions.choose(person_id, {"announcements": ("now", False)}, hours)
    environ = environment(
        portal,
        tmp_path / "instance",
        PORTAL_SMTP_URL=mail.url,
        PORTAL_MAIL_FROM="Sinau <sinau@example.org>",
        PORTAL_REDIS_URL=redis if engine == "redis" else "",
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER], env=environ, cwd=ROOT) for _ in range(3)
    ]
    try:
        for number in range(COUNT):
            with scene():
                announce(people, number, title=f"Ujian {number}.")

        def is_done() -> bool:
            with scene():
                rest = left()
                return not (rest["jobs"] or rest["unsent"] or rest["loose"])

        until(is_done, 90, "e-mails are left")
    finally:
        for one in workers:
            one.terminate()
        codes = [one.wait(30) for one in workers]
    assert codes == [0, 0, 0]
    told = Counter(
        (one.to[0], number)
        for one in mail.received
        for number in range(COUNT)
        if f": Ujian {number}.\n" in one.text
    )
    assert told == {(f"{who}@example.org", number): 1 for who in CAST for number in range(COUNT)}
    ids = Counter(one.message["Message-ID"] for one in mail.received)
    assert set(ids.values()) == {1}
    with scene() as session:
        assert session.query(Job).filter(Job.tries > 1, Job.kind.like("notices.%")).count() == 0
