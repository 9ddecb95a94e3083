"""Announcements to everybody in a cohort."""

from flask import abort, flash
from flask_login import current_user

from portal.cohorts import lists, membership
from portal.cohorts.forms import AnnouncementForm
from portal.markdown import note
from portal.texts import _
from portal.web.access import ADMINISTRATOR, MEMBER, standing
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("announcements", __name__, url_prefix="/cohorts/<int:cohort_id>/announcements")


@routes.get("", access=MEMBER)
def index(cohort_id: int):
    return page(
        "cohorts/announcements.html",
        cohort=standing().cohort,
        announcements=lists.announcements_in(cohort_id),
        may_write=standing().is_administrator,
    )


@routes.get("/new", access=ADMINISTRATOR)
def new(cohort_id: int):
    return _form(AnnouncementForm())


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    form = AnnouncementForm()
    if not form.validate():
        return _form(form, status=422)
    row = membership.announce(standing().cohort, form.title.data, form.body.data, current_user.id)
    flash(_("Everybody in the cohort has been told."))
    return redirect_to("announcements.show", cohort_id=cohort_id, announcement_id=row.id)


@routes.get("/<int:announcement_id>", access=MEMBER)
def show(cohort_id: int, announcement_id: int):
    announcement = lists.announcement_in(cohort_id, announcement_id) or abort(404)
    return page(
        "cohorts/announcement.html",
        cohort=standing().cohort,
        announcement=announcement,
        body=note(announcement.body),
        is_administrator=standing().is_administrator,
    )


def _form(form: AnnouncementForm, status: int = 200) -> Page:
    return page("cohorts/announcement_new.html", status=status, cohort=standing().cohort, form=form)
