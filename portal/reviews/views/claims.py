"""Taking a submission version on, taking it over from somebody, and letting it go."""

from typing import Any

from flask import flash, request, url_for
from flask_login import current_user

from portal.reviews import claims
from portal.reviews.filters import remembered
from portal.reviews.forms import whole
from portal.reviews.views.reviews import ADDRESS, desk_or_404
from portal.texts import Refused, _
from portal.web.access import MENTOR, SIGNED_IN
from portal.web.htmx import redirect_to
from portal.web.routes import Routes, reading

routes = Routes("claims", __name__)
first = Routes("first_claims", __name__)


@routes.post(f"{ADDRESS}/claim", access=MENTOR)
def create(cohort_id: int, submission_id: int):
    desk = desk_or_404(cohort_id, submission_id)
    place: dict[str, Any] = {"cohort_id": cohort_id, "submission_id": submission_id}
    try:
        if holder := request.form.get("holder"):
            path = url_for("reviews.show", **place)
            claims.take_over(desk, current_user.id, holder_id=whole(holder), path=path)
        elif not claims.claim(submission_id, current_user.id):
            flash(_("Somebody else has just taken this on."), "warning")
    except Refused as refusal:
        flash(str(refusal), "warning")
    return redirect_to("reviews.show", _anchor="claim", **place)


@routes.post(f"{ADDRESS}/claim/end", access=MENTOR)
def remove(cohort_id: int, submission_id: int):
    desk_or_404(cohort_id, submission_id)
    claims.let_go(submission_id, current_user.id)
    return redirect_to(
        "reviews.show", _anchor="claim", cohort_id=cohort_id, submission_id=submission_id
    )


@first.post("/reviews/first", access=SIGNED_IN, endpoint="create")
def create_first():
    """Take on what comes first in the part of the queue this mentor works through."""
    with reading():
        chosen = remembered(current_user.id).filter_
    taken = claims.claim_first(current_user.id, chosen)
    if taken is None:
        flash(_("What waits is in other hands now."), "info")
        return redirect_to("reviews.index")
    cohort_id, submission_id = taken
    return redirect_to("reviews.show", cohort_id=cohort_id, submission_id=submission_id)
