"""The dates of a cohort's assignments, and moving them."""

from dataclasses import replace
from datetime import datetime

from flask import abort, flash, request
from flask_login import current_user

from portal import clock
from portal.assignments import queries, rules, scheduling
from portal.assignments.effects import Effect, effects_of
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


@routes.get("/<int:assignment_id>/edit", access=ADMINISTRATOR, even_closed=False)
def edit(cohort_id: int, assignment_id: int):
    """The form; with good values in the address also what they would do to everybody."""
    schedule = _schedule(cohort_id, assignment_id)
    if "due_at" not in request.args:
        return _form(schedule, _filled(schedule))
    form = ScheduleForm(formdata=request.args)
    if not form.validate():
        return _form(schedule, form, status=422)
    moments = _moments(schedule, form)
    dates = replace(
        queries.dates_of(schedule),
        opens_at=moments["opens_at"],
        due_at=moments["due_at"],
        closes_at=moments["closes_at"],
    )
    effects = effects_of(schedule, clock.now(), dates=dates)
    return _form(schedule, form, effects=effects, moments=moments)


@routes.post("/<int:assignment_id>/edit", access=ADMINISTRATOR)
def update(cohort_id: int, assignment_id: int):
    schedule = _schedule(cohort_id, assignment_id)
    form = ScheduleForm()
    if not form.validate():
        return _form(schedule, form, status=422)
    try:
        scheduling.reschedule(
            schedule,
            **_moments(schedule, form),
            feedback_days=form.feedback_days.data,
            revision=form.revision.data or 0,
            by=current_user.id,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(schedule, form, status=409 if refusal.conflict else 422)
    flash(_("The dates are changed, and those they concern have been told."))
    return redirect_to("schedules.index", cohort_id=cohort_id)


def aware(moment: datetime) -> datetime:
    """What was typed, as a moment where the organisation is."""
    return moment.replace(tzinfo=zone(standing().organisation.zone))


def local(moment: datetime) -> datetime:
    """A moment as its clock time where the organisation is, for a field."""
    return moment.astimezone(zone(standing().organisation.zone)).replace(tzinfo=None)


def _moments(schedule: Schedule, form: ScheduleForm) -> dict[str, datetime]:
    """What was typed; a moment that stands as the field showed it keeps its seconds."""
    found = {}
    for one in MOMENTS:
        stood, typed = getattr(schedule, one), form[one].data
        is_same = local(stood).replace(second=0, microsecond=0) == typed
        found[one] = stood if is_same else aware(typed)
    return found


def _filled(schedule: Schedule) -> ScheduleForm:
    values = {one: local(getattr(schedule, one)) for one in MOMENTS}
    return ScheduleForm(
        formdata=None,
        data={**values, "feedback_days": schedule.feedback_days, "revision": schedule.revision},
    )


def _schedule(cohort_id: int, assignment_id: int) -> Schedule:
    return queries.schedule_in(cohort_id, assignment_id) or abort(404)


def _form(
    schedule: Schedule,
    form: ScheduleForm,
    status: int = 200,
    *,
    effects: list[Effect] | None = None,
    moments: dict[str, datetime] | None = None,
) -> Page:
    return page(
        "assignments/schedule_edit.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        schedule=schedule,
        form=form,
        effects=effects,
        moments=moments,
        typed={one: f"{local(at):%Y-%m-%dT%H:%M}" for one, at in (moments or {}).items()},
        effect_words=effect_words(),
    )


def effect_words() -> dict[str, tuple[str, str]]:
    """What a change means for a person: how it is shown, and the words."""
    return {
        rules.UNCHANGED: ("plain", _("nothing changes")),
        rules.KEPT: ("done", _("handed in: the work keeps its deadline")),
        rules.OPENS: ("waiting", _("opens at once")),
        rules.SHUTS: ("closed", _("is not open any more")),
        rules.REOPENS: ("waiting", _("opens again")),
        rules.CLOSES: ("late", _("closes at once")),
        rules.BECOMES_LATE: ("late", _("is late at once")),
        rules.BECOMES_TIMELY: ("done", _("is not late any more")),
        rules.LONGER: ("plain", _("has longer")),
        rules.SHORTER: ("due", _("has less time")),
        rules.MOVES: ("plain", _("the deadline stays")),
        rules.FREED: ("done", _("is exempt: nothing is due")),
        rules.BOUND: ("due", _("is not exempt any more")),
    }
