"""A parent that starts children, brings back those that die, and ends them in good order."""

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import NoReturn

BACK_OFF_SECONDS = (0.0, 0.2, 0.5, 1.0, 2.0)
STEADY_SECONDS = 10  # a child that lived this long had a good start
HOPELESS = 5  # deaths before the portal ever answered


def say(text: str) -> None:
    """One line for whoever watches, at once."""
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fork(body: Callable[[], None]) -> int:
    """Run `body` in a copy of this process, with signals as at birth; the copy's process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        _be_child(body)
    return process


def _be_child(body: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        body()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        if isinstance(leaving.code, str):
            complain(leaving.code)
    except BaseException:  # whatever it was, the child must not run on as a second parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run_to_the_end(name: str, body: Callable[[], None]) -> int:
    """Run `body` in a process of its own and wait for it; its exit code, 1 for a signal."""
    _, status = os.waitpid(fork(body), 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        complain(f"{name} was ended by {signal.Signals(-code).name}")
        return 1
    return code


class Child:
    """One process that shall be running."""

    def __init__(self, name: str, body: Callable[[], None]) -> None:
        self.name = name
        self.body = body
        self.process: int | None = None
        self.started = 0.0
        self.deaths = 0
        self.due = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = fork(self.body)

    def died(self, status: int) -> None:
        code = os.waitstatus_to_exitcode(status)
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        now = time.monotonic()
        self.process = None
        self.deaths = 1 if now - self.started > STEADY_SECONDS else self.deaths + 1
        wait = BACK_OFF_SECONDS[min(self.deaths, len(BACK_OFF_SECONDS)) - 1]
        self.due = now + wait
        complain(f"{self.name} ended ({how}); it comes back in {wait:g} s")

    def end(self, number: signal.Signals) -> None:
        if self.process is not None:
            os.kill(self.process, number)


class Supervisor:
    """Keeps children running until a signal; a second signal does not wait for them."""

    def __init__(
        self,
        children: list[Child],
        *,
        is_ready: Callable[[], bool],
        on_ready: Callable[[], object],
        on_stop: Callable[[], object],
        patience: float,
    ) -> None:
        self.children = children
        self.is_ready = is_ready
        self.on_ready = on_ready
        self.on_stop = on_stop
        self.patience = patience
        self.asked_to_stop = 0

    def run(self) -> int:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        signal.set_wakeup_fd(writer)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake the loop
        ready = False
        while not self.asked_to_stop:
            self._start_due()
            if not ready and self.is_ready():
                ready = True
                self.on_ready()
            self._wait(reader, 0.2 if not ready else self._until_next())
            self._collect()
            if not ready and any(child.deaths >= HOPELESS for child in self.children):
                complain("The portal does not start; see the messages above.")
                self._stop(reader)
                return 1
        self._stop(reader)
        return 0

    def _ask_to_stop(self, *_: object) -> None:
        self.asked_to_stop += 1

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None and child.due <= now:
                child.start()

    def _until_next(self) -> float:
        due = [child.due for child in self.children if child.process is None]
        return max(0.0, min(due) - time.monotonic()) if due else 60.0

    def _wait(self, reader: int, seconds: float) -> None:
        if select.select([reader], [], [], seconds)[0]:
            os.read(reader, 4096)

    def _collect(self) -> None:
        """Note every child that has ended."""
        for child in self.children:
            if child.process is not None:
                process, status = os.waitpid(child.process, os.WNOHANG)
                if process and self.asked_to_stop:
                    child.process = None
                elif process:
                    child.died(status)

    def _stop(self, reader: int) -> None:
        """SIGTERM to all; SIGKILL when patience ends or a second signal comes."""
        self.on_stop()
        calls = self.asked_to_stop = max(self.asked_to_stop, 1)
        for child in self.children:
            child.end(signal.SIGTERM)
        limit = time.monotonic() + self.patience
        while any(child.process for child in self.children):
            if time.monotonic() > limit or self.asked_to_stop > calls:
                for child in self.children:
                    child.end(signal.SIGKILL)
            self._wait(reader, 0.2)
            self._collect()
