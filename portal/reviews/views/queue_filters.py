"""What a mentor looks at in their queue: chosen once, remembered on every device."""

from flask import request
from flask_login import current_user

from portal import clock
from portal.reviews import filters
from portal.reviews.filters import remembered
from portal.reviews.forms import whole
from portal.reviews.queue import waiting_for
from portal.reviews.views.reviews import queue_page
from portal.reviews.waiting import ALL, STATES, Filter
from portal.texts import _
from portal.web.access import SIGNED_IN
from portal.web.htmx import redirect_to
from portal.web.routes import Routes, reading

routes = Routes("queue_filters", __name__)


@routes.post("/reviews/filter", access=SIGNED_IN)
def update():
    wanted = ALL if "all" in request.form else _wanted()
    with reading():
        before = remembered(current_user.id)
        queue = waiting_for(current_user.id, now=clock.now(), most=1)
    is_known = (
        wanted.cohort_id in {None, before.filter_.cohort_id, *dict(queue.cohorts)}
        and wanted.assignment_id in {None, before.filter_.assignment_id, *dict(queue.assignments)}
        and wanted.state in {None, *STATES}
    )
    if not is_known:
        return queue_page(before, because=_("Choose from what the lists offer."), status=422)
    filters.remember(current_user.id, wanted)
    return redirect_to("reviews.index")


def _wanted() -> Filter:
    def number(name: str) -> int | None:
        text = request.form.get(name, "")
        return whole(text) if text else None

    return Filter(number("cohort"), number("assignment"), request.form.get("state") or None)
