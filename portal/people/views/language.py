"""Choosing the language of the portal, in the frame of every page, signed in or not."""

from flask import redirect, request, session
from flask_login import current_user

from portal.people import actions
from portal.web.access import ANYONE
from portal.web.kept import is_safe
from portal.web.language import LANGUAGES
from portal.web.routes import Routes

routes = Routes("language", __name__)


@routes.post("/language", access=ANYONE)
def update():
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            actions.speak(current_user.person, chosen)
    back = request.form.get("next")
    return redirect(back if back and is_safe(back) else "/", 303)
