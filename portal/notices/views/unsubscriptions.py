"""Ending e-mails by the address that stands in them, signed in or not.

A GET only shows a button, since programs open links ahead of people. The POST is what mail
programs send by themselves when somebody presses their «unsubscribe» (RFC 8058), so it carries no
token of ours and is answered at once.
"""

from flask import abort

from portal.notices import actions
from portal.notices.unsubscribing import Scope, scope_of
from portal.web.access import ANYONE
from portal.web.htmx import Page, page
from portal.web.routes import Routes

routes = Routes("unsubscriptions", __name__, url_prefix="/unsubscribe")


def _page(token: str, scope: Scope, *, is_done: bool) -> Page:
    return page("notices/unsubscribe.html", token=token, event=scope.event, is_done=is_done)


@routes.get("/<token>", access=ANYONE)
def show(token):
    scope = scope_of(token) or abort(404)
    return _page(token, scope, is_done=False)


@routes.post("/<token>", access=ANYONE, is_signed=True)
def create(token):
    scope = scope_of(token) or abort(404)
    actions.unsubscribe(scope.person_id, scope.events)
    return _page(token, scope, is_done=True)
