"""SIGKILL to web and worker at random moments while people save, hand in and judge.

What was acknowledged is there afterwards; what was not is there whole or not at all.
"""

import os
import random
import signal
import time

import pytest

from tests.drill.crew import at_work, check, crew
from tests.processes import Served, environment, until

KILLS = int(os.environ.get("DRILL_KILLS", "200"))


@pytest.fixture
def outlived(portal):
    """`flask serve` that may be killed: its end is not looked at."""
    one = Served(environment(portal, portal.config["SETTINGS"].instance, PORTAL_PROCESSES="2"))
    try:
        yield one.wait_until_ready()
    finally:
        one.stop()


def kill_children(served, kills: int) -> None:
    """So many children, one after the other; each comes back before the next one dies."""
    for _ in range(kills):
        time.sleep(random.uniform(0.02, 0.4))
        victim = random.choice(until(lambda: whole(served)))
        os.kill(victim, signal.SIGKILL)
        until(lambda gone=victim: gone not in served.children())


def whole(served) -> list[int]:
    children = served.children()
    return children if len(children) == 3 else []


def test_no_acknowledged_write_is_lost_and_none_is_half_done(portal, world, outlived):
    actors = crew(portal, world, outlived)
    with at_work(actors):
        kill_children(outlived, KILLS)
    print(f"\n{KILLS} kills")
    check(portal, actors)
