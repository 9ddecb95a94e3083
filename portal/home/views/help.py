"""Help: a short page for each role, with the organiser's contact."""

from flask_login import current_user

from portal.home.navigation import places
from portal.web.access import ANYONE
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("help", __name__)


@routes.get("/help", access=ANYONE)
def show():
    roles = places().roles
    if not current_user.is_authenticated:
        roles = {"participant", "mentor"}
    return page("home/help.html", roles=roles)
