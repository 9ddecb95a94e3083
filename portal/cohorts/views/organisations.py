"""Organisations: a new one, made by whoever administers the portal; what is written about one."""

from flask import flash
from flask_login import current_user

from portal.cohorts import actions
from portal.cohorts.forms import OrganisationForm
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("organisations", __name__, url_prefix="/organisations")


@routes.get("/new", access=ADMINISTRATOR)
def new():
    return _form(OrganisationForm(formdata=None))


@routes.post("", access=ADMINISTRATOR)
def create():
    form = OrganisationForm()
    if not form.validate():
        return _form(form, status=422)
    try:
        made = actions.create_organisation(
            form.name.data, form.zone.data, form.contact.data or "", current_user.id
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, status=422)
    flash(_("%(name)s is there. Next it needs a course, then a cohort.", name=made.name))
    return redirect_to("cohorts.index")


@routes.get("/<int:organisation_id>/edit", access=ADMINISTRATOR)
def edit(organisation_id: int):
    return _form(OrganisationForm(formdata=None, obj=standing().organisation))


@routes.post("/<int:organisation_id>/edit", access=ADMINISTRATOR)
def update(organisation_id: int):
    form = OrganisationForm()
    if not form.validate():
        return _form(form, status=422)
    try:
        actions.update_organisation(
            standing().organisation,
            name=form.name.data,
            zone=form.zone.data,
            contact=form.contact.data or "",
            revision=form.revision.data or 0,
            by=current_user.id,
        )
    except Refused as refusal:
        saved = OrganisationForm(formdata=None, obj=standing().organisation)
        return _form(form, status=form.refuse_stale(refusal, saved))
    flash(_("Saved."))
    return redirect_to("cohorts.index")


def _form(form: OrganisationForm, status: int = 200) -> Page:
    return page(
        "cohorts/organisation.html",
        status=status,
        organisation=standing().organisation,
        form=form,
    )
