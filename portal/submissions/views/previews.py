"""What a file that was handed in looks like, for everybody who may see it."""

from typing import Any

from flask import abort, request
from werkzeug.wrappers import Response

from portal.previews import actions, rules
from portal.previews.sending import send_picture
from portal.previews.shown import shown_of
from portal.submissions.models import Submission, SubmissionFile
from portal.submissions.views.submissions import submission_or_404
from portal.web.access import MEMBER
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("submission_previews", __name__)
pictures = Routes("preview_pictures", __name__)

ADDRESS = (
    "/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/versions/<int:submission_id>"
    "/files/<int:submission_file_id>/preview"
)


def _file_or_404(place: dict[str, Any]) -> tuple[Submission, SubmissionFile]:
    submission = submission_or_404(
        place["cohort_id"], place["assignment_id"], place["submission_id"]
    )
    found = next((one for one in submission.files if one.id == place["submission_file_id"]), None)
    if found is None or not rules.has_preview(found.blob.media_type):
        abort(404)
    return submission, found


@routes.get(ADDRESS, access=MEMBER)
def show(**place: int):
    """Ten pages of a PDF, or a whole document; alone, or put into a page that shows the work."""
    submission, file = _file_or_404(place)
    first = request.args.get("page", "")
    shown = shown_of([file.blob], int(first) if first.isdecimal() and len(first) < 6 else 1)
    return page(
        "submissions/preview.html",
        fragment="submissions/_preview.html",
        target=f"preview-{file.id}",
        file=file,
        shown=shown[file.blob_id],
        submission=submission,
        place=place,
    )


@routes.post(ADDRESS, access=MEMBER)
def create(**place: Any):
    """Have the preview made of a file that has none, or has lost it."""
    _submission, file = _file_or_404(place)
    shown = shown_of([file.blob])[file.blob_id]
    if shown.can_ask:
        actions.ask(file.blob, is_missing=shown.preview is not None)
    return redirect_to("submission_previews.show", **place)


@pictures.get(f"{ADDRESS}/<int:picture_number>", access=MEMBER, endpoint="show")
def show_picture(picture_number: int, **place: int) -> Response:
    """The picture of one page, or one of a document's pictures."""
    _submission, file = _file_or_404(place)
    return send_picture(file.blob, picture_number) or abort(404)
