"""Two submission versions of the same work, side by side."""

from flask import abort, request

from portal.submissions import queries, rules
from portal.submissions.views.submissions import submission_or_404
from portal.web.access import MEMBER
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes(
    "comparisons",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/versions",
)


@routes.get("/<int:submission_id>/comparison", access=MEMBER)
def show(cohort_id, assignment_id, submission_id):
    """This version beside an earlier or later one (``with``), the one before it unless told."""
    submission = submission_or_404(cohort_id, assignment_id, submission_id)
    versions = queries.versions_beside(submission)
    others = [one for one in versions if one.id != submission.id]
    wanted = request.args.get("with", type=int)
    if wanted is not None:
        other = next((one for one in others if one.id == wanted), None)
        if other is None:
            abort(404)
    else:
        before = [one for one in others if one.number < submission.number]
        other = before[-1] if before else (others[0] if others else None)
    older, newer = (
        sorted((one for one in (submission, other) if one), key=lambda one: one.number)
        if other
        else (None, submission)
    )
    return page(
        "submissions/comparison.html",
        submission=submission,
        older=older,
        newer=newer,
        others=others,
        rows=rules.differences(older.text, newer.text) if older else None,
    )
