"""Asking for more time, and seeing what was answered."""

from datetime import datetime

from flask import abort, flash
from flask_login import current_user

from portal import clock
from portal.assignments import actions, queries, requests
from portal.assignments.forms import ExtensionRequestForm
from portal.texts import Refused, _
from portal.web.access import PARTICIPANT, standing
from portal.web.formats import zone
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

extension_requests = Routes(
    "extension_requests",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/assignments/<int:assignment_id>/extension-requests",
)


def _task_or_404(cohort_id: int, assignment_id: int) -> queries.Task:
    task = queries.task_of(cohort_id, assignment_id, current_user.id)
    if task is None or task.assignment.hidden_at is not None:
        abort(404)
    return task


def _page(task: queries.Task, form: ExtensionRequestForm, status: int = 200):
    asked = requests.extension_requests_of(task.schedule.id, current_user.id)
    return page(
        "assignments/extension_requests.html",
        status=status,
        task=task,
        form=form,
        requests=asked,
        is_waiting=any(one.answered_at is None for one in asked),
        state=task.deadline.state(clock.now()),
    )


@extension_requests.get("", access=PARTICIPANT)
def index(cohort_id, assignment_id):
    return _page(_task_or_404(cohort_id, assignment_id), ExtensionRequestForm(formdata=None))


@extension_requests.post("", access=PARTICIPANT)
def create(cohort_id, assignment_id):
    """Ask. A day means that day at the hour of the deadline, where the organisation is."""
    task = _task_or_404(cohort_id, assignment_id)
    form = ExtensionRequestForm()
    if not form.validate():
        return _page(task, form, 422)
    place = zone(standing().organisation.zone)
    hour = task.schedule.due_at.astimezone(place).time()
    until = datetime.combine(form.wanted_until.data, hour, tzinfo=place)
    try:
        actions.ask_extension(task.schedule, current_user.id, form.reason.data, until)
    except Refused as refused:
        form.refuse(str(refused), refused.field)
        return _page(task, form, 409 if refused.conflict else 422)
    flash(_("Your request has been sent. The answer will stand here."), "done")
    return redirect_to("extension_requests.index", cohort_id=cohort_id, assignment_id=assignment_id)
