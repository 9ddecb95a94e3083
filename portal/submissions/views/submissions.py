"""Handing in, and the immutable submission versions that come of it."""

from flask import abort, request
from flask_login import current_user

from portal import clock
from portal.assignments import queries as assignments
from portal.assignments.rules import Deadline
from portal.files import archives, sending, storage
from portal.holidays.queries import working_days_of
from portal.journal.sightings import saw
from portal.previews.shown import shown_of
from portal.submissions import actions, queries, rules
from portal.submissions.models import Submission
from portal.submissions.views.drafts import place_of, task_or_404
from portal.texts import Refused, _
from portal.web.access import MEMBER, PARTICIPANT, standing
from portal.web.arrival import arrived_at
from portal.web.formats import zone
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes, reading

routes = Routes(
    "submissions",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/versions",
)
files = Routes(
    "submission_files",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/versions",
)
packages = Routes(
    "archives",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/versions",
)


def submission_or_404(cohort_id: int, assignment_id: int, submission_id: int) -> Submission:
    """A submission version that the present person may see."""
    submission = queries.submission_visible_to(
        current_user.id,
        is_administrator=standing().is_administrator,
        cohort_id=cohort_id,
        assignment_id=assignment_id,
        submission_id=submission_id,
    )
    if submission is None:
        abort(404)
    return submission


def _hand_in_page(task: assignments.Task, *, status: int = 200, refusal: str = ""):
    place = place_of(task.schedule.cohort_id, task.assignment.id)
    draft = queries.draft_of(place)
    newest = queries.newest_submission_of(place)
    return page(
        "submissions/new.html",
        status=status,
        task=task,
        draft=draft,
        seen=actions.contents(draft) if draft else "",
        has_another_text=any(one.settled_at is None for one in draft.copies) if draft else False,
        state=task.deadline.state_of_draft(draft.changed_at if draft else None, clock.now()),
        obstacles=rules.obstacles(
            actions.limits_of(task),
            draft.text if draft else "",
            len(draft.files) if draft else 0,
        ),
        number=newest.number + 1 if newest else 1,
        same_as=newest if newest and draft and actions.is_same(draft, newest) else None,
        refusal=refusal,
    )


@routes.get("/new", access=PARTICIPANT, even_closed=False)
def new(cohort_id, assignment_id):
    """Exactly what will be handed in, and the one button that does it."""
    return _hand_in_page(task_or_404(cohort_id, assignment_id))


@routes.post("", access=PARTICIPANT)
def create(cohort_id, assignment_id):
    """Hand in. The stored bytes are read back before anything is locked."""
    place = place_of(cohort_id, assignment_id)
    with reading():
        task = task_or_404(cohort_id, assignment_id)
        hashes = _read_back(queries.draft_with_files(place))
        calendar = working_days_of(standing().organisation.id)
    try:
        submission = actions.hand_in(
            place,
            task,
            key=request.form.get("key", "")[:43],
            seen=request.form.get("seen", ""),
            hashes=hashes,
            arrived_at=arrived_at(),
            zone=zone(standing().organisation.zone),
            calendar=calendar,
        )
    except Refused as refused:
        status = 409 if refused.conflict else 422
        return _hand_in_page(task, status=status, refusal=str(refused))
    return redirect_to(
        "receipts.show",
        cohort_id=cohort_id,
        assignment_id=assignment_id,
        submission_id=submission.id,
    )


def _read_back(draft) -> dict[int, str]:
    """The hash of each file's stored bytes; a file whose bytes are gone is left out."""
    found = {}
    for file in draft.files if draft else ():
        try:
            found[file.blob_id] = storage.hash_of(file.blob)
        except storage.Missing:
            continue
    return found


@routes.get("", access=PARTICIPANT)
def index(cohort_id, assignment_id):
    """Every version the participant has handed in."""
    task = task_or_404(cohort_id, assignment_id)
    return page(
        "submissions/index.html",
        task=task,
        submissions=queries.submissions_of(place_of(cohort_id, assignment_id)),
    )


@routes.get("/<int:submission_id>", access=MEMBER)
def show(cohort_id, assignment_id, submission_id):
    """One version: its text and files, as they were handed in."""
    submission = submission_or_404(cohort_id, assignment_id, submission_id)
    saw("submission", submission.id, cohort_id)
    return page(
        "submissions/show.html",
        submission=submission,
        deadline=Deadline.from_data(submission.deadline),
        versions=queries.versions_beside(submission),
        is_mine=submission.person_id == current_user.id,
        previews=shown_of(one.blob for one in submission.files),
    )


@files.get("/<int:submission_id>/files/<int:submission_file_id>", access=MEMBER, endpoint="show")
def show_file(cohort_id, assignment_id, submission_id, submission_file_id):
    """A file of a version, as a download; raster images may be shown inline."""
    submission = submission_or_404(cohort_id, assignment_id, submission_id)
    found = next((one for one in submission.files if one.id == submission_file_id), None)
    if found is None:
        abort(404)
    return sending.send_blob(found.blob, found.name, inline="inline" in request.args)


@packages.get("/<int:submission_id>/archive", access=MEMBER, endpoint="show")
def show_archive(cohort_id, assignment_id, submission_id):
    """Everything of a version as one ZIP."""
    submission = submission_or_404(cohort_id, assignment_id, submission_id)
    name = _(
        "%(title)s, version %(number)s", title=submission.assignment.title, number=submission.number
    )
    text = {_("text.md"): submission.text} if submission.text else {}
    blobs = [(one.name, one.blob) for one in submission.files]
    return archives.send_archive(f"{submission.person.name} - {name}.zip", blobs, text)
