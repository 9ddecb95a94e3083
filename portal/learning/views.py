"""The course as a participant reads it: outline, lessons, done or not."""

from flask import abort, request
from flask_login import current_user

from portal import clock
from portal.courses.rendering import parse_ahead
from portal.courses.shown import shown_in
from portal.files.sending import send_blob
from portal.journal.actions import record
from portal.journal.sightings import saw
from portal.learning import actions, queries, rules
from portal.web.access import MEMBER, PARTICIPANT, standing
from portal.web.formats import zone
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("lessons", __name__, url_prefix="/cohorts/<int:cohort_id>")

SECONDS_KEPT = 365 * 24 * 3600
"""How long a browser may keep a picture whose address names its version."""


def _outline() -> rules.Outline:
    cohort = standing().cohort
    modules = queries.entries_of_course(cohort.course_id, cohort.id, current_user.id)
    today = clock.now().astimezone(zone(cohort.organisation.zone)).date()
    is_staff = standing().is_mentor or standing().is_administrator
    return rules.outline(modules, cohort.starts_on, today, locks=not is_staff)


@routes.get("/course", access=MEMBER)
def index(cohort_id):
    course = standing().cohort.course
    about = parse_ahead(course.description, course.language).html()
    return page("learning/course.html", cohort=standing().cohort, outline=_outline(), about=about)


@routes.get("/lessons/<int:lesson_id>", access=MEMBER)
def show(cohort_id, lesson_id):
    cohort, outline = standing().cohort, _outline()
    state = outline.state_of(lesson_id)
    if state is None:
        abort(404)
    if state.is_locked:
        return page("learning/locked.html", status=403, cohort=cohort, state=state)
    lesson = queries.lesson_in(cohort.course_id, lesson_id) or abort(404)
    before, after = outline.neighbours(lesson_id)
    saw("lesson", lesson_id, cohort_id)
    return page(
        "learning/lesson.html",
        cohort=cohort,
        lesson=lesson,
        outline=outline,
        state=state,
        before=before,
        after=after,
        text=shown_in(cohort_id, lesson.html),
        is_done=next(one.is_done for one in state.module.lessons if one.id == lesson_id),
    )


def _open_lesson(lesson_id: int) -> rules.Outline:
    outline = _outline()
    state = outline.state_of(lesson_id)
    if state is None or state.is_locked:
        abort(404)
    return outline


@routes.post("/lessons/<int:lesson_id>/done", access=PARTICIPANT, endpoint="mark_done")
def mark_done(cohort_id, lesson_id):
    outline = _open_lesson(lesson_id)
    actions.mark_done(cohort_id, current_user.id, lesson_id)
    record("learning.done", by=current_user.id, cohort_id=cohort_id, lesson=lesson_id)
    _before, after = outline.neighbours(lesson_id)
    state = outline.state_of(after.id) if after else None
    if after and state and not state.is_locked:
        return redirect_to("lessons.show", cohort_id=cohort_id, lesson_id=after.id)
    return redirect_to("lessons.index", cohort_id=cohort_id)


@routes.post("/lessons/<int:lesson_id>/undone", access=PARTICIPANT, endpoint="mark_undone")
def mark_undone(cohort_id, lesson_id):
    _open_lesson(lesson_id)
    actions.mark_undone(cohort_id, current_user.id, lesson_id)
    record("learning.undone", by=current_user.id, cohort_id=cohort_id, lesson=lesson_id)
    return redirect_to("lessons.show", cohort_id=cohort_id, lesson_id=lesson_id)


@routes.get("/files/<path:path>", access=MEMBER, endpoint="course_file")
def course_file(cohort_id, path):
    """A picture or a download of the course; ``v`` in the address changes with the bytes."""
    width = request.args.get("width", type=int)
    seconds = SECONDS_KEPT if "v" in request.args else 0
    blob = queries.course_file_in(standing().cohort.course_id, path, width) or abort(404)
    return send_blob(blob, path.rsplit("/", 1)[-1], figure=True, seconds=seconds)


ROUTES = (routes,)
