"""The devices on which a person is signed in, and ending that."""

from flask import abort, flash
from flask_login import current_user

from portal import clock
from portal.journal.actions import record
from portal.people import actions, entrance, queries
from portal.texts import _
from portal.web.access import SIGNED_IN
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("sign_ins", __name__, url_prefix="/profile/sign-ins")


@routes.get("", access=SIGNED_IN)
def index():
    sign_ins = queries.sign_ins_of(current_user.id, now=clock.now(), **entrance.spans())
    return page("people/sign_ins.html", sign_ins=sign_ins, here=current_user.sign_in.id)


@routes.post("/<int:sign_in_id>/remove", access=SIGNED_IN)
def remove(sign_in_id):
    sign_in = queries.sign_in_of(current_user.id, sign_in_id) or abort(404)
    actions.end_sign_in(sign_in)
    record("people.sign_out", sign_in, by=current_user.id)
    if sign_in.id == current_user.sign_in.id:
        entrance.leave()
        return redirect_to("sign_in.new")
    flash(_("That device is signed out."))
    return redirect_to("sign_ins.index")


@routes.post("/others/remove", access=SIGNED_IN)
def remove_others():
    actions.end_sign_ins(current_user.id, but=current_user.sign_in.id)
    record("people.sign_out_others", by=current_user.id)
    flash(_("All other devices are signed out."))
    return redirect_to("sign_ins.index")
