"""One-time links: an invitation or a reset leads here, to choose a password and enter."""

from flask import abort

from portal import clock
from portal.people import actions, entrance, passwords, queries
from portal.people.forms import NewPasswordForm
from portal.people.models import OneTimeLink
from portal.people.views.sign_in import tell_of_kept_texts
from portal.web.access import ANYONE
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes, reading

routes = Routes("welcome", __name__)


def _link(token: str) -> OneTimeLink:
    link = queries.good_link(token, clock.now())
    if link is None:
        abort(410)
    return link


@routes.get("/welcome/<token>", access=ANYONE)
def show(token):
    """Looking uses nothing up: chat programs open links ahead of the person."""
    link = _link(token)
    return page(
        "people/welcome.html",
        link=link,
        names=queries.names_of(link.person_id),
        form=NewPasswordForm(link.person),
        token=token,
    )


@routes.post("/welcome/<token>", access=ANYONE)
def create(token):
    with reading():
        link = _link(token)
        names = queries.names_of(link.person_id)
        form = NewPasswordForm(link.person)
        is_good = form.validate()
    if not is_good:
        return page(
            "people/welcome.html", status=422, link=link, names=names, form=form, token=token
        )
    hashed = passwords.hash_of(form.new_password.data)
    link = _link(token)
    actions.set_password(link.person, hashed, by=link.person_id)
    entrance.enter(link.person)
    tell_of_kept_texts(link.person_id)
    return redirect_to("home.index")
