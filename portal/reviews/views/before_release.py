"""What stands between a review and its release: exactly what the participant will see, and what
comes next."""

from dataclasses import asdict

from flask import url_for
from flask_login import current_user

from portal import clock
from portal.reviews import queries, records, releasing
from portal.reviews.basis import basis_of
from portal.reviews.desks import Desk
from portal.reviews.queue import neighbours
from portal.reviews.waiting import START
from portal.rubrics.queries import criteria_of
from portal.texts import _
from portal.web.htmx import Page, page


def preview(desk: Desk, *, because: str = "", status: int = 200) -> Page:
    """The page from which a review is released, or that says what it still lacks."""
    submission = desk.submission
    criteria = criteria_of(submission.rubric_version_id)
    record = records.record_for_mentors(
        submission.cohort_id, submission.assignment_id, submission.person_id
    )
    draft = next((one for one in record.on(submission.id) if not one.is_released), None)
    missing = releasing.missing_for(desk, draft.sheet, criteria) if draft else []
    if draft is None and not because:
        because = _("Nothing waits to be released here.")
    is_first = draft is not None and draft.review.number == 1
    return page(
        "reviews/release.html",
        status=status,
        desk=desk,
        draft=draft,
        criteria=criteria,
        basis=asdict(basis_of(desk, draft.review)) if draft else {},
        missing=missing,
        because=because,
        following=onwards(desk) if is_first and not missing else None,
        capacities=queries.capacities_of(submission.cohort_id, submission.person_id),
        now=clock.now(),
    )


def onwards(desk: Desk) -> str | None:
    """The address of what comes next in the part of the queue that this mentor works through, or
    of what they passed over on the way, without what others are at work on."""
    submission, now, chosen = desk.submission, clock.now(), desk.filter_
    for place in ((submission.feedback_by, submission.id), START):
        beside = neighbours(current_user.id, place, now=now, filter_=chosen, only_free=True)
        if beside.following:
            cohort_id, submission_id = beside.following
            if submission_id != submission.id:
                return url_for("reviews.show", cohort_id=cohort_id, submission_id=submission_id)
    return None
