"""An organisation's courses: list, outline with everything that can be done, title and text."""

from flask import abort, url_for
from flask_login import current_user

from portal.cohorts.queries import organisations_administered_by, standing_in_portal
from portal.courses import editing, queries
from portal.courses.rendering import parse_ahead
from portal.library.forms import CourseFileForm, CourseForm
from portal.library.here import course_here, form_page, names_of, trail
from portal.library.queries import assignments_of, copyable_courses, courses_in, rubrics_of
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, SIGNED_IN
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("courses", __name__)
ONE = "/organisations/<int:organisation_id>/courses"


@routes.get("/courses", access=SIGNED_IN)
def index():
    organisations = organisations_administered_by(current_user.id)
    if not organisations and not standing_in_portal(current_user.id).is_administrator:
        abort(404)
    ids = [one.id for one in organisations]
    return page(
        "library/courses.html",
        organisations=organisations,
        courses=courses_in(ids),
        others=copyable_courses(ids),
    )


@routes.get(f"{ONE}/new", access=ADMINISTRATOR)
def new(organisation_id: int):
    return _new(organisation_id, CourseForm())


def _new(organisation_id: int, form: CourseForm, status: int = 200):
    return form_page(
        _("New course"),
        form,
        url_for("courses.create", organisation_id=organisation_id),
        [(_("Courses"), url_for("courses.index"))],
        status=status,
    )


@routes.post(ONE, access=ADMINISTRATOR)
def create(organisation_id: int):
    form = CourseForm()
    if not form.validate():
        return _new(organisation_id, form, 422)
    try:
        course = editing.create_course(organisation_id, current_user.id, **form.values())
    except Refused as refused:
        form.refuse(refused.sentence, refused.field)
        return _new(organisation_id, form, 422)
    return redirect_to("courses.show", organisation_id=organisation_id, course_id=course.id)


@routes.get(f"{ONE}/<int:course_id>", access=ADMINISTRATOR)
def show(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    return page(
        "library/course.html",
        course=course,
        modules=queries.modules_of(course.id),
        assignments=assignments_of(course.id),
        rubrics=rubrics_of(course.id),
        files=queries.files_of(course.id),
        file_form=CourseFileForm(formdata=None),
        about=parse_ahead(course.description, course.language).html(),
    )


@routes.get(f"{ONE}/<int:course_id>/edit", access=ADMINISTRATOR)
def edit(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    return _edit(course, CourseForm(obj=course))


def _edit(course, form: CourseForm, status: int = 200, notice: str = ""):
    own = names_of(course)
    return form_page(
        _("Edit the course"),
        form,
        url_for("courses.update", **own),
        trail(course),
        row=course,
        status=status,
        course=course,
        notice=notice,
    )


@routes.post(f"{ONE}/<int:course_id>", access=ADMINISTRATOR)
def update(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    form = CourseForm()
    if not form.validate():
        return _edit(course, form, 422)
    other = queries.course_coded(organisation_id, form.code.data)
    if other is not None and other.id != course.id:
        form.refuse(_("Another course of this organisation has this code."), "code")
        return _edit(course, form, 422)
    try:
        editing.edit(course, form.base(), current_user.id, organisation_id, **form.values())
    except Refused as refused:
        return _edit(course, form, 409, str(refused))
    return redirect_to("courses.show", organisation_id=organisation_id, course_id=course.id)
