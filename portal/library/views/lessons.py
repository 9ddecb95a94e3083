"""Writing lessons, and seeing them as a participant would."""

from flask import abort, url_for
from flask_login import current_user

from portal.courses import actions, editing, queries
from portal.courses.models import Course, Lesson, Module
from portal.courses.rendering import parse_ahead
from portal.library.forms import LessonForm
from portal.library.here import assignment_ids, course_here, form_page, names_of, placed_in, trail
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes(
    "course_lessons",
    __name__,
    url_prefix="/organisations/<int:organisation_id>/courses/<int:course_id>",
)


@routes.get("/modules/<int:module_id>/lessons/new", access=ADMINISTRATOR)
def new(organisation_id: int, course_id: int, module_id: int):
    course = course_here(organisation_id, course_id)
    module = queries.module_in(course.id, module_id) or abort(404)
    return _new(course, module, LessonForm())


def _new(course: Course, module: Module, form: LessonForm, status: int = 200):
    own = names_of(course)
    action = url_for("course_lessons.create", module_id=module.id, **own)
    return form_page(_("New lesson"), form, action, trail(course), status=status, course=course)


@routes.post("/modules/<int:module_id>/lessons", access=ADMINISTRATOR)
def create(organisation_id: int, course_id: int, module_id: int):
    course = course_here(organisation_id, course_id)
    module = queries.module_in(course.id, module_id) or abort(404)
    form = LessonForm()
    if not form.validate():
        return _new(course, module, form, 422)
    parse_ahead(form.body.data, course.language)
    lessons = [one for one in queries.texts_of(course.id) if one.module_id == module.id]
    lesson = editing.create_lesson(course, module, lessons, current_user.id, **form.values())
    # Lessons that linked to this path in vain until now find it.
    actions.render_lessons(course, actions.renderer_of(course, assignment_ids(course)))
    return _shown(course, lesson)


def _shown(course: Course, lesson: Lesson):
    return redirect_to(
        "course_lessons.show",
        organisation_id=course.organisation_id,
        course_id=course.id,
        lesson_id=lesson.id,
    )


@routes.get("/lessons/<int:lesson_id>", access=ADMINISTRATOR)
def show(organisation_id: int, course_id: int, lesson_id: int):
    course = course_here(organisation_id, course_id)
    lesson = queries.lesson_in(course.id, lesson_id) or abort(404)
    return page(
        "library/lesson.html",
        course=course,
        lesson=lesson,
        trail=trail(course),
        text=placed_in(course, lesson.html),
    )


@routes.get("/lessons/<int:lesson_id>/edit", access=ADMINISTRATOR)
def edit(organisation_id: int, course_id: int, lesson_id: int):
    course = course_here(organisation_id, course_id)
    lesson = queries.lesson_in(course.id, lesson_id) or abort(404)
    return _edit(course, lesson, LessonForm(obj=lesson))


def _edit(course: Course, lesson: Lesson, form: LessonForm, status: int = 200, notice: str = ""):
    own = names_of(course)
    return form_page(
        _("Edit the lesson"),
        form,
        url_for("course_lessons.update", lesson_id=lesson.id, **own),
        trail(course),
        row=lesson,
        status=status,
        course=course,
        notice=notice,
    )


@routes.post("/lessons/<int:lesson_id>", access=ADMINISTRATOR)
def update(organisation_id: int, course_id: int, lesson_id: int):
    course = course_here(organisation_id, course_id)
    lesson = queries.lesson_in(course.id, lesson_id) or abort(404)
    form = LessonForm()
    if not form.validate():
        return _edit(course, lesson, form, 422)
    parse_ahead(form.body.data, course.language)
    try:
        editing.edit(lesson, form.base(), current_user.id, organisation_id, **form.values())
    except Refused as refused:
        return _edit(course, lesson, form, 409, str(refused))
    actions.render_lesson(lesson, actions.renderer_of(course, assignment_ids(course)))
    return _shown(course, lesson)
