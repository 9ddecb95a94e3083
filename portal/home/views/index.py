"""The first page after signing in."""

from flask_login import current_user

from portal.cohorts.queries import cohorts_of, organisations_administered_by
from portal.web.access import SIGNED_IN
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("home", __name__)


@routes.get("/", access=SIGNED_IN)
def index():
    return page(
        "home/index.html",
        cohorts=cohorts_of(current_user.id),
        organisations=organisations_administered_by(current_user.id),
    )
