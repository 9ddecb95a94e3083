"""Which thread works on a request: the first alone, until somebody has waited."""

import threading

import pytest

from portal.server import turns as module
from portal.server.turns import Turns


class Request:
    """One that notes who works on it, and may hold them up."""

    def __init__(self, until: threading.Event | None = None) -> None:
        self.until = until
        self.worker = ""
        self.done = threading.Event()

    def service(self) -> None:
        self.worker = threading.current_thread().name
        if self.until is not None:
            self.until.wait(10)
        self.done.set()

    def cancel(self) -> None:
        pass


@pytest.fixture
def turns():
    dispatcher = Turns()
    dispatcher.set_thread_count(3)
    yield dispatcher
    dispatcher.shutdown(timeout=5)


def test_one_thread_works_as_long_as_it_keeps_up(turns, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 5)
    requests = [Request() for _ in range(30)]
    for one in requests:
        turns.add_task(one)
    assert all(one.done.wait(5) for one in requests)
    assert {one.worker for one in requests} == {"waitress-0"}


def test_another_steps_in_for_a_request_that_has_waited(turns):
    release = threading.Event()
    slow, *quick = Request(release), Request(), Request()
    for one in (slow, *quick):
        turns.add_task(one)
    assert all(one.done.wait(5) for one in quick)
    assert not slow.done.is_set()
    release.set()
    assert slow.done.wait(5)
    assert slow.worker == "waitress-0"
    assert all(one.worker != "waitress-0" for one in quick)


def test_while_two_are_held_up_a_third_steps_in(turns):
    release = threading.Event()
    slow = [Request(release), Request(release)]
    for one in slow:
        turns.add_task(one)
    last = Request()
    turns.add_task(last)
    assert last.done.wait(5)
    release.set()
    assert all(one.done.wait(5) for one in slow)
    assert len({one.worker for one in (*slow, last)}) == 3


def test_it_ends_when_told(turns):
    turns.shutdown(timeout=5)
    assert turns.threads == set()


def test_a_request_that_breaks_ends_no_thread(turns, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 5)
    broken, after = Request(), Request()
    broken.service = lambda: 1 / 0
    turns.add_task(broken)
    turns.add_task(after)
    assert after.done.wait(5)
    assert after.worker == "waitress-0"
