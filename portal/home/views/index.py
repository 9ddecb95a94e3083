"""The first page after signing in."""

from flask_login import current_user

from portal.cohorts.queries import cohorts_of, organisations_administered_by
from portal.web.access import MEMBER, SIGNED_IN, standing
from portal.web.frame import address
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("home", __name__)


@routes.get("/", access=SIGNED_IN)
def index():
    return page(
        "home/index.html",
        cohorts=cohorts_of(current_user.id),
        organisations=organisations_administered_by(current_user.id),
    )


@routes.get("/cohorts/<int:cohort_id>", access=MEMBER)
def cohort(cohort_id: int):
    """Where a link to a cohort leads: to what this person does there."""
    if standing().is_administrator:
        return redirect_to("progress.index", cohort_id=cohort_id)
    if standing().is_participant:
        return redirect_to("lessons.index", cohort_id=cohort_id)
    return redirect_to("reviews.index" if address("reviews.index") else "home.index")
