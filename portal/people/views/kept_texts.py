"""Kept texts: what a person typed and could not send, to read, send again, or throw away."""

from flask import abort, flash
from flask_login import current_user

from portal.people import actions, queries
from portal.people.models import KeptText
from portal.texts import _
from portal.web import kept
from portal.web.access import SIGNED_IN
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("kept_texts", __name__, url_prefix="/kept")


def _kept_text(kept_text_id: int) -> KeptText:
    return queries.kept_text_of(current_user.id, kept_text_id) or abort(404)


@routes.get("", access=SIGNED_IN)
def index():
    texts = [
        (one, next((text for name, text in one.fields if not kept.is_machine_made(name, text)), ""))
        for one in queries.kept_texts_of(current_user.id)
    ]
    return page("people/kept_texts.html", texts=texts)


@routes.get("/<int:kept_text_id>", access=SIGNED_IN)
def show(kept_text_id):
    text = _kept_text(kept_text_id)
    return page("people/kept_text.html", kept_text=text, fields=kept.shown(text.fields))


@routes.post("/<int:kept_text_id>/remove", access=SIGNED_IN)
def remove(kept_text_id):
    text = _kept_text(kept_text_id)
    actions.throw_away(current_user.id, text.id)
    flash(_("The kept text was thrown away."))
    return redirect_to("kept_texts.index")
