"""Who does a job: each feature declares handlers, ``create_app`` wires them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., None])

ONE_MINUTE = timedelta(minutes=1)


class Hopeless(Exception):
    """Raised by a handler: trying again would change nothing, somebody has to look at it."""


@dataclass(frozen=True)
class Handler:
    """How one kind of job is done."""

    kind: str
    label: Any
    run: Callable[..., None]
    lease: timedelta
    most_tries: int
    every: timedelta | None = None
    offset: timedelta = timedelta()


class Handlers:
    """The handlers of one feature::

        handlers = Handlers()

        @handlers.on("notices.send", label=lazy("Sending an e-mail"))
        def send(mail_id: int) -> None: ...

    A handler gets the payload as keywords, in a transaction that the worker commits together with
    the job. It may run twice. What is slow and outside the database goes after
    ``worker.end_transaction()``, so that nobody waits for it.
    """

    def __init__(self) -> None:
        self.all: dict[str, Handler] = {}

    def on(
        self,
        kind: str,
        *,
        label: Any = "",
        lease: timedelta = 2 * ONE_MINUTE,
        most_tries: int = 8,
    ) -> Callable[[F], F]:
        """Run the function for jobs of this kind; ``lease`` is the longest it may take.

        ``label`` names the work for administrators.
        """
        return self._declare(Handler(kind, label, _nothing, lease, most_tries))

    def every(
        self,
        interval: timedelta,
        kind: str,
        *,
        label: Any = "",
        offset: timedelta = timedelta(),
        lease: timedelta = 10 * ONE_MINUTE,
        most_tries: int = 3,
    ) -> Callable[[F], F]:
        """Run the decorated function once in each interval, without payload."""
        return self._declare(Handler(kind, label, _nothing, lease, most_tries, interval, offset))

    def _declare(self, handler: Handler) -> Callable[[F], F]:
        def decorate(run: F) -> F:
            if handler.kind in self.all:
                raise ValueError(f"two handlers for {handler.kind}")
            self.all[handler.kind] = replace(handler, run=run)
            return run

        return decorate


def _nothing() -> None:
    """Stands where the decorated function will."""


WIRED: dict[str, Handler] = {}


def wire(*features: Handlers) -> None:
    """Make the features' handlers known; a kind belongs to one feature only."""
    for handlers in features:
        for kind, handler in handlers.all.items():
            if WIRED.setdefault(kind, handler) is not handler:
                raise ValueError(f"two features handle {kind}")


def handler_of(kind: str) -> Handler:
    """The wired handler; raises LookupError for a kind that nobody handles."""
    try:
        return WIRED[kind]
    except KeyError:
        raise LookupError(f"nobody handles jobs of the kind {kind!r}") from None


def label_of(kind: str) -> Any:
    """What work of this kind is called; the kind itself when nobody named or handles it."""
    return (WIRED[kind].label if kind in WIRED else "") or kind


def periodic() -> list[tuple[Handler, timedelta]]:
    """All wired handlers that run at intervals, with the interval."""
    return [(handler, handler.every) for handler in WIRED.values() if handler.every]
