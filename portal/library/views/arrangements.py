"""Order and visibility of modules, lessons and assignments: plain buttons."""

from flask import abort, request
from flask_login import current_user

from portal.courses import editing
from portal.library.here import course_here
from portal.library.queries import part_in
from portal.library.written import render_course
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import redirect_to
from portal.web.routes import Routes

routes = Routes(
    "arrangements",
    __name__,
    url_prefix="/organisations/<int:organisation_id>/courses/<int:course_id>",
)
PARTS = ("module", "lesson", "assignment")


@routes.post("/arrangements", access=ADMINISTRATOR)
def create(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    what, _dash, number = request.form.get("part", "").partition("-")
    act = request.form.get("act")
    found = None
    if what in PARTS and number.isdecimal() and len(number) < 10:
        found = part_in(course.id, what, int(number)) or abort(404)
    if found and act in ("up", "down"):
        down = act == "down"
        editing.move(found[1], found[0], down, current_user.id, organisation_id)
    elif found and act in ("hide", "show"):
        editing.set_hidden(found[0], act == "hide", current_user.id, organisation_id)
        render_course(course)
    return redirect_to(
        "courses.show",
        organisation_id=organisation_id,
        course_id=course_id,
        _anchor=f"{what}-{number}" if found else None,
    )
