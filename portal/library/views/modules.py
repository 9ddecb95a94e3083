"""Writing modules."""

from flask import abort, url_for
from flask_login import current_user

from portal.courses import editing, queries
from portal.courses.models import Course, Module
from portal.library.forms import ModuleForm
from portal.library.here import course_here, form_page, names_of, trail
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import redirect_to
from portal.web.routes import Routes

routes = Routes(
    "modules",
    __name__,
    url_prefix="/organisations/<int:organisation_id>/courses/<int:course_id>/modules",
)


@routes.get("/new", access=ADMINISTRATOR)
def new(organisation_id: int, course_id: int):
    return _new(course_here(organisation_id, course_id), ModuleForm())


def _new(course: Course, form: ModuleForm, status: int = 200):
    own = names_of(course)
    return form_page(
        _("New module"),
        form,
        url_for("modules.create", **own),
        trail(course),
        status=status,
        course=course,
    )


@routes.post("", access=ADMINISTRATOR)
def create(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    form = ModuleForm()
    if not form.validate():
        return _new(course, form, 422)
    modules = queries.modules_of(course.id)
    module = editing.create_module(course, modules, current_user.id, **form.values())
    return redirect_to(
        "courses.show",
        organisation_id=organisation_id,
        course_id=course_id,
        _anchor=f"module-{module.id}",
    )


@routes.get("/<int:module_id>/edit", access=ADMINISTRATOR)
def edit(organisation_id: int, course_id: int, module_id: int):
    course = course_here(organisation_id, course_id)
    module = queries.module_in(course.id, module_id) or abort(404)
    return _edit(course, module, ModuleForm(obj=module))


def _edit(course: Course, module: Module, form: ModuleForm, status: int = 200, notice: str = ""):
    own = names_of(course)
    return form_page(
        _("Edit the module"),
        form,
        url_for("modules.update", module_id=module.id, **own),
        trail(course),
        row=module,
        status=status,
        course=course,
        notice=notice,
    )


@routes.post("/<int:module_id>", access=ADMINISTRATOR)
def update(organisation_id: int, course_id: int, module_id: int):
    course = course_here(organisation_id, course_id)
    module = queries.module_in(course.id, module_id) or abort(404)
    form = ModuleForm()
    if not form.validate():
        return _edit(course, module, form, 422)
    try:
        editing.edit(module, form.base(), current_user.id, organisation_id, **form.values())
    except Refused as refused:
        return _edit(course, module, form, 409, str(refused))
    return redirect_to(
        "courses.show",
        organisation_id=organisation_id,
        course_id=course_id,
        _anchor=f"module-{module.id}",
    )
