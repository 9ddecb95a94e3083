"""How soon each mentor of a cohort answers, as a picture beside its numbers."""

from portal import clock
from portal.progress import turnaround
from portal.web.access import ADMINISTRATOR, standing
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("turnaround", __name__, url_prefix="/cohorts/<int:cohort_id>/turnaround")


@routes.get("", access=ADMINISTRATOR)
def index(cohort_id: int):
    now = clock.now()
    rows = turnaround.turnaround_in(cohort_id, now)
    return page(
        "progress/turnaround.html",
        cohort=standing().cohort,
        rows=rows,
        longest=max((one.median_days or 0 for one in rows), default=0),
        now=now,
    )
