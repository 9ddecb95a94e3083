"""My marks and feedback: everything released to a participant in a cohort, on one page."""

from flask_login import current_user

from portal.reviews import queries, records
from portal.rubrics.queries import criteria_by_version
from portal.web.access import PARTICIPANT, standing
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("feedback", __name__)


@routes.get("/cohorts/<int:cohort_id>/feedback", access=PARTICIPANT)
def index(cohort_id: int):
    said = records.released_reviews_in(cohort_id, current_user.id)
    return page(
        "reviews/feedback.html",
        works=records.by_assignment(said),
        criteria_of=criteria_by_version(one.version.rubric_version_id for one in said),
        capacities=queries.capacities_of(cohort_id, current_user.id),
        cohort=standing().cohort,
    )
