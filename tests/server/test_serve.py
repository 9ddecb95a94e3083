"""`flask serve`: two web children and a worker that come back, drain, and refuse politely."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.outages.models import Heartbeat, Outage
from tests.processes import ROOT, Served, environment, is_alive, until


@pytest.fixture
def served(portal, tmp_path):
    portal_here = Served(environment(portal, tmp_path, PORTAL_PROCESSES="2"))
    try:
        yield portal_here.wait_until_ready()
    finally:
        portal_here.stop()


def test_a_killed_child_comes_back(served):
    before = served.children()
    assert len(before) == 3
    for victim in (before[0], before[-1]):
        os.kill(victim, signal.SIGKILL)
    after = until(lambda: len(set(served.children()) - set(before)) == 2 and served.children())
    assert set(after) & set(before) == {before[1]}
    for _ in range(8):  # whichever child the kernel picks
        assert served.get("/readyz")[0] == 200


def test_a_time_in_which_it_was_stopped_is_noted_once(portal, scene, tmp_path):
    stopped_at = clock.now() - timedelta(hours=1)
    with scene() as session:
        session.add(Heartbeat(id=1, beaten_at=stopped_at))
    served = Served(environment(portal, tmp_path, PORTAL_PROCESSES="2"))
    try:
        served.wait_until_ready()

        def noted():
            with scene() as session:
                return session.scalars(sa.select(Outage.began_at)).all()

        assert until(noted) == [stopped_at]
    finally:
        served.stop()
    assert noted() == [stopped_at]


def test_what_is_under_way_is_finished_before_it_stops(served):
    early = served.connect()
    early.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
    until(lambda: served.get("/healthz")[0] == 200)
    served.process.send_signal(signal.SIGTERM)
    until(lambda: refuses(served), why="it still takes connections")
    early.sendall(b"Connection: close\r\n\r\n")
    answer = b"".join(iter(lambda: early.recv(65536), b""))
    early.close()
    assert answer.startswith(b"HTTP/1.1 200")
    assert served.process.wait(30) == 0


def refuses(served) -> bool:
    try:
        served.connect().close()
    except ConnectionRefusedError:
        return True
    return False


def test_children_do_not_outlive_a_killed_parent(served):
    children = served.children()
    served.process.kill()
    served.process.wait()
    until(lambda: not any(is_alive(child) for child in children))


def test_a_body_that_is_too_large_gets_the_portals_own_page(portal, served):
    size = portal.config["MAX_CONTENT_LENGTH"] + 1
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    status, text = served.request("POST", "/sign-in", b"x" * size, headers)
    assert status == 413
    assert "<h1" in text


def test_a_taken_port_is_said_in_one_sentence(portal, served, tmp_path):
    environ = environment(portal, tmp_path, PORT=str(served.port))
    second = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"Error: 127.0.0.1:{served.port}: Address already in use. "
        "Another program listens there; set PORT."
    ]


def test_it_starts_again_at_once_on_the_same_port(portal, served, tmp_path):
    assert served.get("/healthz")[0] == 200
    assert served.stop() == 0
    again = Served(environment(portal, tmp_path, PORT=str(served.port)))
    try:
        assert again.wait_until_ready().port == served.port
    finally:
        assert again.stop() == 0
