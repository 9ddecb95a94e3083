"""The dates of a cohort's assignments, and moving them."""

from datetime import datetime

from flask import abort, flash
from flask_login import current_user

from portal.assignments import queries, scheduling
from portal.assignments.forms import ScheduleForm
from portal.assignments.models import Schedule
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.formats import zone
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("schedules", __name__, url_prefix="/cohorts/<int:cohort_id>/schedule")
MOMENTS = ("opens_at", "due_at", "closes_at")


@routes.get("", access=ADMINISTRATOR)
def index(cohort_id: int):
    return page(
        "assignments/schedules.html",
        cohort=standing().cohort,
        place=standing().organisation.zone,
        schedules=queries.schedules_in(cohort_id),
    )


@routes.get("/<int:assignment_id>/edit", access=ADMINISTRATOR)
def edit(cohort_id: int, assignment_id: int):
    schedule = _schedule(cohort_id, assignment_id)
    return _form(schedule, _filled(schedule))


@routes.post("/<int:assignment_id>/edit", access=ADMINISTRATOR)
def update(cohort_id: int, assignment_id: int):
    schedule = _schedule(cohort_id, assignment_id)
    form = ScheduleForm()
    if not form.validate():
        return _form(schedule, form, status=422)
    try:
        scheduling.reschedule(
            schedule,
            **{one: aware(form[one].data) for one in MOMENTS},
            feedback_days=form.feedback_days.data,
            revision=form.revision.data or 0,
            by=current_user.id,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(schedule, form, status=409 if refusal.conflict else 422)
    flash(_("Saved."))
    return redirect_to("schedules.index", cohort_id=cohort_id)


def aware(moment: datetime) -> datetime:
    """What was typed, as a moment where the organisation is."""
    return moment.replace(tzinfo=zone(standing().organisation.zone))


def local(moment: datetime) -> datetime:
    """A moment as its clock time where the organisation is, for a field."""
    return moment.astimezone(zone(standing().organisation.zone)).replace(tzinfo=None)


def _filled(schedule: Schedule) -> ScheduleForm:
    values = {one: local(getattr(schedule, one)) for one in MOMENTS}
    return ScheduleForm(
        formdata=None,
        data={**values, "feedback_days": schedule.feedback_days, "revision": schedule.revision},
    )


def _schedule(cohort_id: int, assignment_id: int) -> Schedule:
    return queries.schedule_in(cohort_id, assignment_id) or abort(404)


def _form(schedule: Schedule, form: ScheduleForm, status: int = 200) -> Page:
    return page(
        "assignments/schedule_edit.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        schedule=schedule,
        form=form,
    )
