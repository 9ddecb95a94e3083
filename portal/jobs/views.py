"""Work in the background: what waits, and what was given up; for administrators of the portal."""

from datetime import timedelta

from flask import abort, flash, request

from portal import clock
from portal.jobs import actions, queries
from portal.jobs.explanations import explanation, last_line
from portal.jobs.handlers import label_of
from portal.jobs.queries import OVERDUE
from portal.outages.queries import outages_since
from portal.texts import _, ngettext
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("jobs", __name__, url_prefix="/jobs")

ON_A_PAGE = 50
OUTAGES_SHOWN = timedelta(days=90)
ROUTES = (routes,)


@routes.get("", access=ADMINISTRATOR)
def index():
    start = request.args.get("from", 0, type=int)
    start = start if 0 <= start < 1_000_000 else 0
    now = clock.now()
    return page(
        "jobs/index.html",
        failed=queries.failed_jobs(limit=ON_A_PAGE, offset=start),
        backlog=queries.backlog(now, now - OVERDUE),
        outages=outages_since(now - OUTAGES_SHOWN),
        label_of=label_of,
        explanation=explanation,
        last_line=last_line,
        start=start,
        step=ON_A_PAGE,
    )


@routes.post("/retries", access=ADMINISTRATOR)
def retry_all():
    """Everything that was given up is tried anew."""
    count = actions.retry()
    flash(ngettext("%(num)d is tried again.", "%(num)d are tried again.", count))
    return redirect_to("jobs.index")


@routes.post("/<int:job_id>/retry", access=ADMINISTRATOR)
def retry(job_id: int):
    if not actions.retry(job_id):
        abort(404)
    flash(_("It is tried again."))
    return redirect_to("jobs.index")


@routes.post("/<int:job_id>/removal", access=ADMINISTRATOR)
def remove(job_id: int):
    """It will not be done, and is listed no more."""
    if not actions.remove(job_id):
        abort(404)
    flash(_("It is taken off the list and will not be done."))
    return redirect_to("jobs.index")
