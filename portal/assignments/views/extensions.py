"""More time and exemptions: what was given and asked for in a cohort, giving it to one person, to
several or to everybody, answering, taking it back."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from flask import abort, flash, request
from flask_login import current_user
from wtforms import SelectChoice

from portal import clock
from portal.assignments import actions, outages, queries, requests, rules, scheduling
from portal.assignments.effects import Effect, effects_of
from portal.assignments.forms import EXEMPT, GIVE, AnswerForm, ExtensionForm, WithdrawalForm
from portal.assignments.models import Extension, ExtensionRequest, Schedule
from portal.assignments.views.outages import fill, proposed
from portal.assignments.views.schedules import aware, effect_words, local
from portal.cohorts import lists
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, STAFF, standing
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("extensions", __name__, url_prefix="/cohorts/<int:cohort_id>/extensions")
answers = Routes(
    "extension_answers", __name__, url_prefix="/cohorts/<int:cohort_id>/extension-requests"
)


@routes.get("", access=ADMINISTRATOR)
def index(cohort_id: int):
    asked = requests.extension_requests_in(cohort_id)
    names = {e.person_id: e.person.name for e in lists.people_in(cohort_id)}
    return page(
        "assignments/extensions.html",
        cohort=standing().cohort,
        waiting=[one for one in asked if one.answered_at is None],
        answered=[one for one in asked if one.answered_at is not None],
        given=_given_at_once(queries.extensions_in(cohort_id)),
        proposals=proposed(cohort_id),
        names=names,
    )


@routes.get("/new", access=ADMINISTRATOR, even_closed=False)
def new(cohort_id: int):
    """The form; what the address names stands in it already, or what an outage proposes."""
    form = _choices(ExtensionForm(formdata=request.args), cohort_id)
    if "outage" in request.args:
        for one, _reason in proposed(cohort_id):
            if one.schedule.assignment_id == form.assignment_id.data:
                fill(form, one)
    return _form(form)


@routes.post("/effects", access=ADMINISTRATOR, endpoint="preview")
def preview(cohort_id: int):
    """What it would mean to each of them; nothing is given yet."""
    form = _choices(ExtensionForm(), cohort_id)
    schedule = _schedule(form, cohort_id) if form.validate() else None
    if schedule is None:
        return _form(form, status=422)
    try:
        actions.check_is_later(schedule, _until(form))
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, status=422)
    return _form(form, schedule)


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    """Given to all of them at once, or refused."""
    form = _choices(ExtensionForm(), cohort_id)
    schedule = _schedule(form, cohort_id) if form.validate() else None
    if schedule is None:
        return _form(form, status=422)
    try:
        scheduling.give_as_seen(
            schedule,
            revision=form.revision.data or 0,
            due_at=_until(form),
            reason=form.reason.data,
            by=current_user.id,
            person_ids=form.person_ids,
        )
        if form.outage_ids:
            outages.decide(schedule, form.outage_ids, by=current_user.id, is_given=True)
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        if refusal.conflict:
            return _form(form, schedule, status=409)
        return _form(form, status=422)
    flash(
        _("The exemption is given, and those concerned have been told.")
        if form.what.data == EXEMPT
        else _("More time is given, and those concerned have been told.")
    )
    return redirect_to("extensions.index", cohort_id=cohort_id)


@routes.get("/<int:extension_id>/withdrawal", access=ADMINISTRATOR, even_closed=False)
def confirm_removal(cohort_id: int, extension_id: int):
    return _confirm(_extension(cohort_id, extension_id))


@routes.post("/<int:extension_id>/withdrawal", access=ADMINISTRATOR)
def remove(cohort_id: int, extension_id: int):
    extension = _extension(cohort_id, extension_id)
    if not WithdrawalForm().validate():
        return _confirm(extension, status=422)
    actions.withdraw_extension(extension, by=current_user.id)
    flash(
        _("The exemption has ended, and those concerned have been told.")
        if extension.is_exemption
        else _("The extension is withdrawn, and those concerned have been told.")
    )
    return redirect_to("extensions.index", cohort_id=cohort_id)


@answers.get("/<int:extension_request_id>/answer", access=STAFF, even_closed=False)
def edit(cohort_id: int, extension_request_id: int):
    asked = _request(cohort_id, extension_request_id)
    form = _answers(AnswerForm(formdata=None, data={"due_at": local(asked.wanted_until)}))
    return _answer(asked, form)


@answers.post("/<int:extension_request_id>/answer", access=STAFF)
def update(cohort_id: int, extension_request_id: int):
    """Answered once, by an administrator or a mentor who reviews the assignment; administrators
    may also exempt."""
    asked = _request(cohort_id, extension_request_id)
    form = _answers(AnswerForm())
    if not form.validate():
        return _answer(asked, form, status=422)
    try:
        actions.answer_extension_request(
            asked,
            by=current_user.id,
            answer=form.answer.data or "",
            due_at=aware(form.due_at.data) if form.decision.data == GIVE else None,
            exempts=form.decision.data == EXEMPT,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        now_stands = _request(cohort_id, extension_request_id)
        return _answer(now_stands, form, status=409 if refusal.conflict else 422)
    flash(_("Answered. The participant has been told."))
    if standing().is_administrator:
        return redirect_to("extensions.index", cohort_id=cohort_id)
    return redirect_to("home.index")


def _extension(cohort_id: int, extension_id: int) -> Extension:
    return queries.extension_in(cohort_id, extension_id) or abort(404)


def _request(cohort_id: int, extension_request_id: int) -> ExtensionRequest:
    return requests.extension_request_before(
        current_user.id,
        cohort_id,
        extension_request_id,
        is_administrator=standing().is_administrator,
    ) or abort(404)


def _choices(form: ExtensionForm, cohort_id: int) -> ExtensionForm:
    form.assignment_id.choices = [
        SelectChoice("", _("Choose")),
        *(
            SelectChoice(str(one.assignment_id), one.assignment.title)
            for one in queries.schedules_in(cohort_id)
        ),
    ]
    form.people.choices = [
        SelectChoice(
            str(one.person_id),
            f"{one.list_number}. {one.person.name}" if one.list_number else one.person.name,
        )
        for one in lists.people_in(cohort_id)
        if one.role == "participant" and not one.left_at
    ]
    return form


def _answers(form: AnswerForm) -> AnswerForm:
    if not standing().is_administrator:
        form.decision.choices = [one for one in form.decision.choices if one.value != EXEMPT]
    return form


def _schedule(form: ExtensionForm, cohort_id: int) -> Schedule | None:
    schedule = queries.schedule_in(cohort_id, form.assignment_id.data or 0)
    if schedule is None:
        form.refuse(_("Choose an assignment."), "assignment_id")
    return schedule


def _until(form: ExtensionForm) -> datetime | None:
    return aware(form.due_at.data) if form.what.data == GIVE else None


def _effects(form: ExtensionForm, schedule: Schedule) -> list[Effect]:
    """What is in the form, as it would be for each person it is for."""
    given = rules.Given(
        _until(form),
        form.reason.data,
        current_user.name,
        for_everybody=form.person_ids is None,
        given_at=clock.now(),
    )
    return effects_of(schedule, clock.now(), given=given, person_ids=form.person_ids)


def _form(form: ExtensionForm, schedule: Schedule | None = None, status: int = 200) -> Page:
    """The form; with a schedule also whom it concerns."""
    return page(
        "assignments/extension_new.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        form=form,
        schedule=schedule,
        effects=None if schedule is None else _effects(form, schedule),
        effect_words=effect_words(),
        is_exemption=form.what.data == EXEMPT,
        until=_until(form) if schedule is not None else None,
    )


def _confirm(extension: Extension, status: int = 200) -> Page:
    person_ids = None if extension.person_id is None else [extension.person_id]
    return page(
        "assignments/extension_withdraw.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        extension=extension,
        effects=effects_of(
            extension.schedule, clock.now(), but=extension.id, person_ids=person_ids
        ),
        effect_words=effect_words(),
    )


def _given_at_once(extensions: Iterable[Extension]) -> list[list[Extension]]:
    """What was given by one press of a button stands together."""
    return [
        list(its)
        for _key, its in groupby(
            extensions, key=lambda one: (one.given_at, one.schedule_id, one.due_at, one.reason)
        )
    ]


def _answer(asked: ExtensionRequest, form: AnswerForm, status: int = 200) -> Page:
    return page(
        "assignments/extension_answer.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        asked=asked,
        form=form,
    )
