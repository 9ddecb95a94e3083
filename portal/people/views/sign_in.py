"""Signing in and out."""

from flask import redirect, request, url_for
from flask_login import current_user

from portal.people import actions, entrance, passwords, queries
from portal.people.forms import SignInForm
from portal.texts import _
from portal.web.access import ANYONE, SIGNED_IN
from portal.web.htmx import page, redirect_to
from portal.web.kept import is_safe
from portal.web.routes import Routes

routes = Routes("sign_in", __name__)


def _next() -> str:
    location = request.values.get("next")
    return location if location and is_safe(location) else url_for("home.index")


@routes.get("/sign-in", access=ANYONE)
def new():
    if current_user.is_authenticated:
        return redirect(_next())
    return page("people/sign_in.html", form=SignInForm(), next=_next())


@routes.post("/sign-in", access=ANYONE)
def create():
    form = SignInForm()
    if not form.validate():
        return page("people/sign_in.html", status=422, form=form, next=_next())
    person = queries.person_called(form.name.data)
    right = passwords.matches(person.password_hash if person else None, form.password.data)
    if person is None or not right:
        form.refuse(_("The name or the password is not right. Nothing else was checked."))
        return page("people/sign_in.html", status=422, form=form, next=_next())
    entrance.enter(person)
    return redirect(_next(), 303)


@routes.post("/sign-out", access=SIGNED_IN)
def remove():
    actions.end_sign_in(current_user.sign_in)
    entrance.leave()
    return redirect_to("sign_in.new")
