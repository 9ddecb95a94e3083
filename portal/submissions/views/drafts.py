"""The draft: the page on which a participant writes, and saving it."""

from flask import abort, request
from flask_login import current_user

from portal import clock
from portal.assignments import queries as assignments
from portal.assignments.models import Schedule
from portal.files.kinds import WORK
from portal.journal.actions import record
from portal.journal.sightings import saw
from portal.submissions import actions, queries, rules
from portal.submissions.asked import OpenItems
from portal.submissions.forms import DraftForm, FilesForm
from portal.submissions.queries import Place
from portal.texts import Refused, _
from portal.web.access import PARTICIPANT
from portal.web.formats import brief, iso
from portal.web.htmx import Page, page, redirect_to, wants_json
from portal.web.routes import Routes

routes = Routes(
    "drafts", __name__, url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/draft"
)
copies = Routes(
    "draft_copies",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/draft/copies",
)
LARGEST = 2**31 - 1


def schedule_or_404(cohort_id: int, assignment_id: int) -> Schedule:
    """The assignment as this cohort works on it."""
    schedule = assignments.schedule_in(cohort_id, assignment_id)
    if schedule is None or schedule.assignment.hidden_at is not None:
        abort(404)
    return schedule


def task_under(schedule: Schedule) -> assignments.Task:
    """The same for the present person, with the deadline that holds for them."""
    return assignments.task_under(schedule, current_user.id)


def task_or_404(cohort_id: int, assignment_id: int) -> assignments.Task:
    """Both at once."""
    return task_under(schedule_or_404(cohort_id, assignment_id))


def place_of(cohort_id: int, assignment_id: int) -> Place:
    return Place(cohort_id, assignment_id, current_user.id)


def draft_page(task: assignments.Task, *, status: int = 200, form=None, files_form=None) -> Page:
    """The whole page as it stands in the database, with what a refused form holds."""
    place = place_of(task.schedule.cohort_id, task.assignment.id)
    draft = queries.draft_of(place)
    if form is None:
        form = DraftForm(formdata=None, data={"text": draft.text if draft else ""})
    beside = draft.copies if draft else []
    versions = queries.versions_of(place)
    return page(
        "submissions/draft.html",
        status=status,
        task=task,
        draft=draft,
        state=task.deadline.state_of_draft(draft.changed_at if draft else None, clock.now()),
        asked=OpenItems.asked(place.cohort_id, task.assignment, place.person_id),
        form=form,
        files_form=files_form or FilesForm(formdata=None),
        revision=draft.revision if draft else 0,
        page_key=rules.new_key(),
        collisions=[one for one in beside if one.settled_at is None],
        put_aside=[one for one in beside if one.settled_at is not None],
        obstacles=rules.obstacles(actions.limits_of(task), draft.text, len(draft.files))
        if draft
        else [],
        kinds=task.assignment.file_types or WORK,
        submissions=versions,
        is_as_handed_in=bool(
            draft and versions and draft.changed_at <= versions[0].received_at and not form.errors
        ),
    )


@routes.get("", access=PARTICIPANT)
def show(cohort_id, assignment_id):
    task = task_or_404(cohort_id, assignment_id)
    saw("draft", task.assignment.id, cohort_id)
    return draft_page(task)


@routes.post("", access=PARTICIPANT)
def update(cohort_id, assignment_id):
    """Save the text: for the autosave as JSON, for the plain button as a page."""
    schedule = schedule_or_404(cohort_id, assignment_id)
    form = DraftForm()
    if not form.has_text:
        form.refuse(_("The text did not arrive, so nothing was changed. Press Save draft again."))
        return draft_page(task_under(schedule), status=422, form=form)
    saved = actions.save_text(
        place_of(cohort_id, assignment_id),
        form.text.data,
        revision_of(form),
        form.page_key.data or "",
    )
    if wants_json():
        return _told(saved)
    if saved.collided:
        return draft_page(task_under(schedule), status=409)
    record("submissions.save_draft", saved.draft, by=current_user.id, cohort_id=cohort_id)
    if request.form.get("then") == "hand_in":
        return redirect_to("submissions.new", cohort_id=cohort_id, assignment_id=assignment_id)
    return redirect_to("drafts.show", cohort_id=cohort_id, assignment_id=assignment_id)


def revision_of(form) -> int:
    """What the form was based on; a number no draft ever has when that is not known."""
    sent = form.revision.data
    return sent if sent is not None and 0 <= sent <= LARGEST else actions.NO_REVISION


def _told(saved: actions.Saved):
    if saved.collided:
        return {"error": _("The draft was changed elsewhere. Both texts are kept.")}, 409
    changed_at = saved.draft.changed_at
    return {
        "revision": saved.draft.revision,
        "saved_at": iso(changed_at),
        "saved_text": brief(changed_at),
    }


@copies.post("/<int:draft_copy_id>", access=PARTICIPANT, endpoint="update")
def settle(cohort_id, assignment_id, draft_copy_id):
    """End a collision of two texts by the choice of the person."""
    task = task_or_404(cohort_id, assignment_id)
    place = place_of(cohort_id, assignment_id)
    copy = queries.draft_copy_of(place, draft_copy_id)
    if copy is None:
        abort(404)
    form = DraftForm()
    choice = request.form.get("choice")
    try:
        if choice not in actions.CHOICES:
            raise Refused(_("Choose what to do with the two texts."))
        actions.settle_collision(place, copy, choice, revision_of(form))
    except Refused as refused:
        shown = DraftForm(formdata=None, data={"text": (queries.draft_of(place) or copy).text})
        shown.refuse(str(refused))
        return draft_page(task, status=409 if refused.conflict else 422, form=shown)
    return redirect_to("drafts.show", cohort_id=cohort_id, assignment_id=assignment_id)
