"""Changing one's own password."""

from flask import flash
from flask_login import current_user

from portal import clock
from portal.people import actions, passwords, queries, throttling
from portal.people.forms import PasswordForm
from portal.people.rules import PATIENCE
from portal.texts import _
from portal.web.access import SIGNED_IN
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes, reading

routes = Routes("password", __name__, url_prefix="/profile/password")


@routes.get("", access=SIGNED_IN)
def edit():
    return page("people/password.html", form=PasswordForm(current_user))


@routes.post("", access=SIGNED_IN)
def update():
    person = current_user.person
    key = throttling.key_of("pair", "own password", person.id)
    with reading():
        form = PasswordForm(person)
        is_good = form.validate()
        counted = queries.failure(key)
    if counted and PATIENCE["pair"].free_at(counted.count, counted.last_at) > clock.now():
        form.refuse(_("There were too many wrong passwords. Try again in a quarter of an hour."))
        return page("people/password.html", status=429, form=form)
    # Hashing happens between the transactions, so that it holds nobody up.
    if is_good and not passwords.matches(person.password_hash, form.current_password.data):
        throttling.note_failures({"pair": key})
        form.refuse(_("This is not your present password."), "current_password")
        is_good = False
    if not is_good:
        return page("people/password.html", status=422, form=form)
    hashed = passwords.hash_of(form.new_password.data)
    actions.set_password(person, hashed, by=person.id, but=current_user.sign_in.id)
    flash(_("Your password is changed. Your other devices are signed out."))
    return redirect_to("profile.show")
