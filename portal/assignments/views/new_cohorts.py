"""Opening a cohort: choose a course and its days, see the schedule they make, accept it."""

from flask import flash, request
from flask_login import current_user
from wtforms import SelectChoice

from portal.assignments import scheduling
from portal.assignments.forms import NewCohortForm
from portal.assignments.pictures import bars_of
from portal.courses.models import Course
from portal.holidays.queries import working_days_of
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.formats import local_today, zone
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("new_cohorts", __name__, url_prefix="/organisations/<int:organisation_id>/cohorts")


@routes.get("/new", access=ADMINISTRATOR)
def new(organisation_id: int):
    """The form; with good values in the address also the schedule they would make."""
    asked = bool(request.args.get("course_id"))
    form = NewCohortForm(formdata=request.args if asked else None)
    courses = _courses(form, organisation_id)
    if asked and form.validate():
        return _form(form, courses, is_preview=True)
    return _form(form, courses, status=422 if asked else 200)


@routes.post("", access=ADMINISTRATOR)
def create(organisation_id: int):
    form = NewCohortForm()
    courses = _courses(form, organisation_id)
    if not form.validate():
        return _form(form, courses, status=422)
    try:
        cohort = scheduling.open_cohort(
            standing().organisation,
            courses[form.course_id.data],
            form.name.data,
            form.starts_on.data,
            form.ends_on.data,
            current_user.id,
            in_working_days=form.counting.data == "working",
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, courses, status=422)
    flash(_("%(name)s is open. Now its people.", name=cohort.name))
    return redirect_to("rosters.index", cohort_id=cohort.id)


def _courses(form: NewCohortForm, organisation_id: int) -> dict[int, Course]:
    courses = {one.id: one for one in scheduling.courses_of(organisation_id)}
    form.course_id.choices = [
        SelectChoice("", _("Choose")),
        *(SelectChoice(str(one.id), f"{one.title} ({one.code})") for one in courses.values()),
    ]
    return courses


def _form(
    form: NewCohortForm, courses: dict[int, Course], *, is_preview: bool = False, status: int = 200
) -> Page:
    planned, bars = [], None
    if is_preview:
        calendar = working_days_of(standing().organisation.id)
        planned = scheduling.planned_schedule(
            form.course_id.data,
            form.starts_on.data,
            standing().organisation.zone,
            calendar if form.counting.data == "working" else None,
        )
        bars = bars_of(
            [(one.assignment.title, one.opens_at, one.due_at, one.closes_at) for one in planned],
            zone(standing().organisation.zone),
            calendar,
            form.starts_on.data,
            form.ends_on.data,
        )
    return page(
        "assignments/cohort_new.html",
        status=status,
        organisation=standing().organisation,
        place=standing().organisation.zone,
        form=form,
        courses=courses,
        is_preview=is_preview,
        planned=planned,
        bars=bars,
        today=local_today(standing().organisation.zone),
    )
