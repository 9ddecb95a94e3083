"""Signing in and out."""

from flask import flash, redirect, request, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from portal.journal.actions import record
from portal.people import actions, entrance, passwords, queries, throttling
from portal.people.forms import SignInForm
from portal.texts import _, ngettext
from portal.web.access import ANYONE, SIGNED_IN
from portal.web.formats import remaining
from portal.web.htmx import page, redirect_to
from portal.web.kept import is_safe
from portal.web.routes import Routes, reading

routes = Routes("sign_in", __name__)


def _next() -> str:
    location = request.values.get("next")
    return location if location and is_safe(location) else url_for("home.index")


def _again(form: SignInForm, status: int):
    return page("people/sign_in.html", status=status, form=form, next=_next())


@routes.get("/sign-in", access=ANYONE)
def new():
    if current_user.is_authenticated:
        return redirect(_next())
    return page("people/sign_in.html", form=SignInForm(), next=_next())


@routes.post("/sign-in", access=ANYONE)
def create():
    form = SignInForm()
    if not form.validate():
        return _again(form, 422)
    name, address = form.name.data, request.remote_addr or ""
    with reading():
        account = queries.account_called(name, address)
    person = account.person
    keys = throttling.keys_of(person, name, address)
    wait = throttling.free_at(account.failures, keys, is_known_address=account.is_known_address)
    if wait:
        form.refuse(
            _(
                "There were too many wrong passwords. Try again in %(time)s; until then "
                "no password is looked at. If you forgot yours, choose a new one below.",
                time=remaining(wait),
            )
        )
        return _again(form, 429)
    # No transaction is open here: the hash takes its time without holding anybody up.
    is_right = passwords.matches(person.password_hash if person else None, form.password.data)
    if person is None or not is_right:
        throttling.note_failures(keys)
        record("people.sign_in_failed", person, by=None)
        form.refuse(_("The name or the password is not right. Nothing else was checked."))
        return _again(form, 422)
    fresh = None
    if person.password_hash and passwords.is_outdated(person.password_hash):
        fresh = passwords.hash_of(form.password.data)
    if fresh:
        person.password_hash = fresh
    throttling.forget_failures(keys["pair"])
    entrance.enter(person)
    tell_of_kept_texts(person.id)
    return redirect(_next(), 303)


@routes.post("/sign-out", access=SIGNED_IN)
def remove():
    sign_in = queries.sign_in_of(current_user.id, current_user.sign_in.id)
    assert sign_in is not None
    actions.end_sign_in(sign_in)
    record("people.sign_out", sign_in, by=current_user.id)
    entrance.leave()
    return redirect_to("sign_in.new")


def tell_of_kept_texts(person_id: int) -> None:
    """After signing in: say that a text waits, with the way to it."""
    waiting = queries.kept_texts_of(person_id)
    if not waiting:
        return
    where = (
        url_for("kept_texts.show", kept_text_id=waiting[0].id)
        if len(waiting) == 1
        else url_for("kept_texts.index")
    )
    sentence = ngettext(
        "A text that you typed could not be sent and is kept for you.",
        "%(num)d texts that you typed could not be sent and are kept for you.",
        len(waiting),
    )
    link = Markup('<a href="{}">{}</a>').format(where, _("Show what is kept"))
    flash(escape(sentence) + " " + link, "warning")
