"""Planning, moving and cancelling the meetings of a cohort."""

from datetime import datetime
from typing import Any

from flask import abort, flash
from flask_login import current_user

from portal.calendars import actions, queries
from portal.calendars.forms import CancellationForm, MeetingForm
from portal.calendars.models import Meeting
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.formats import zone
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("meetings", __name__, url_prefix="/cohorts/<int:cohort_id>/meetings")


@routes.get("/new", access=ADMINISTRATOR, even_closed=False)
def new(cohort_id: int):
    return _form(MeetingForm(formdata=None))


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    form = MeetingForm()
    if not form.validate():
        return _form(form, status=422)
    actions.plan_meeting(standing().cohort, **_values(form), by=current_user.id)
    flash(_("The meeting stands on the calendar."))
    return redirect_to("calendars.show", cohort_id=cohort_id)


@routes.get("/<int:meeting_id>/edit", access=ADMINISTRATOR, even_closed=False)
def edit(cohort_id: int, meeting_id: int):
    meeting = _meeting(cohort_id, meeting_id)
    return _form(_filled(meeting), meeting)


@routes.post("/<int:meeting_id>/edit", access=ADMINISTRATOR)
def update(cohort_id: int, meeting_id: int):
    meeting = _meeting(cohort_id, meeting_id)
    form = MeetingForm()
    if not form.validate():
        return _form(form, meeting, status=422)
    try:
        actions.change_meeting(
            standing().cohort,
            meeting,
            **_values(form),
            revision=form.revision.data or 0,
            by=current_user.id,
        )
    except Refused as refusal:
        return _form(form, meeting, status=form.refuse_stale(refusal, _filled(meeting)))
    flash(_("Saved."))
    return redirect_to("calendars.show", cohort_id=cohort_id)


@routes.get("/<int:meeting_id>/cancellation", access=ADMINISTRATOR, even_closed=False)
def confirm_removal(cohort_id: int, meeting_id: int):
    return _confirm(_meeting(cohort_id, meeting_id))


@routes.post("/<int:meeting_id>/cancellation", access=ADMINISTRATOR)
def remove(cohort_id: int, meeting_id: int):
    meeting = _meeting(cohort_id, meeting_id)
    form = CancellationForm()
    if not form.validate():
        return _confirm(meeting, status=422)
    try:
        actions.cancel_meeting(
            standing().cohort, meeting, revision=form.revision.data or 0, by=current_user.id
        )
    except Refused as refusal:
        return _confirm(meeting, refusal=str(refusal), status=409)
    flash(_("The meeting is cancelled."))
    return redirect_to("calendars.show", cohort_id=cohort_id)


def _meeting(cohort_id: int, meeting_id: int) -> Meeting:
    return queries.meeting_in(cohort_id, meeting_id) or abort(404)


def _values(form: MeetingForm) -> dict[str, Any]:
    place = zone(standing().organisation.zone)
    return {
        "starts_at": datetime.combine(form.day.data, form.begins.data, tzinfo=place),
        "ends_at": datetime.combine(form.day.data, form.ends.data, tzinfo=place),
        **{one: form[one].data or "" for one in ("subject", "teacher", "place", "link")},
    }


def _filled(meeting: Meeting) -> MeetingForm:
    place = zone(standing().organisation.zone)
    begins, ends = meeting.starts_at.astimezone(place), meeting.ends_at.astimezone(place)
    texts = {one: getattr(meeting, one) for one in ("subject", "teacher", "place", "link")}
    return MeetingForm(
        formdata=None,
        data={
            "day": begins.date(),
            "begins": begins.time(),
            "ends": ends.time(),
            "revision": meeting.revision,
            **texts,
        },
    )


def _form(form: MeetingForm, meeting: Meeting | None = None, status: int = 200) -> Page:
    return page(
        "calendars/meeting.html",
        status=status,
        cohort=standing().cohort,
        place_zone=zone(standing().organisation.zone),
        meeting=meeting,
        form=form,
    )


def _confirm(meeting: Meeting, refusal: str = "", status: int = 200) -> Page:
    return page(
        "calendars/meeting_cancel.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        meeting=meeting,
        refusal=refusal,
    )
