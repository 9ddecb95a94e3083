"""The notices of a person."""

from flask import request
from flask_login import current_user

from portal.notices import actions, queries
from portal.web.access import SIGNED_IN
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("notices", __name__, url_prefix="/notices")
reading_routes = Routes("notice_readings", __name__, url_prefix="/notices/readings")

ON_A_PAGE = 50


def start_of_page() -> int:
    """From which row on the list is shown, as the address says."""
    start = request.args.get("from", 0, type=int)
    return start if 0 <= start < 1_000_000 else 0


@routes.get("", access=SIGNED_IN)
def index():
    start = start_of_page()
    return page(
        "notices/index.html",
        notices=queries.notices_of(current_user.id, limit=ON_A_PAGE, offset=start),
        start=start,
        step=ON_A_PAGE,
        total=queries.notices_count(current_user.id),
    )


@reading_routes.post("", access=SIGNED_IN)
def create():
    """All notices count as read from now on."""
    actions.mark_read(current_user.id)
    return redirect_to("notices.index")
