"""The work with the remarks placed on it: released ones for everybody who may see the work, also
as marked-up copies of its PDFs, and for its mentors, file by file, those of the review draft."""

from pathlib import Path
from typing import Any

from flask import abort, request
from flask_login import current_user

from portal.files.sending import send_made
from portal.previews.rules import has_preview
from portal.previews.shown import shown_of
from portal.reviews import copies, queries, records
from portal.reviews.desks import Handed
from portal.reviews.models import MarkedCopy
from portal.reviews.records import Said
from portal.reviews.views.reviews import desk_or_404
from portal.submissions.models import Submission, SubmissionFile
from portal.submissions.queries import submission_visible_to
from portal.texts import _
from portal.web.access import MEMBER, MENTOR, standing
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("remarks", __name__)
files = Routes("remarked_files", __name__)
review_files = Routes("review_files", __name__)
marked = Routes("marked_copies", __name__)

ADDRESS = "/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/versions/<int:submission_id>"
FILE = "files/<int:submission_file_id>"


@routes.get(f"{ADDRESS}/remarks", access=MEMBER)
def index(**place: int):
    """One submission version with the remarks that were released on it."""
    submission = _submission_or_404(place)
    said = _released_on(submission)
    return page(
        "reviews/remarks.html",
        submission=submission,
        said=said,
        placed=said.sheet.placed if said else (),
        previews=shown_of(one.blob for one in submission.files),
        capacities=queries.capacities_of(submission.cohort_id, submission.person_id),
        is_own=submission.person_id == current_user.id,
        copies=copies.copies_of(said.review.id) if said else (),
        can_make=not standing().is_administrator,
    )


@marked.get(f"{ADDRESS}/remarks/{FILE}/copy", access=MEMBER, endpoint="show")
def show_copy(submission_file_id: int, **place: int):
    """A PDF that was handed in, with the released remarks on it, as a download."""
    copy = _copy_or_404(place, submission_file_id)
    if not copies.is_ready(copy):
        abort(404)
    name = _("%(name)s, with the remarks", name=Path(copy.file.name).stem)
    return send_made(copies.path_of(copy), f"{name}.pdf", copies.PDF)


@marked.post(f"{ADDRESS}/remarks/{FILE}/copy", access=MEMBER, endpoint="create")
def create_copy(submission_file_id: int, **place: Any):
    """Have a copy made again that failed or got lost."""
    copies.ask_again(_copy_or_404(place, submission_file_id))
    return redirect_to("remarks.index", _anchor="copies", **place)


def _copy_or_404(place: dict[str, int], file_id: int) -> MarkedCopy:
    said = _released_on(_submission_or_404(place))
    found = copies.copies_of(said.review.id) if said else []
    return next((one for one in found if one.submission_file_id == file_id), None) or abort(404)


@files.get(f"{ADDRESS}/remarks/{FILE}", access=MEMBER, endpoint="show")
def show_file(submission_file_id: int, **place: int):
    """Ten pages of a file with the released remarks on them."""
    submission = _submission_or_404(place)
    file = _file_or_404(submission.files, submission_file_id)
    whose = submission.assignment.title, submission.person.name
    return _file_page(submission, file, _released_on(submission), *whose, is_draft=False)


@review_files.get(f"{ADDRESS}/review/{FILE}", access=MENTOR, endpoint="show")
def show_review_file(submission_file_id: int, **place: int):
    """Ten pages of a file as the review shows them, with the remarks of its draft."""
    desk = desk_or_404(place["cohort_id"], place["submission_id"])
    submission = desk.submission
    if submission.assignment_id != place["assignment_id"]:
        abort(404)
    file = _file_or_404(queries.files_of(submission.id), submission_file_id)
    record = records.record_for_mentors(
        submission.cohort_id, submission.assignment_id, submission.person_id
    )
    here = sorted(record.on(submission.id), key=lambda one: one.is_released)
    whose = desk.assignment.title, desk.person.name
    return _file_page(submission, file, here[0] if here else None, *whose, is_draft=True)


def _submission_or_404(place: dict[str, int]) -> Submission:
    found = submission_visible_to(
        current_user.id, is_administrator=standing().is_administrator, **place
    )
    return found or abort(404)


def _file_or_404(found: list[SubmissionFile], file_id: int) -> SubmissionFile:
    file = next((one for one in found if one.id == file_id), None)
    if file is None or not has_preview(file.blob.media_type):
        abort(404)
    return file


def _released_on(submission: Submission) -> Said | None:
    """The newest released review of a submission version."""
    record = records.released_record(
        submission.cohort_id, submission.assignment_id, submission.person_id
    )
    return record.current.get(submission.id)


def _file_page(
    submission: Submission | Handed,
    file: SubmissionFile,
    said: Said | None,
    title: str,
    person: str,
    *,
    is_draft: bool,
):
    first = request.args.get("page", "")
    shown = shown_of([file.blob], int(first) if first.isdecimal() and len(first) < 6 else 1)
    place: dict[str, Any] = {
        "cohort_id": submission.cohort_id,
        "assignment_id": submission.assignment_id,
        "submission_id": submission.id,
    }
    return page(
        "reviews/file.html",
        fragment="reviews/_file.html",
        target=f"preview-{file.id}",
        submission=submission,
        file=file,
        shown=shown[file.blob_id],
        previews=shown,
        place=place,
        placed=said.sheet.placed if said else (),
        names=said.names if said else {},
        capacities=queries.capacities_of(submission.cohort_id, submission.person_id),
        is_draft=is_draft,
        at="review_files.show" if is_draft else "remarked_files.show",
        title=title,
        person=person,
    )
