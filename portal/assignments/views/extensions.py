"""More time: what was given and asked for in a cohort, giving it, answering, taking it back."""

from flask import abort, flash, request
from flask_login import current_user
from wtforms import SelectChoice

from portal.assignments import actions, queries, requests, scheduling
from portal.assignments.forms import AnswerForm, ExtensionForm, WithdrawalForm
from portal.assignments.models import Extension, ExtensionRequest
from portal.assignments.views.schedules import aware, local
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
        extensions=queries.extensions_in(cohort_id),
        names=names,
    )


@routes.get("/new", access=ADMINISTRATOR)
def new(cohort_id: int):
    form = _choices(ExtensionForm(formdata=None), cohort_id)
    form.assignment_id.data = request.args.get("assignment_id", type=int)
    form.person_id.data = request.args.get("person_id", type=int)
    return _form(form)


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    form = _choices(ExtensionForm(), cohort_id)
    if not form.validate():
        return _form(form, status=422)
    schedule = queries.schedule_in(cohort_id, form.assignment_id.data or 0)
    if schedule is None:
        form.refuse(_("Choose an assignment."), "assignment_id")
        return _form(form, status=422)
    try:
        scheduling.extend(
            schedule,
            due_at=aware(form.due_at.data),
            reason=form.reason.data,
            by=current_user.id,
            person_id=form.person_id.data,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, status=422)
    flash(_("More time is given, and those concerned have been told."))
    return redirect_to("extensions.index", cohort_id=cohort_id)


@routes.get("/<int:extension_id>/withdrawal", access=ADMINISTRATOR)
def confirm_removal(cohort_id: int, extension_id: int):
    return _confirm(_extension(cohort_id, extension_id))


@routes.post("/<int:extension_id>/withdrawal", access=ADMINISTRATOR)
def remove(cohort_id: int, extension_id: int):
    extension = _extension(cohort_id, extension_id)
    if not WithdrawalForm().validate():
        return _confirm(extension, status=422)
    actions.withdraw_extension(extension, by=current_user.id)
    flash(_("The extension is withdrawn."))
    return redirect_to("extensions.index", cohort_id=cohort_id)


@answers.get("/<int:extension_request_id>/answer", access=STAFF)
def edit(cohort_id: int, extension_request_id: int):
    asked = _request(cohort_id, extension_request_id)
    form = AnswerForm(formdata=None, data={"due_at": local(asked.wanted_until)})
    return _answer(asked, form)


@answers.post("/<int:extension_request_id>/answer", access=STAFF)
def update(cohort_id: int, extension_request_id: int):
    """Answered once, by an administrator or a mentor who reviews the assignment."""
    asked = _request(cohort_id, extension_request_id)
    form = AnswerForm()
    if not form.validate():
        return _answer(asked, form, status=422)
    gives = form.decision.data == "give"
    try:
        actions.answer_extension_request(
            asked,
            by=current_user.id,
            answer=form.answer.data or "",
            due_at=aware(form.due_at.data) if gives else None,
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
    form.person_id.choices = [
        SelectChoice("", _("The whole cohort")),
        *(
            SelectChoice(str(e.person_id), e.person.name)
            for e in lists.people_in(cohort_id)
            if e.role == "participant" and not e.left_at
        ),
    ]
    return form


def _form(form: ExtensionForm, status: int = 200) -> Page:
    return page(
        "assignments/extension_new.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        form=form,
    )


def _confirm(extension: Extension, status: int = 200) -> Page:
    return page(
        "assignments/extension_withdraw.html",
        status=status,
        cohort=standing().cohort,
        extension=extension,
    )


def _answer(asked: ExtensionRequest, form: AnswerForm, status: int = 200) -> Page:
    return page(
        "assignments/extension_answer.html",
        status=status,
        cohort=standing().cohort,
        place=standing().organisation.zone,
        asked=asked,
        form=form,
    )
