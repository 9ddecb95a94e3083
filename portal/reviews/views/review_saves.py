"""Who saved what, when: the history of the reviews of one submission version."""

from portal.reviews import queries, sheets
from portal.reviews.views.reviews import desk_or_404
from portal.rubrics.queries import criteria_of
from portal.web.access import MENTOR
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("review_saves", __name__)


@routes.get("/cohorts/<int:cohort_id>/submissions/<int:submission_id>/review/saves", access=MENTOR)
def index(cohort_id: int, submission_id: int):
    desk = desk_or_404(cohort_id, submission_id)
    saves = queries.saves_of(submission_id)
    return page(
        "reviews/saves.html",
        desk=desk,
        saves=[(save, sheets.from_content(save.content)) for save in saves],
        criteria=criteria_of(desk.submission.rubric_version_id),
        names={save.person_id: save.person.name for save in saves},
        capacities=queries.capacities_of(cohort_id, desk.person.id),
    )
