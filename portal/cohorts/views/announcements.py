"""Announcements to everybody in a cohort."""

from flask import abort, flash
from flask_login import current_user

from portal.cohorts import announcing
from portal.cohorts.forms import AnnouncementForm
from portal.cohorts.models import Announcement
from portal.markdown import note
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, MEMBER, standing
from portal.web.formats import exact, zone
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("announcements", __name__, url_prefix="/cohorts/<int:cohort_id>/announcements")


@routes.get("", access=MEMBER)
def index(cohort_id: int):
    may_write = standing().is_administrator
    found = announcing.announcements_in(standing().cohort, with_scheduled=may_write)
    ids = [one.id for one in found]
    return page(
        "cohorts/announcements.html",
        cohort=standing().cohort,
        announcements=found,
        may_write=may_write,
        readings=announcing.readings_of(cohort_id, ids) if may_write else {},
        told_until=announcing.told_until(standing().cohort),
    )


@routes.get("/new", access=ADMINISTRATOR, even_closed=False)
def new(cohort_id: int):
    return _form(AnnouncementForm())


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    form = AnnouncementForm()
    if not form.validate():
        return _form(form, status=422)
    place = zone(standing().organisation.zone)
    at = form.at.data.replace(tzinfo=place) if form.at.data else None
    cohort = standing().cohort
    try:
        row = announcing.announce(cohort, form.title.data, form.body.data, current_user.id, at=at)
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, status=422)
    if at is None:
        flash(_("Everybody in the cohort has been told."))
    else:
        flash(_("Everybody in the cohort will be told %(when)s.", when=exact(at, place)))
    return redirect_to("announcements.show", cohort_id=cohort_id, announcement_id=row.id)


@routes.get("/<int:announcement_id>", access=MEMBER)
def show(cohort_id: int, announcement_id: int):
    return _page(_announcement(cohort_id, announcement_id))


@routes.post("/<int:announcement_id>/removal", access=ADMINISTRATOR, even_closed=True)
def remove(cohort_id: int, announcement_id: int):
    """Withdraw what nobody was told of, also from a closed cohort, which may be opened again."""
    announcement = _announcement(cohort_id, announcement_id)
    try:
        announcing.withdraw(standing().cohort, announcement, by=current_user.id)
    except Refused as refusal:
        flash(str(refusal), "error")
        return _page(announcement, status=409)
    flash(_("The announcement is withdrawn. Nobody was told."))
    return redirect_to("announcements.index", cohort_id=cohort_id)


def _announcement(cohort_id: int, announcement_id: int) -> Announcement:
    may_write = standing().is_administrator
    found = announcing.announcement_in(standing().cohort, announcement_id, with_scheduled=may_write)
    return found or abort(404)


def _page(announcement: Announcement, status: int = 200) -> Page:
    is_administrator = standing().is_administrator
    readings = (
        announcing.readings_of(announcement.cohort_id, [announcement.id])
        if is_administrator
        else {}
    )
    return page(
        "cohorts/announcement.html",
        status=status,
        cohort=standing().cohort,
        announcement=announcement,
        body=note(announcement.body),
        is_administrator=is_administrator,
        is_scheduled=announcement.published_at > announcing.told_until(standing().cohort),
        reading=readings.get(announcement.id),
    )


def _form(form: AnnouncementForm, status: int = 200) -> Page:
    return page(
        "cohorts/announcement_new.html",
        status=status,
        cohort=standing().cohort,
        form=form,
        place_zone=zone(standing().organisation.zone),
    )
