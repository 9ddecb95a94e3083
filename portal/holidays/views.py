"""The calendar of holidays, of one organisation and of the whole portal."""

from datetime import date
from typing import Any

from flask import abort, flash, request, url_for
from flask_login import current_user

from portal import clock
from portal.holidays import actions, queries
from portal.holidays.forms import DayForm, DayOffForm
from portal.holidays.rules import OWN, PUBLIC, Entry
from portal.texts import Refused, _, language
from portal.web.access import ADMINISTRATOR, standing
from portal.web.formats import day as shown_day
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

of_organisation = Routes(
    "holidays", __name__, url_prefix="/organisations/<int:organisation_id>/holidays"
)
of_portal = Routes("portal_holidays", __name__, url_prefix="/holidays")
ROUTES = (of_organisation, of_portal)


@of_portal.get("", access=ADMINISTRATOR)
@of_organisation.get("", access=ADMINISTRATOR)
def index(organisation_id: int | None = None):
    return _index(organisation_id)


@of_portal.get("/new", access=ADMINISTRATOR)
@of_organisation.get("/new", access=ADMINISTRATOR)
def new(organisation_id: int | None = None):
    kind = OWN if organisation_id else PUBLIC
    return _form(organisation_id, DayOffForm(formdata=None, data={"kind": kind}))


@of_portal.get("/edit", access=ADMINISTRATOR)
@of_organisation.get("/edit", access=ADMINISTRATOR)
def edit(organisation_id: int | None = None):
    entry = queries.calendar_of(organisation_id).get(_day_asked()) or abort(404)
    return _form(organisation_id, _filled(organisation_id, entry))


@of_portal.post("", access=ADMINISTRATOR)
@of_organisation.post("", access=ADMINISTRATOR)
def update(organisation_id: int | None = None):
    form = DayOffForm()
    if not form.validate():
        return _form(organisation_id, form, status=422)
    day = form.day.data
    moved_from = _date_in(form.moved_from.data)
    revision = form.revision.data or 0
    try:
        actions.set_day_off(
            organisation_id,
            day,
            kind=form.kind.data,
            name=form.name.data,
            source=form.source.data or "",
            is_provisional=form.is_provisional.data,
            revision=revision,
            by=current_user.id,
            instead_of=moved_from,
            instead_of_revision=revision,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(organisation_id, form, status=409 if refusal.conflict else 422)
    flash(_("%(day)s is a day off.", day=shown_day(day)))
    return _back(organisation_id, day)


@of_portal.post("/removal", access=ADMINISTRATOR)
@of_organisation.post("/removal", access=ADMINISTRATOR)
def remove(organisation_id: int | None = None):
    return _pressed(
        organisation_id, actions.give_back, lambda day: _("%(day)s is a working day.", day=day)
    )


@of_portal.post("/restoration", access=ADMINISTRATOR, endpoint="restore")
@of_organisation.post("/restoration", access=ADMINISTRATOR, endpoint="restore")
def restore(organisation_id: int | None = None):
    return _pressed(
        organisation_id,
        actions.restore,
        lambda day: _("Your change to %(day)s is taken back.", day=day),
    )


def _pressed(organisation_id: int | None, act, said):
    form = DayForm()
    if not form.validate():
        return _index(organisation_id, status=422)
    day = form.day.data
    try:
        act(organisation_id, day, revision=form.revision.data or 0, by=current_user.id)
    except Refused as refusal:
        flash(refusal.sentence, "warning")
        return _index(organisation_id, year=day.year, status=409)
    flash(said(shown_day(day)))
    return _back(organisation_id, day)


def _date_in(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _day_asked() -> date:
    return _date_in(request.args.get("day")) or abort(404)


def _place(organisation_id: int | None) -> tuple[str, dict[str, Any]]:
    if organisation_id is None:
        return "portal_holidays", {}
    return "holidays", {"organisation_id": organisation_id}


def _back(organisation_id: int | None, day: date):
    name, place = _place(organisation_id)
    return redirect_to(f"{name}.index", **place, year=day.year)


def _own_revision(organisation_id: int | None, entry: Entry) -> int:
    """The revision of this layer's own row; 0 while the day is only known from beneath."""
    return entry.revision if entry.layer == _layer(organisation_id) else 0


def _layer(organisation_id: int | None) -> str:
    return "organisation" if organisation_id else "portal"


def _filled(organisation_id: int | None, entry: Entry) -> DayOffForm:
    return DayOffForm(
        formdata=None,
        data={
            "day": entry.day,
            "name": entry.name_in(language()),
            "kind": entry.kind,
            "source": entry.source,
            "is_provisional": entry.is_provisional,
            "moved_from": entry.day.isoformat(),
            "revision": _own_revision(organisation_id, entry),
        },
    )


def _index(organisation_id: int | None, year: int | None = None, status: int = 200) -> Page:
    name, place = _place(organisation_id)
    calendar = queries.calendar_of(organisation_id)
    today = clock.now().date()
    years = sorted({day.year for day in calendar} | {today.year})
    asked = year or request.args.get("year", type=int)
    chosen = asked if asked in years else today.year
    return page(
        "holidays/index.html",
        status=status,
        organisation=standing().organisation,
        entries=[entry for day, entry in calendar.items() if day.year == chosen],
        own_layer=_layer(organisation_id),
        year=chosen,
        years=[(one, url_for(f"{name}.index", **place, year=one)) for one in years],
        name=name,
        place=place,
    )


def _form(organisation_id: int | None, form: DayOffForm, status: int = 200) -> Page:
    name, place = _place(organisation_id)
    return page(
        "holidays/edit.html",
        status=status,
        organisation=standing().organisation,
        form=form,
        name=name,
        place=place,
        is_new=not form.moved_from.data,
    )
