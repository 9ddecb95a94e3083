"""Cross-site request forgery: each write carries a token that lives as long as the sign-in.

A write with a bad token writes nothing, and nothing typed is lost: see portal/web/errors.py.
"""

from functools import lru_cache

from flask import current_app, request, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

KEPT = 4096


class Forged(Exception):
    """The token is missing, old, or from elsewhere."""


def check() -> None:
    """Raise Forged unless the form or the ``X-CSRFToken`` header holds this visitor's token."""
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise Forged(str(error)) from error


def token() -> str:
    """The visitor's token, for forms (``csrf()`` in templates/ui/field.html)."""
    secret = session.get("csrf_token")
    return _signed(current_app.secret_key, secret) if secret else generate_csrf()


@lru_cache(maxsize=KEPT)
def _signed(_key: str, _secret: str) -> str:
    """Signed once for each sign-in, since it lives as long."""
    return generate_csrf()
