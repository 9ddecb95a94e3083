"""Releasing a review: first exactly what the participant will see, then the one button."""

from flask import flash, redirect, request, url_for
from flask_login import current_user

from portal.reviews import releasing
from portal.reviews.forms import seen_in
from portal.reviews.views.before_release import onwards, preview
from portal.reviews.views.reviews import desk_or_404
from portal.rubrics.queries import criteria_of
from portal.texts import Refused, _
from portal.web.access import MENTOR
from portal.web.formats import short_name
from portal.web.htmx import leave_to, wants_json
from portal.web.routes import Routes

routes = Routes("releases", __name__)

ADDRESS = "/cohorts/<int:cohort_id>/submissions/<int:submission_id>/review/release"


@routes.get(ADDRESS, access=MENTOR, even_closed=False)
def new(cohort_id: int, submission_id: int):
    return preview(desk_or_404(cohort_id, submission_id))


@routes.post(ADDRESS, access=MENTOR)
def create(cohort_id: int, submission_id: int):
    desk = desk_or_404(cohort_id, submission_id)
    submission = desk.submission
    try:
        review = releasing.release(
            desk,
            current_user.id,
            criteria_of(submission.rubric_version_id),
            seen=seen_in(request.form),
            path=url_for(
                "work.show",
                cohort_id=cohort_id,
                assignment_id=submission.assignment_id,
                _anchor=f"feedback-{submission.number}",
            ),
        )
    except Refused as refusal:
        if wants_json():
            return {"error": str(refusal)}, 409 if refusal.conflict else 422
        if not refusal.conflict:
            return preview(desk, because=str(refusal), status=422)
        because = " ".join((str(refusal), _("This is how it is now.")))
        return preview(desk_or_404(cohort_id, submission_id), because=because, status=409)
    here = url_for("reviews.show", cohort_id=cohort_id, submission_id=submission_id)
    if review.number > 1:
        return {"next": here} if wants_json() else redirect(here, 303)
    if wants_json() and "shown" in request.form:
        return {}
    flash(_("Released to %(person)s.", person=short_name(desk.person.name)), "done")
    following = onwards(desk)
    if wants_json():
        return {"next": following or url_for("reviews.index")}
    return redirect(following, 303) if following else leave_to("reviews.index")
