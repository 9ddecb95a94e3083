"""Writing assignments, and seeing them as a participant would."""

from typing import Any

from flask import abort, url_for
from flask_babel import get_locale
from flask_login import current_user
from wtforms import SelectChoice

from portal.assignments.models import Assignment
from portal.courses import actions, editing
from portal.courses.models import Course
from portal.courses.queries import modules_of
from portal.courses.rendering import parse_ahead
from portal.library import queries, written
from portal.library.forms import AssignmentForm
from portal.library.here import assignment_ids, course_here, form_page, names_of, placed_in, trail
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes(
    "course_assignments",
    __name__,
    url_prefix="/organisations/<int:organisation_id>/courses/<int:course_id>/assignments",
)


def _form(course: Course, **options: Any) -> AssignmentForm:
    language = str(get_locale())
    capacities = [SelectChoice(str(one.id), one.name_in(language)) for one in queries.capacities()]
    return AssignmentForm(**options).offer(
        modules_of(course.id), queries.rubrics_of(course.id), capacities
    )


def _written(form: AssignmentForm) -> dict[str, Any]:
    """What was written, by column."""
    values = form.values()
    del values["review"], values["mark"]
    values["max_file_bytes"] = values.pop("max_megabytes") * 2**20
    values["module_id"] = values["module_id"] or None
    values["rubric_id"] = values["rubric_id"] or None
    return values


def _reviewers(form: AssignmentForm) -> tuple[list[int], list[int]]:
    return [int(one) for one in form.review.data or ()], [int(one) for one in form.mark.data or ()]


@routes.get("/new", access=ADMINISTRATOR)
def new(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    values = {
        "opens_offset": 0,
        "due_offset": 14,
        "closes_offset": 21,
        "feedback_days": 5,
        "grace_seconds": 120,
        "accepts_text": True,
        "accepts_files": True,
        "max_characters": 20_000,
        "max_files": 5,
        "max_megabytes": 10,
        "file_types": ["pdf", "docx", "xlsx", "pptx", "jpg", "png"],
    }
    return _new(course, _form(course, data=values))


def _new(course: Course, form: AssignmentForm, status: int = 200):
    own = names_of(course)
    return form_page(
        _("New assignment"),
        form,
        url_for("course_assignments.create", **own),
        trail(course),
        status=status,
        course=course,
    )


@routes.post("", access=ADMINISTRATOR)
def create(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    form = _form(course)
    if not form.validate():
        return _new(course, form, 422)
    assignment = written.create_assignment(course, current_user.id, **_written(form))
    return _finished(course, assignment, form)


def _finished(course: Course, assignment: Assignment, form: AssignmentForm):
    written.set_reviewers(assignment, *_reviewers(form))
    renderer = actions.renderer_of(course, assignment_ids(course))
    assignment.html = renderer.render(assignment.source_path, assignment.brief).html
    return redirect_to(
        "course_assignments.show",
        organisation_id=course.organisation_id,
        course_id=course.id,
        assignment_id=assignment.id,
    )


@routes.get("/<int:assignment_id>", access=ADMINISTRATOR)
def show(organisation_id: int, course_id: int, assignment_id: int):
    course = course_here(organisation_id, course_id)
    assignment = queries.assignment_in(course.id, assignment_id) or abort(404)
    version = queries.newest_version_of(assignment.rubric_id) if assignment.rubric_id else None
    return page(
        "library/assignment.html",
        course=course,
        assignment=assignment,
        version=version,
        trail=trail(course),
        text=placed_in(course, assignment.html),
    )


@routes.get("/<int:assignment_id>/edit", access=ADMINISTRATOR)
def edit(organisation_id: int, course_id: int, assignment_id: int):
    course = course_here(organisation_id, course_id)
    assignment = queries.assignment_in(course.id, assignment_id) or abort(404)
    form = _form(
        course,
        obj=assignment,
        max_megabytes=max(1, assignment.max_file_bytes // 2**20),
        module_id=assignment.module_id or 0,
        rubric_id=assignment.rubric_id or 0,
        review=[str(one.capacity_id) for one in assignment.reviewers],
        mark=[str(one.capacity_id) for one in assignment.reviewers if one.may_mark],
    )
    form.module_id.data = assignment.module_id or 0
    form.rubric_id.data = assignment.rubric_id or 0
    return _edit(course, assignment, form)


def _edit(
    course: Course,
    assignment: Assignment,
    form: AssignmentForm,
    status: int = 200,
    notice: str = "",
):
    own = names_of(course)
    return form_page(
        _("Edit the assignment"),
        form,
        url_for("course_assignments.update", assignment_id=assignment.id, **own),
        trail(course),
        row=assignment,
        status=status,
        course=course,
        notice=notice,
    )


@routes.post("/<int:assignment_id>", access=ADMINISTRATOR)
def update(organisation_id: int, course_id: int, assignment_id: int):
    course = course_here(organisation_id, course_id)
    assignment = queries.assignment_in(course.id, assignment_id) or abort(404)
    form = _form(course)
    if not form.validate():
        return _edit(course, assignment, form, 422)
    parse_ahead(form.brief.data, course.language)
    try:
        editing.edit(assignment, form.base(), current_user.id, organisation_id, **_written(form))
    except Refused as refused:
        return _edit(course, assignment, form, 409, str(refused))
    return _finished(course, assignment, form)
