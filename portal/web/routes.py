"""Routes: a Blueprint on which every route declares who may enter and is one unit of work."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, abort, g
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from portal.database import db
from portal.web import forgery, kept
from portal.web.access import Access, guard, keep_open
from portal.web.htmx import Page
from portal.web.requests import StorableRequest, is_storable

LARGEST_ID = 2**31 - 1


@dataclass
class Afterwards:
    """What a POST may answer instead of a way to another page: that page itself, looked up once
    everything is committed, as if it had been asked for."""

    look: Callable[[], Page]


class Routes(Blueprint):
    """Use ``.get`` and ``.post``; both demand ``access=``.

    A GET runs on a connection that cannot write. A POST is admitted on such a one, then runs in a
    transaction of its own that is committed here once, whatever the view answers, unless it raises.
    It needs the visitor's token, unless ``is_signed``: then the address itself holds a signature
    that the view checks, and no cookie means anything.

    Where the cohort in the address is closed, a POST is refused unless it is ``even_closed``, and
    so is a GET that is not: a page that is only a form. While a POST writes, no cohort is closed.
    """

    def get(  # type: ignore[override]
        self, rule: str, *, access: Access, even_closed: bool = True, **options
    ):
        read = functools.partial(_read, even_closed=even_closed)
        return self._declare(rule, "GET", access, options, read)

    def post(  # type: ignore[override]
        self,
        rule: str,
        *,
        access: Access,
        is_signed: bool = False,
        even_closed: bool = False,
        **options,
    ):
        write = functools.partial(_write, is_signed=is_signed, even_closed=even_closed)
        return self._declare(rule, "POST", access, options, write, is_signed=is_signed)

    def _declare(
        self, rule: str, method: str, access: Access, options, unit, *, is_signed: bool = False
    ):

        def decorate(view: Callable[..., ResponseReturnValue]):
            @functools.wraps(view)
            def run(**view_args):
                if not all(is_storable(word) for word in view_args.values()):
                    abort(404)
                return unit(view, access, view_args)

            run.access = access  # type: ignore[attr-defined]
            run.is_signed = is_signed  # type: ignore[attr-defined]
            endpoint = options.pop("endpoint", view.__name__)
            self.add_url_rule(rule, endpoint, run, methods=[method], **options)
            return view

        return decorate


def _read(view, access: Access, view_args, *, even_closed: bool):
    db.session.info["readonly"] = True
    guard(access, view_args, writes=False, even_closed=even_closed)
    return _answer(view(**view_args))


def _write(view, access: Access, view_args, *, is_signed: bool, even_closed: bool):
    db.session.info["readonly"] = True
    guard(access, view_args, writes=True, even_closed=even_closed)
    if not is_signed:
        forgery.check()
    db.session.commit()
    db.session.info["readonly"] = False
    if not even_closed:
        keep_open(view_args)
    answer = view(**view_args)
    kept.forget_sent(answer)
    db.session.commit()
    db.session.info["readonly"] = True
    for effect in g.pop("after_commit", ()):
        effect()
    return _answer(answer.look() if isinstance(answer, Afterwards) else answer)


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Look before the first write of a POST: the block cannot write, and when it ends no
    transaction is open, so that slow work (a password's hash) may follow without any lock."""
    db.session.info["readonly"] = True
    try:
        yield
    finally:
        db.session.commit()
        db.session.info["readonly"] = False


@contextlib.contextmanager
def writing_after_all() -> Iterator[None]:
    """A short transaction of its own for what must be kept although the request failed."""
    db.session.rollback()
    db.session.info["readonly"] = False
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        db.session.info["readonly"] = True


def after_commit(effect: Callable[[], None]) -> None:
    """Run ``effect`` once this request's transaction has been committed."""
    g.setdefault("after_commit", []).append(effect)


def _answer(answer) -> ResponseReturnValue:
    """What is sent. Nothing was written while it was made, but the transaction ends with a commit,
    since at a rollback PostgreSQL's driver forgets every statement it has prepared."""
    made = answer.render() if isinstance(answer, Page) else answer
    db.session.commit()
    return made


class BoundedInteger(IntegerConverter):
    """The ``int`` of every route: an id no database holds is no page, instead of an error."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **options})


def bound_ids(app: Flask) -> None:
    """From now on requests hold only what a database can: ``<int:...>`` in a route is an id of
    at most 31 bits, and no text holds a NUL."""
    app.request_class = StorableRequest
    app.url_map.converters["int"] = BoundedInteger


def undeclared_routes(app) -> list[str]:
    """Endpoints that declare no access. ``create_app`` refuses to start when there are any."""
    return sorted(
        endpoint for endpoint, view in app.view_functions.items() if not hasattr(view, "access")
    )
