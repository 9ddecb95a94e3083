"""What time it is. One place, so that a test or the demo can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return told.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block it is ``moment``, in this thread only. Moments may be nested."""
    token = told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        told.reset(token)
