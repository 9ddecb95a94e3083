"""What becomes of an action item: done says the participant, confirmed or open again a mentor."""

from typing import Any

from flask import abort, flash, request
from flask_login import current_user

from portal.reviews import dialogue
from portal.texts import Refused, _
from portal.web.access import MEMBER
from portal.web.forms import cleaned
from portal.web.htmx import redirect_to
from portal.web.routes import Routes

routes = Routes("action_item_steps", __name__)


@routes.post("/cohorts/<int:cohort_id>/action-items/<int:action_item_id>/steps", access=MEMBER)
def create(cohort_id: int, action_item_id: int):
    item = dialogue.released_item_in(cohort_id, action_item_id, current_user.id) or abort(404)
    try:
        work = dialogue.take_step(
            item,
            current_user.id,
            request.form.get("state", ""),
            cleaned(request.form.get("note", "")),
        )
        flash(_("Noted."), "done")
    except Refused as refusal:
        work = dialogue.work_of(item)
        flash(str(refusal), "warning")
    place: dict[str, Any] = {
        "cohort_id": cohort_id,
        "assignment_id": work.assignment_id,
        "_anchor": "items",
    }
    if (later := request.form.get("followed_to", "")) and later.isdecimal():
        place["assignment_id"] = int(later[:9])
    if work.person_id == current_user.id:
        return redirect_to("work.show", **place)
    if (back := request.form.get("submission_id", "")) and back.isdecimal():
        return redirect_to("reviews.show", cohort_id=cohort_id, submission_id=int(back[:9]))
    return redirect_to("histories.show", participant_id=work.person_id, **place)
