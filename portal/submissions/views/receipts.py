"""Receipts: for the participant like a slip of paper, and for anybody who holds the code."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask_login import current_user

from portal.assignments.rules import Deadline
from portal.files import storage
from portal.files.kinds import KINDS
from portal.files.models import Blob
from portal.submissions import queries, rules
from portal.submissions.asked import OpenItems
from portal.submissions.forms import ReceiptForm
from portal.submissions.models import Submission
from portal.submissions.views.submissions import submission_or_404
from portal.texts import _
from portal.web.access import ANYONE, MEMBER, standing
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes(
    "receipts",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/versions",
)
checks = Routes("receipt_checks", __name__, url_prefix="/receipts")
# Whose metadata is taken out when they are stored (portal/files/metadata.py).
CLEANED = {KINDS["jpg"].media_type, KINDS["png"].media_type}


@routes.get("/<int:submission_id>/receipt", access=MEMBER)
def show(cohort_id, assignment_id, submission_id):
    submission = submission_or_404(cohort_id, assignment_id, submission_id)
    code = rules.shown_code(submission.receipt_code)
    return page(
        "submissions/receipt.html",
        submission=submission,
        code=code,
        check_address=url_for("receipt_checks.show", code=code, _external=True),
        deadline=Deadline.from_data(submission.deadline),
        asked=OpenItems.asked(cohort_id, submission.assignment, current_user.id)
        if standing().is_participant
        else [],
        has_pictures=any(one.blob.media_type in CLEANED for one in submission.files),
    )


@checks.get("", access=ANYONE)
def index():
    """Ask for a code; a code in the address leads to its page."""
    code = rules.read_code(request.args.get("code", ""))
    if code:
        return redirect(url_for("receipt_checks.show", code=rules.shown_code(code)))
    return page("submissions/receipt_checks.html", form=ReceiptForm(formdata=None))


@dataclass(frozen=True)
class Checked:
    """One part of a submission version: what the receipt says, and whether it still is so."""

    label: str
    size: int
    sha256: str
    is_unchanged: bool


@checks.get("/<code>", access=ANYONE, endpoint="show")
def show_check(code):
    """What a receipt vouches for, without any name; the stored bytes are read again just now."""
    stored = rules.read_code(code)
    submission = queries.submission_with_code(stored) if 0 < len(stored) <= 20 else None
    if submission is None:
        form = ReceiptForm(formdata=None, data={"code": code[:40]})
        form.refuse(_("There is no receipt with this code. Compare it letter by letter."), "code")
        return page("submissions/receipt_checks.html", status=404, form=form)
    if code != rules.shown_code(stored):
        return redirect(url_for("receipt_checks.show", code=rules.shown_code(stored)))
    parts = _checked(submission)
    return page(
        "submissions/receipt_check.html",
        submission=submission,
        code=rules.shown_code(stored),
        parts=parts,
        is_whole=all(part.is_unchanged for part in parts),
    )


def _checked(submission: Submission) -> list[Checked]:
    parts = []
    if submission.text:
        parts.append(
            Checked(
                _("The text"),
                len(submission.text.encode()),
                submission.text_sha256,
                rules.hash_of_text(submission.text) == submission.text_sha256,
            )
        )
    for file in submission.files:
        label = _("File %(number)s", number=file.position)
        parts.append(Checked(label, file.size, file.sha256, _hash(file.blob) == file.sha256))
    return parts


def _hash(blob: Blob) -> str:
    try:
        return storage.hash_of(blob)
    except storage.Missing:
        return ""
