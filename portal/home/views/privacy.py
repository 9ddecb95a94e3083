"""The privacy page: what is kept, who sees it, how long."""

from flask import current_app

from portal.web.access import ANYONE
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("privacy", __name__)


@routes.get("/privacy", access=ANYONE)
def show():
    settings = current_app.config["SETTINGS"]
    return page("home/privacy.html", idle_days=settings.idle_days)
