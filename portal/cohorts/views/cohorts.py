"""The cohorts an administrator is responsible for; renaming, moving, closing one."""

from flask import flash
from flask_login import current_user

from portal.cohorts import lists, membership
from portal.cohorts.forms import CohortForm, ConfirmForm
from portal.cohorts.models import NUMBERS
from portal.cohorts.queries import standing_in_portal
from portal.texts import Refused, _, ngettext
from portal.web.access import ADMINISTRATOR, SIGNED_IN, standing
from portal.web.formats import local_today, reader_zone
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("cohorts", __name__)


@routes.get("/cohorts", access=SIGNED_IN)
def index():
    return page(
        "cohorts/cohorts.html",
        rows=lists.cohorts_administered_by(current_user.id),
        organisations=lists.organisations_of_administrator(current_user.id),
        today=local_today(reader_zone().key),
        is_chief=standing_in_portal(current_user.id).is_administrator,
    )


@routes.get("/cohorts/<int:cohort_id>/edit", access=ADMINISTRATOR)
def edit(cohort_id: int):
    cohort = standing().cohort
    return _form(CohortForm(obj=cohort))


@routes.post("/cohorts/<int:cohort_id>/edit", access=ADMINISTRATOR)
def update(cohort_id: int):
    form = CohortForm()
    if not form.validate():
        return _form(form, status=422)
    try:
        membership.update_cohort(
            standing().cohort,
            name=form.name.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            numbers={one: form[one].data for one in NUMBERS},
            revision=form.revision.data or 0,
            by=current_user.id,
        )
    except Refused as refusal:
        saved = CohortForm(formdata=None, obj=standing().cohort)
        return _form(form, status=form.refuse_stale(refusal, saved))
    flash(_("Saved."))
    return redirect_to("cohorts.edit", cohort_id=cohort_id)


@routes.post(
    "/cohorts/<int:cohort_id>/closing", access=ADMINISTRATOR, endpoint="close", even_closed=True
)
def close(cohort_id: int):
    if not ConfirmForm().validate():
        return _form(CohortForm(formdata=None, obj=standing().cohort), status=422)
    membership.close(standing().cohort, current_user.id)
    flash(_("The cohort is closed. Everything in it can still be read."))
    return redirect_to("cohorts.edit", cohort_id=cohort_id)


@routes.post(
    "/cohorts/<int:cohort_id>/reopening", access=ADMINISTRATOR, endpoint="reopen", even_closed=True
)
def reopen(cohort_id: int):
    told = membership.reopen(standing().cohort, current_user.id)
    flash(_("The cohort is open again."))
    if told:
        flash(
            ngettext(
                "Everybody was told of %(num)s announcement whose moment had come meanwhile.",
                "Everybody was told of %(num)s announcements whose moment had come meanwhile.",
                told,
            )
        )
    return redirect_to("cohorts.edit", cohort_id=cohort_id)


def _form(form: CohortForm, status: int = 200) -> Page:
    return page("cohorts/cohort_edit.html", status=status, cohort=standing().cohort, form=form)
