"""When a request arrived: noted before anything reads its body or asks the database."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Flask, request

from portal import clock

KEY = "portal.arrived_at"


def arrived_at() -> datetime:
    """The server's time when the present request arrived."""
    moment = request.environ.get(KEY)
    return moment if isinstance(moment, datetime) else clock.now()


def init(app: Flask) -> None:
    inner = app.wsgi_app

    def note_arrival(
        environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        environ[KEY] = clock.now()
        return inner(environ, start_response)

    app.wsgi_app = note_arrival  # type: ignore[method-assign]
