"""What a person sees when something went wrong. Nobody sees a stack trace or a blank page,
and whatever they typed comes back (portal/web/kept.py)."""

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from portal.database import db
from portal.texts import lazy
from portal.web import htmx, kept
from portal.web.forgery import Forged
from portal.web.htmx import page, wants_json

# What a script tells the person (static/js/upload.js); pages say more (templates/web/error.html).
SENTENCES = {
    403: lazy("You may not do this here any more."),
    404: lazy("This is not here any more."),
    423: lazy("This cohort is closed: everything can be read, nothing can be changed."),
    413: lazy("That is more than the server takes at once. What was saved before is kept."),
    429: lazy("That was too often. Wait a minute, then try again."),
    500: lazy("That did not work, and nothing was changed. Try again in a minute."),
}
TITLED = {400, 403, 404, 405, 410, 413, 423, 429, 500, 503}


def init(app: Flask) -> None:
    app.register_error_handler(Forged, forged)
    app.register_error_handler(HTTPException, known)
    app.register_error_handler(Exception, unknown)


def _close_transaction() -> None:
    db.session.rollback()
    db.session.info["readonly"] = True


def forged(error: Forged):
    """A bad token: the page comes back with the typed text, a fresh token, and «press again»."""
    _close_transaction()
    if wants_json():
        return {"error": "token", "token": kept.fresh_token()}, 400
    return kept.press_again("token").render()


def known(error: HTTPException):
    _close_transaction()
    if error.code == 401:
        return signed_out()
    if error.code is None or error.code < 400:
        return error
    return problem(error.code)


def unknown(error: Exception):
    current_app.logger.exception("Unexpected error on %s %s", request.method, request.path)
    try:
        _close_transaction()
        return problem(500)
    except Exception:  # not even the page could be made, for the database is away, say
        current_app.logger.exception("Nor could the page be shown")
        return current_app.jinja_env.get_template("web/bare.html").render(), 500


def signed_out():
    """Send a visitor to the sign-in page; what a POST carried is kept for who sent it."""
    is_write = request.method == "POST"
    is_kept = is_write and kept.keep_for_owner("signed out") is not None
    target = url_for("sign_in.new", next=kept.way_back())
    if wants_json():
        return {"error": "signed out", "location": target, "kept": is_kept}, 401
    if is_write and not is_kept and kept.has_words(kept.typed()):
        return kept.press_again("stranger").render()
    if htmx.is_swap():
        return htmx.leave_page(target)
    return redirect(target, 303)


def problem(code: int):
    """The page for an error, with what was typed if it was a form, kept for the person too."""
    shown = code if code in TITLED else (400 if code < 500 else 500)
    fields = kept.typed() if request.method == "POST" and code != 413 else []
    where = kept.keep_for_owner("refused") if fields else None
    if wants_json():
        return {"error": str(SENTENCES.get(code, SENTENCES[500])), "code": code}, code
    return page(
        "web/error.html",
        status=code,
        code=shown,
        typed=[one for one in kept.shown(fields) if one.label],
        where=where,
        back=kept.form_page() if request.method == "POST" else None,
    ).render()
