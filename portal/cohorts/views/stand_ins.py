"""Who stands in for a mentor who is away: named by themselves, or by an administrator for them."""

from datetime import date, datetime, time

from flask import abort, flash
from flask_babel import get_locale
from flask_login import current_user
from wtforms import SelectChoice

from portal import clock
from portal.cohorts import lists, stand_ins
from portal.cohorts.forms import ConfirmForm, StandInForm
from portal.cohorts.queries import cohorts_of
from portal.cohorts.stand_ins import StandIn
from portal.people.models import Person
from portal.texts import Refused, _, ngettext
from portal.web.access import SIGNED_IN, STAFF, standing
from portal.web.formats import local_today, zone
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("stand_ins", __name__)

OF_MENTOR = "/cohorts/<int:cohort_id>/mentors/<int:mentor_id>/stand-ins"
ONE = "/cohorts/<int:cohort_id>/stand-ins/<int:mentorship_id>/end"
END_OF_DAY = time(23, 59, 59)


@routes.get("/stand-ins", access=SIGNED_IN)
def index():
    """The reader's own, over all cohorts: who stands in for them, and for whom they do."""
    found = stand_ins.stand_ins_of(current_user.id)
    return page(
        "cohorts/stand_ins.html",
        for_me=[one for one in found if one.absent.id == current_user.id],
        by_me=[one for one in found if one.mentor.id == current_user.id],
        cohorts=[
            cohort
            for cohort, roles in cohorts_of(current_user.id)
            if "mentor" in roles and cohort.closed_at is None
        ],
        now=clock.now(),
    )


@routes.get(f"{OF_MENTOR}/new", access=STAFF, even_closed=False)
def new(cohort_id: int, mentor_id: int):
    absent = _absent(cohort_id, mentor_id)
    today = local_today(standing().organisation.zone)
    form = _filled(StandInForm(starts_on=today), absent)
    form.mentorships.data = [choice.value for choice in form.mentorships.choices]
    return _form(form, absent)


@routes.post(OF_MENTOR, access=STAFF)
def create(cohort_id: int, mentor_id: int):
    absent = _absent(cohort_id, mentor_id)
    form = _filled(StandInForm(), absent)
    if not form.validate():
        return _form(form, absent, status=422)
    try:
        count = stand_ins.stand_in(
            standing().cohort,
            absent,
            form.stand_in_id.data,
            form.mentorships.data,
            starts_at=max(clock.now(), _moment(form.starts_on.data, time(0))),
            until=_moment(form.until.data, END_OF_DAY),
            by=current_user.id,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, absent, status=422)
    flash(
        ngettext(
            "The stand-in is named for %(num)s participant. Everybody concerned has been told.",
            "The stand-in is named for %(num)s participants. Everybody concerned has been told.",
            count,
        )
    )
    return _back(absent.id)


@routes.get(ONE, access=STAFF, even_closed=False)
def confirm_removal(cohort_id: int, mentorship_id: int):
    return _confirm(_stand_in(cohort_id, mentorship_id))


@routes.post(ONE, access=STAFF)
def remove(cohort_id: int, mentorship_id: int):
    found = _stand_in(cohort_id, mentorship_id)
    if not ConfirmForm().validate():
        return _confirm(found, status=422)
    stand_ins.end_stand_in(standing().cohort, found, current_user.id)
    flash(_("The stand-in has ended. What was written stays."))
    return _back(found.absent.id)


def _reader() -> int | None:
    """Whose stand-ins the reader may decide on: their own, or with None everybody's."""
    return None if standing().is_administrator else current_user.id


def _absent(cohort_id: int, mentor_id: int) -> Person:
    return stand_ins.mentor_named_by(cohort_id, mentor_id, _reader()) or abort(404)


def _stand_in(cohort_id: int, mentorship_id: int) -> StandIn:
    return stand_ins.stand_in_with(cohort_id, mentorship_id, _reader()) or abort(404)


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone(standing().organisation.zone))


def _filled(form: StandInForm, absent: Person) -> StandInForm:
    cohort_id, language = standing().cohort.id, str(get_locale())
    mentors = [
        one.person
        for one in lists.people_in(cohort_id)
        if one.role == "mentor"
        and not one.left_at
        and one.person.is_active
        and one.person_id != absent.id
    ]
    form.stand_in_id.choices = [
        SelectChoice("", _("Choose")),
        *(
            SelectChoice(one.id, f"{one.name} ({one.unit or '–'})")
            for one in sorted(mentors, key=lambda one: one.sort_name)
        ),
    ]
    form.mentorships.choices = [
        SelectChoice(one.id, f"{one.participant.name} ({one.capacity.name_in(language)})")
        for one in lists.mentorships_in(cohort_id)
        if one.mentor_id == absent.id
    ]
    return form


def _form(form: StandInForm, absent: Person, status: int = 200) -> Page:
    return page(
        "cohorts/stand_in_new.html",
        status=status,
        cohort=standing().cohort,
        form=form,
        absent=absent,
        is_own=absent.id == current_user.id,
    )


def _confirm(found: StandIn, status: int = 200) -> Page:
    return page(
        "cohorts/stand_in_end.html",
        status=status,
        cohort=standing().cohort,
        stand_in=found,
        is_own=found.absent.id == current_user.id,
    )


def _back(absent_id: int):
    """To where the reader came from: their own page, or the administrator's board."""
    if absent_id == current_user.id:
        return redirect_to("stand_ins.index")
    return redirect_to("mentorships.index", cohort_id=standing().cohort.id)
