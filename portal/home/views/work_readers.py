"""Who opened my work: the sightings of one's own submission versions by others."""

from flask_login import current_user

from portal.home.queries import readers_of
from portal.web.access import SIGNED_IN
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("work_readers", __name__, url_prefix="/profile/readers")

SHOWN = 200


@routes.get("", access=SIGNED_IN)
def index():
    return page("home/work_readers.html", readings=readers_of(current_user.id, SHOWN), most=SHOWN)
