"""A fault at every step of the worker: nothing is lost, and at most one e-mail comes twice."""

import contextlib
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.database import db
from portal.jobs import actions as jobs
from portal.jobs.worker import run_free_jobs
from portal.notices import jobs as sending
from portal.notices import letters, outbox
from portal.notices.models import Delivery, Notice
from tests.notices.outgoing import MORNING, announce, left


class Killed(BaseException):
    """The worker is gone at this moment: nothing that it could still do is done."""


class Fault(Exception):
    """Something that a worker survives."""


class Steps:
    """Every call of these functions is two steps: before it and after it. One of them fails."""

    def __init__(self, monkeypatch) -> None:
        self.reached: list[str] = []
        self.fails_at: int | None = None
        self.failure: type[BaseException] = Killed
        for owner, name in (
            (db.session, "commit"),
            (jobs, "claim"),
            (jobs, "finish"),
            (outbox, "collect"),
            (letters, "write"),
            (letters, "message_of"),
            (sending.mail, "deliver"),
        ):
            self._watch(monkeypatch, owner, name)

    def begin(self, fails_at: int | None, failure: type[BaseException] = Killed) -> None:
        self.reached, self.fails_at, self.failure = [], fails_at, failure

    def _watch(self, monkeypatch, owner, name: str) -> None:
        real = getattr(owner, name)

        def watched(*args, **kwargs):
            self._step(f"before {name}")
            answer = real(*args, **kwargs)
            self._step(f"after {name}")
            return answer

        monkeypatch.setattr(owner, name, watched)

    def _step(self, name: str) -> None:
        self.reached.append(name)
        if self.fails_at is not None and len(self.reached) - 1 == self.fails_at:
            self.fails_at = None
            raise self.failure(name)


@pytest.fixture
def steps(portal, monkeypatch):
    return Steps(monkeypatch)


def work_through(portal, time) -> None:
    """Workers follow each other until nothing is left; what one held comes free meanwhile."""
    for _worker in range(3):
        with contextlib.suppress(Killed, Fault):
            run_free_jobs(portal)
        time.shift(timedelta(minutes=20))
    run_free_jobs(portal)


def doubling(reached: list[str]) -> set[int]:
    """The steps between the server's answer and our commit."""
    answered = reached.index("after deliver")
    noted = answered + reached[answered:].index("before commit")
    return set(range(answered, noted + 1))


@pytest.mark.parametrize("failure", [Killed, Fault])
def test_a_fault_at_any_step_loses_nothing(portal, world, mail, scene, steps, failure):
    with time_machine.travel(MORNING, tick=False) as time:
        with scene():
            announce(world.participant, 0)
        steps.begin(None)
        work_through(portal, time)
        twice = doubling(steps.reached)
        count = max(twice) + 2
        assert len(mail.received) == 1
        assert count > 20
        came_twice = set()
        for number in range(1, count + 1):
            time.move_to(MORNING + timedelta(days=number))
            mail.received.clear()
            with scene():
                announce(world.participant, number)
            steps.begin(number - 1, failure)
            work_through(portal, time)
            ids = Counter(one.message["Message-ID"] for one in mail.received)
            assert len(ids) == 1, (number, steps.reached)
            if len(mail.received) == 2:
                came_twice.add(number - 1)
            else:
                assert len(mail.received) == 1
            with scene():
                assert left() == {"jobs": 0, "unsent": 0, "loose": 0, "notices": number + 1}
        assert came_twice == twice
        with scene() as session:
            rows = session.execute(sa.select(sa.func.count(Notice.id))).scalar()
            assert session.scalar(sa.select(sa.func.count(Delivery.id))) == rows
