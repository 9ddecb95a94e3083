"""Opening a cohort: choose a course and its days, or those of a cohort before it; see the schedule
they make, accept it."""

from flask import abort, flash, request
from flask_login import current_user
from wtforms import SelectChoice

from portal.assignments import scheduling
from portal.assignments.pictures import bars_of
from portal.cohorts.models import Cohort
from portal.cohorts.queries import cohort_in
from portal.courses.models import Course
from portal.holidays.queries import working_days_of
from portal.library import set_ups
from portal.library.forms import CopiedCohortForm, NewCohortForm
from portal.library.here import named
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.formats import local_today, zone
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("new_cohorts", __name__, url_prefix="/organisations/<int:organisation_id>/cohorts")


@routes.get("/new", access=ADMINISTRATOR)
def new(organisation_id: int):
    """The form; with good values in the address also the schedule they would make. ``like`` names
    a cohort whose set-up is taken over."""
    asked = "starts_on" in request.args
    like = _like(organisation_id)
    form = _form_for(like, request.args if asked else None)
    courses = _courses(form, organisation_id, like)
    if asked and form.validate():
        return _form(form, courses, like, is_preview=True)
    return _form(form, courses, like, status=422 if asked else 200)


@routes.post("", access=ADMINISTRATOR)
def create(organisation_id: int):
    like = _like(organisation_id)
    form = _form_for(like, request.form)
    courses = _courses(form, organisation_id, like)
    if not form.validate():
        return _form(form, courses, like, status=422)
    organisation, by = standing().organisation, current_user.id
    what = (form.name.data, form.starts_on.data, _last_day(form, like), by)
    counting = {"in_working_days": form.counting.data == "working"}
    try:
        if like:
            cohort = set_ups.open_like(organisation, like, *what, **counting)
        else:
            course = courses[form.course_id.data]
            cohort = scheduling.open_cohort(organisation, course, *what, **counting)
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, courses, like, status=422)
    flash(_("%(name)s is open. Now its people.", name=cohort.name))
    return redirect_to("rosters.index", cohort_id=cohort.id)


def _like(organisation_id: int) -> Cohort | None:
    """The cohort whose set-up is taken over, if the address or the form names one."""
    if "like" not in request.values:
        return None
    number = request.values.get("like", type=int) or 0
    found = cohort_in(organisation_id, number) if 0 < number < 2**31 else None
    return found or abort(404)


def _form_for(like: Cohort | None, sent) -> NewCohortForm:
    return CopiedCohortForm(formdata=sent) if like else NewCohortForm(formdata=sent)


def _courses(form: NewCohortForm, organisation_id: int, like: Cohort | None) -> dict[int, Course]:
    courses = {one.id: one for one in scheduling.courses_of(organisation_id)}
    if like:
        courses[like.course_id] = like.course
        form.course_id.data = like.course_id
    choices = [SelectChoice(str(one.id), named(one.title, one.code)) for one in courses.values()]
    form.course_id.choices = (
        choices if len(courses) == 1 else [SelectChoice("", _("Choose")), *choices]
    )
    return courses


def _calendar(form: NewCohortForm):
    counts_working_days = form.counting.data == "working"
    return working_days_of(standing().organisation.id) if counts_working_days else None


def _last_day(form: NewCohortForm, like: Cohort | None):
    if like and not form.ends_on.data:
        return set_ups.last_day_like(like, form.starts_on.data, _calendar(form))
    return form.ends_on.data


def _form(
    form: NewCohortForm,
    courses: dict[int, Course],
    like: Cohort | None,
    *,
    is_preview: bool = False,
    status: int = 200,
) -> Page:
    organisation = standing().organisation
    planned, meetings, bars, ends_on = [], [], None, None
    if is_preview:
        first, place, calendar = form.starts_on.data, organisation.zone, _calendar(form)
        ends_on = _last_day(form, like)
        planned = scheduling.planned_schedule(form.course_id.data, first, place, calendar, like)
        meetings = set_ups.planned_meetings(like, first, place, calendar) if like else []
        bars = bars_of(
            [(one.assignment.title, one.opens_at, one.due_at, one.closes_at) for one in planned],
            zone(place),
            working_days_of(organisation.id),
            first,
            ends_on,
        )
    return page(
        "library/cohort_new.html",
        status=status,
        organisation=organisation,
        place=organisation.zone,
        form=form,
        courses=courses,
        like=like,
        is_preview=is_preview,
        planned=planned,
        meetings=meetings,
        ends_on=ends_on,
        bars=bars,
        today=local_today(organisation.zone),
    )
