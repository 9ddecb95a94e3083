"""In which language and zone a page speaks: the person's choice, the browser's, ours."""

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel
from flask_login import current_user

from portal import catalogue
from portal.web import texts
from portal.web.formats import Reader
from portal.web.frame import Frame

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}


def chosen() -> str:
    """The person's stored language, else the visitor's, else the browser's, else the default.

    Outside a request (the command line, the worker) it is the default.
    """
    if not has_request_context():
        return current_app.config["SETTINGS"].default_language
    own = current_user.language if current_user.is_authenticated else None
    return (
        own
        or session.get("language")
        or request.accept_languages.best_match(LANGUAGES)
        or current_app.config["SETTINGS"].default_language
    )


def chosen_zone() -> str:
    """The person's own zone, else that of the place at hand, else the portal's."""
    own = current_user.zone if current_user.is_authenticated else None
    return own or Frame.zone() or current_app.config["SETTINGS"].default_zone


def init(app: Flask) -> None:
    catalogue.compile_if_stale()
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["SETTINGS"].default_language
    Reader.zone = staticmethod(chosen_zone)
    Babel(app, locale_selector=chosen)
    texts.init(app)
    app.jinja_env.globals["languages"] = LANGUAGES
