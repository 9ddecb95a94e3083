"""Addresses in templates, fast: a page asks for fifty of them, and mostly for the same."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context
from flask import url_for as flask_url_for
from flask.globals import request_ctx

KEPT = 16_384


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's ``url_for``, with what was built before looked up.

    Within a request an address depends on nothing but its endpoint, its values and the place where
    the portal is mounted. Whole addresses (``_external``) are built by Flask each time.
    """
    if not has_request_context() or "_external" in values or "_scheme" in values:
        return flask_url_for(endpoint, **values)
    here = request_ctx._get_current_object()  # type: ignore[attr-defined]
    request = here.request
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}" if request.blueprint else endpoint[1:]
    try:
        key = tuple([(name, type(value), value) for name, value in values.items()])
        return _built(here.app.name, request.script_root, endpoint, key)
    except TypeError:  # a value that cannot be looked up, such as a list
        return flask_url_for(endpoint, **values)


@lru_cache(maxsize=KEPT)
def _built(_app: str, _root: str, endpoint: str, values: tuple[tuple[str, type, Any], ...]) -> str:
    return flask_url_for(endpoint, **{name: value for name, _type, value in values})


def init(app: Flask) -> None:
    app.jinja_env.globals["url_for"] = url_for
