"""Importing a course from a ZIP file: choose, check, done. Nothing is written before «done»."""

import io

from flask import abort, current_app, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.files import storage
from portal.files.names import display_name
from portal.library.actions import Outcome, import_course, preview
from portal.library.forms import CourseImportForm
from portal.library.prepare import Prepared, prepare
from portal.library.remarks import GRAVE, PARTS, VERDICTS, said, sentence
from portal.library.sources import Archive, Unreadable
from portal.texts import _
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes(
    "course_imports", __name__, url_prefix="/organisations/<int:organisation_id>/course-imports"
)
SECONDS_VALID = 20 * 3600
"""Less than a day: until then the sweeper leaves the uploaded bytes alone."""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="course import")


def _choose(organisation_id: int, form: CourseImportForm, status: int = 200):
    most = current_app.config["SETTINGS"].max_upload_megabytes
    return page(
        "library/import.html",
        status=status,
        form=form,
        organisation_id=organisation_id,
        most=most,
    )


@routes.get("/new", access=ADMINISTRATOR)
def new(organisation_id: int):
    return _choose(organisation_id, CourseImportForm())


@routes.post("", access=ADMINISTRATOR)
def create(organisation_id: int):
    form = CourseImportForm()
    sent = form.file.data
    if not sent or not sent.filename:
        form.refuse(_("Choose a ZIP file first."), "file")
        return _choose(organisation_id, form, 422)
    kept = storage.keep(sent.stream)
    name = display_name(sent.filename)
    try:
        with kept.path.open("rb") as file:
            Archive(file, name).sizes()
    except Unreadable as problem:
        form.refuse(said(problem.code, problem.detail), "file")
        return _choose(organisation_id, form, 422)
    token = _signer().dumps([organisation_id, kept.sha256, name])
    return redirect_to("course_imports.show", organisation_id=organisation_id, token=token)


def _prepared(organisation_id: int, token: str) -> Prepared:
    try:
        place, sha256, name = _signer().loads(token, max_age=SECONDS_VALID)
    except (BadSignature, ValueError):
        abort(404)
    path = storage.path_of_hash(sha256)
    if place != organisation_id or not path.is_file():
        abort(404)
    try:
        return prepare(Archive(io.BytesIO(path.read_bytes()), name))
    except Unreadable:
        abort(404)


@routes.get("/<token>", access=ADMINISTRATOR)
def show(organisation_id: int, token: str):
    return _check(organisation_id, token, _prepared(organisation_id, token))


def _check(organisation_id: int, token: str, prepared: Prepared, status: int = 200):
    """What the import would do, with the button that does it."""
    action = url_for("course_imports.apply", organisation_id=organisation_id, token=token)
    outcome = preview(prepared, organisation_id)
    return _report(organisation_id, outcome, action, prepared.plan.is_empty, status)


@routes.post("/<token>/application", access=ADMINISTRATOR, endpoint="apply")
def apply(organisation_id: int, token: str):
    prepared = _prepared(organisation_id, token)
    if prepared.plan.is_empty:
        return _check(organisation_id, token, prepared, 422)
    outcome = import_course(prepared, organisation_id, current_user.id)
    return _report(organisation_id, outcome, None)


def _report(
    organisation_id: int, outcome: Outcome, action: str | None, is_empty=False, status: int = 200
):
    chosen = request.args.get("verdict")
    shown = [one for one in outcome.changes if one.verdict == chosen or chosen not in VERDICTS]
    return page(
        "library/import_report.html",
        status=status,
        is_empty=is_empty,
        organisation_id=organisation_id,
        outcome=outcome,
        shown=[one for one in shown if chosen or one.verdict != "same"],
        action=action,
        verdicts=VERDICTS,
        parts=PARTS,
        chosen=chosen,
        remarks=sorted(
            ((one.path, sentence(one), one.code in GRAVE) for one in outcome.remarks),
            key=lambda one: (not one[2], one[0]),
        ),
    )
