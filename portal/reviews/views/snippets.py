"""Keeping a remark in the comment bank, for the script that does it without leaving the page."""

from flask import flash, request
from flask_login import current_user

from portal.reviews import bank
from portal.reviews.views.reviews import ADDRESS, desk_or_404
from portal.rubrics.queries import criteria_of
from portal.texts import Refused, _
from portal.web.access import MENTOR
from portal.web.forms import cleaned
from portal.web.htmx import redirect_to, wants_json
from portal.web.routes import Routes

routes = Routes("kept_remarks", __name__)


@routes.post(f"{ADDRESS}/snippets", access=MENTOR)
def create(cohort_id: int, submission_id: int):
    desk = desk_or_404(cohort_id, submission_id)
    try:
        snippet = bank.keep(
            desk,
            current_user.id,
            request.form.get("keep", ""),
            cleaned(request.form.get("text", "")),
            criteria_of(desk.submission.rubric_version_id),
            request.form.get("level", ""),
        )
    except Refused as refusal:
        if wants_json():
            return {"error": str(refusal)}, 422
        flash(str(refusal), "warning")
    else:
        if wants_json():
            return {"id": snippet.id, "text": bank.with_snippet(desk, "", snippet)}
        flash(_("Kept in the comment bank."), "done")
    return redirect_to("reviews.show", cohort_id=cohort_id, submission_id=submission_id)
