"""Releasing a review: first exactly what the participant will see, then the one button."""

from dataclasses import asdict

from flask import flash, redirect, request, url_for
from flask_login import current_user

from portal import clock
from portal.reviews import queries, records, releasing
from portal.reviews.basis import basis_of
from portal.reviews.filters import filter_of
from portal.reviews.forms import seen_in
from portal.reviews.queries import Desk
from portal.reviews.queue import START, neighbours
from portal.reviews.views.reviews import desk_or_404
from portal.rubrics.queries import criteria_of
from portal.texts import Refused, _
from portal.web.access import MENTOR
from portal.web.htmx import leave_to, page, wants_json
from portal.web.routes import Routes

routes = Routes("releases", __name__)

ADDRESS = "/cohorts/<int:cohort_id>/submissions/<int:submission_id>/review/release"


@routes.get(ADDRESS, access=MENTOR)
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
        if not refusal.conflict:
            return preview(desk, because=str(refusal), status=422)
        because = " ".join((str(refusal), _("This is how it is now.")))
        return preview(desk_or_404(cohort_id, submission_id), because=because, status=409)
    here = url_for("reviews.show", cohort_id=cohort_id, submission_id=submission_id)
    if review.number > 1:
        return {"next": here} if wants_json() else redirect(here, 303)
    flash(_("Released to %(person)s.", person=desk.person.name), "done")
    following = onwards(desk)
    if wants_json():
        return {"next": following or url_for("reviews.index")}
    return redirect(following, 303) if following else leave_to("reviews.index")


def onwards(desk: Desk) -> str | None:
    """The address of what comes next in the part of the queue that this mentor works through, or
    of what they passed over on the way, without what others are at work on."""
    submission, now, chosen = desk.submission, clock.now(), filter_of(desk.queue_filter)
    for place in ((submission.feedback_by, submission.id), START):
        beside = neighbours(current_user.id, place, now=now, filter_=chosen, only_free=True)
        if beside.following:
            cohort_id, submission_id = beside.following
            return url_for("reviews.show", cohort_id=cohort_id, submission_id=submission_id)
    return None


def preview(desk: Desk, *, because: str = "", status: int = 200):
    submission = desk.submission
    criteria = criteria_of(submission.rubric_version_id)
    record = records.record_for_mentors(
        submission.cohort_id, submission.assignment_id, submission.person_id
    )
    draft = next((one for one in record.on(submission.id) if not one.is_released), None)
    missing = releasing.missing_for(desk, draft.sheet, criteria) if draft else []
    if draft is None and not because:
        because = _("Nothing waits to be released here.")
    return page(
        "reviews/release.html",
        status=status,
        desk=desk,
        draft=draft,
        criteria=criteria,
        basis=asdict(basis_of(desk, draft.review)) if draft else {},
        missing=missing,
        because=because,
        capacities=queries.capacities_of(submission.cohort_id, submission.person_id),
        now=clock.now(),
    )
