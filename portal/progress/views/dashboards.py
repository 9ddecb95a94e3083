"""A cohort in pictures, each with its table; and two cohorts side by side."""

from datetime import datetime, timedelta

from flask import request

from portal import clock
from portal.progress import pictures
from portal.progress.dashboards import Dashboard, cohorts_beside, dashboards_of
from portal.progress.rules import KINDS
from portal.progress.words import state_words
from portal.web.access import ADMINISTRATOR, standing
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("dashboards", __name__, url_prefix="/cohorts/<int:cohort_id>/dashboard")


@routes.get("", access=ADMINISTRATOR)
def show(cohort_id: int):
    cohort, now = standing().cohort, clock.now()
    others = cohorts_beside(cohort)
    wanted = request.args.get("beside", type=int)
    beside = [one for one in others if one.id == wanted]
    here, *more = dashboards_of([cohort, *beside], now)
    sums = here.sums_of(request.args.get("assignment", type=int))
    other = more[0] if more else None
    return page(
        "progress/dashboard.html",
        cohort=cohort,
        own=here,
        other=other,
        beside=[(one.id, one.name) for one in others],
        chosen=sums,
        curves=_curves(here, other, sums.schedule.assignment_id, now) if sums else None,
        bars=pictures.bars_of(here.turnaround),
        state_words=state_words(),
        kinds=KINDS,
        now=now,
    )


def _curves(here: Dashboard, other: Dashboard | None, assignment_id: int, now: datetime):
    series = []
    for one in (here, other):
        sums = one.sums_of(assignment_id) if one else None
        if one and sums and sums.schedule.assignment_id == assignment_id:
            until = (now - sums.schedule.due_at) / timedelta(days=1)
            series.append((one.cohort.name, sums.arrivals, sums.concerned, until))
    return pictures.curves_of(series)
