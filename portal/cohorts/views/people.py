"""Finding people, editing them, closing and opening their accounts, helping with a password."""

from flask import abort, flash, request, url_for
from flask_login import current_user

from portal.cohorts import accounts, lists
from portal.cohorts.details import Details, read_details
from portal.cohorts.forms import ConfirmForm, PersonForm
from portal.cohorts.nip import shown_nip
from portal.cohorts.pictures import qr
from portal.people.models import Person
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, SIGNED_IN, standing
from portal.web.formats import local_today
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("people", __name__)


@routes.get("/people", access=SIGNED_IN)
def index():
    organisations = lists.organisations_of_administrator(current_user.id)
    everything = lists.administers_all(current_user.id)
    words = request.args.get("words", "")[:100]
    chosen = next(
        (o for o in organisations if o.id == request.args.get("organisation", type=int)), None
    )
    if chosen is None and organisations and not everything:
        chosen = organisations[0]
    people: list[Person] = []
    if organisations:
        people = lists.people_found(chosen.id if chosen else None, words, _after())
    more = len(people) > lists.AT_ONCE
    people = people[: lists.AT_ONCE]
    return page(
        "cohorts/people.html",
        organisations=organisations,
        everything=everything,
        chosen=chosen,
        place=chosen or (organisations[0] if organisations else None),
        words=words,
        people=people,
        more=more,
        last=people[-1] if more else None,
        is_later=_after() is not None,
        shown_nip=shown_nip,
    )


@routes.get("/organisations/<int:organisation_id>/people/<int:person_id>", access=ADMINISTRATOR)
def show(organisation_id: int, person_id: int):
    return _show(_person(person_id))


@routes.get(
    "/organisations/<int:organisation_id>/people/<int:person_id>/edit", access=ADMINISTRATOR
)
def edit(organisation_id: int, person_id: int):
    person = _person(person_id)
    return _form(person, _filled(person))


@routes.post(
    "/organisations/<int:organisation_id>/people/<int:person_id>/edit", access=ADMINISTRATOR
)
def update(organisation_id: int, person_id: int):
    person = _person(person_id)
    form = PersonForm()
    if not form.validate():
        return _form(person, form, status=422)
    details, wrong, field = _details(form)
    if wrong is not None:
        form.refuse(wrong, field)
        return _form(person, form, status=422)
    try:
        accounts.update_person(
            person,
            details,
            standing().organisation,
            current_user.id,
            revision=form.revision.data or "",
        )
    except Refused as refusal:
        return _form(person, form, status=form.refuse_stale(refusal, _filled(_person(person_id))))
    flash(_("Saved."))
    return redirect_to("people.show", organisation_id=organisation_id, person_id=person_id)


@routes.post(
    "/organisations/<int:organisation_id>/people/<int:person_id>/closing",
    access=ADMINISTRATOR,
    endpoint="close",
)
def close(organisation_id: int, person_id: int):
    person = _person(person_id)
    if not ConfirmForm().validate():
        return _show(person, status=422)
    try:
        accounts.close_account(person, standing().organisation, current_user.id)
    except Refused as refusal:
        return _show(person, status=422, refusal=str(refusal))
    flash(_("%(name)s can no longer enter. What they wrote stays.", name=person.name))
    return redirect_to("people.show", organisation_id=organisation_id, person_id=person_id)


@routes.post(
    "/organisations/<int:organisation_id>/people/<int:person_id>/reopening",
    access=ADMINISTRATOR,
    endpoint="reopen",
)
def reopen(organisation_id: int, person_id: int):
    person = _person(person_id)
    try:
        accounts.open_account(person, standing().organisation, current_user.id)
    except Refused as refusal:
        return _show(person, status=422, refusal=str(refusal))
    flash(_("%(name)s can enter again.", name=person.name))
    return redirect_to("people.show", organisation_id=organisation_id, person_id=person_id)


@routes.post(
    "/organisations/<int:organisation_id>/people/<int:person_id>/reset",
    access=ADMINISTRATOR,
    endpoint="reset",
)
def reset(organisation_id: int, person_id: int):
    """The link is shown on the answer itself and never again: only its hash is stored."""
    person = _person(person_id)
    if not ConfirmForm().validate():
        return _show(person, status=422)
    try:
        token = accounts.reset_for(person, standing().organisation, current_user.id)
    except Refused as refusal:
        return _show(person, status=422, refusal=str(refusal))
    link = url_for("welcome.show", token=token, _external=True)
    return page(
        "cohorts/reset_link.html",
        organisation=standing().organisation,
        person=person,
        link=link,
        picture=qr(link),
    )


@routes.post(
    "/organisations/<int:organisation_id>/people/<int:person_id>/appointment",
    access=ADMINISTRATOR,
    endpoint="appoint",
)
def appoint(organisation_id: int, person_id: int):
    return _appointment(person_id, accounts.appoint_for)


@routes.post(
    "/organisations/<int:organisation_id>/people/<int:person_id>/dismissal",
    access=ADMINISTRATOR,
    endpoint="dismiss",
)
def dismiss(organisation_id: int, person_id: int):
    return _appointment(person_id, accounts.dismiss_from)


def _appointment(person_id: int, change):
    person = _person(person_id)
    if not ConfirmForm().validate():
        return _show(person, status=422)
    organisation = standing().organisation
    try:
        change(person, organisation, current_user.id)
    except Refused as refusal:
        return _show(person, status=422, refusal=str(refusal))
    flash(_("Saved."))
    return redirect_to("people.show", organisation_id=organisation.id, person_id=person_id)


def _after() -> tuple[str, int] | None:
    name, number = request.args.get("after"), request.args.get("id", type=int)
    return (name[:200], number) if name and number else None


def _person(person_id: int) -> Person:
    whole = lists.administers_all(current_user.id)
    organisation = None if whole else standing().organisation.id
    return lists.person_of(organisation, person_id) or abort(404)


def _filled(person: Person) -> PersonForm:
    names = {one.kind: one.name for one in reversed(person.sign_in_names)}
    known = {**names, "revision": accounts.revision_of(person)}
    return PersonForm(formdata=None, obj=person, data=known)


def _details(form: PersonForm) -> tuple[Details, str | None, str | None]:
    today = local_today(standing().organisation.zone)
    details, problems = read_details(form.cells(), today)
    for problem in problems:
        if problem.refuses:
            return details, problem.text, problem.key.partition("-")[0]
    for problem in problems:
        flash(problem.text, "warning")
    return details, None, None


def _show(person: Person, status: int = 200, refusal: str = "") -> Page:
    organisation = standing().organisation
    enrolments, appointments = lists.standings_of(person.id)
    whole = lists.administers_all(current_user.id)
    if not whole:
        enrolments = [e for e in enrolments if e.cohort.organisation_id == organisation.id]
        appointments = [a for a in appointments if a[0].organisation_id == organisation.id]
    return page(
        "cohorts/person.html",
        status=status,
        organisation=organisation,
        person=person,
        enrolments=enrolments,
        appointments=appointments,
        may_edit=accounts.may_edit(person.id, organisation, current_user.id),
        is_self=person.id == current_user.id,
        may_appoint=whole and person.is_active,
        is_appointed=any(one[0].organisation_id == organisation.id for one in appointments),
        refusal=refusal,
        shown_nip=shown_nip,
    )


def _form(person: Person, form: PersonForm, status: int = 200) -> Page:
    organisation = standing().organisation
    return page(
        "cohorts/person_edit.html",
        status=status,
        organisation=organisation,
        person=person,
        form=form,
        may_edit=accounts.may_edit(person.id, organisation, current_user.id),
    )
