"""A person's own page: language, time zone, colours, password, devices, own record."""

from flask import current_app, flash, request
from flask_login import current_user

from portal.people import actions, queries
from portal.people.forms import preferences_form
from portal.texts import _
from portal.web.access import SIGNED_IN
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("profile", __name__, url_prefix="/profile")

A_YEAR = 365 * 24 * 3600


def _page(form, status: int = 200):
    return page(
        "people/profile.html", status=status, form=form, names=queries.names_of(current_user.id)
    )


@routes.get("", access=SIGNED_IN)
def show():
    return _page(preferences_form())


@routes.post("", access=SIGNED_IN)
def update():
    form = preferences_form()
    if not form.validate():
        return _page(form, 422)
    theme = form.theme.data or None
    actions.choose(
        current_user.person,
        language=form.language.data or None,
        zone=form.zone.data or None,
        theme=theme,
    )
    flash(_("Your choices are saved."))
    answer = redirect_to("profile.show")
    is_secure = current_app.config["SETTINGS"].is_secure
    if theme:
        answer.set_cookie("theme", theme, max_age=A_YEAR, samesite="Lax", secure=is_secure)
    elif "theme" in request.cookies:
        answer.delete_cookie("theme")
    return answer
