"""«Forgot password?»: a link by e-mail where there is e-mail, else the way to the administrator.

The answer is the same whether the account exists or not.
"""

from flask import current_app, request

from portal import clock
from portal.jobs.actions import enqueue
from portal.people import queries, throttling
from portal.people.forms import ForgottenPasswordForm
from portal.people.rules import PATIENCE, folded, network_of
from portal.texts import _
from portal.web.access import ANYONE
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes, reading

routes = Routes("forgotten_passwords", __name__, url_prefix="/forgotten-password")


def has_mail() -> bool:
    return bool(current_app.config["SETTINGS"].smtp_url)


@routes.get("", access=ANYONE)
def new():
    return page("people/forgotten_password.html", form=ForgottenPasswordForm(), has_mail=has_mail())


@routes.get("/sent", access=ANYONE)
def show():
    return page("people/forgotten_password_sent.html", has_mail=has_mail())


@routes.post("", access=ANYONE)
def create():
    form = ForgottenPasswordForm()
    if not form.validate():
        return page("people/forgotten_password.html", status=422, form=form, has_mail=has_mail())
    name, place = form.name.data, network_of(request.remote_addr or "")
    by_name = throttling.key_of("forgotten", folded(name))
    by_address = throttling.key_of("address", "forgotten", place)
    with reading():
        person = queries.person_called(name)
        waits = [_is_waiting(by_name, "forgotten"), _is_waiting(by_address, "address")]
    if any(waits):
        form.refuse(_("A link was asked for several times already. Look for it, or wait an hour."))
        return page("people/forgotten_password.html", status=429, form=form, has_mail=has_mail())
    throttling.note_failures({"forgotten": by_name, "address": by_address})
    if person and has_mail():
        enqueue("people.mail_reset_link", {"person_id": person.id})
    return redirect_to("forgotten_passwords.show")


def _is_waiting(key: str, kind: str) -> bool:
    counted = queries.failure(key)
    return (
        counted is not None and PATIENCE[kind].free_at(counted.count, counted.last_at) > clock.now()
    )
