"""Copying a course of any organisation that one administers."""

from flask import request
from flask_login import current_user

from portal.cohorts.queries import organisations_administered_by
from portal.library.queries import course_to_copy
from portal.library.written import copy_course
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import redirect_to
from portal.web.routes import Routes

routes = Routes(
    "course_copies", __name__, url_prefix="/organisations/<int:organisation_id>/course-copies"
)


@routes.post("", access=ADMINISTRATOR)
def create(organisation_id: int):
    number = request.form.get("course", type=int) or 0
    own = [one.id for one in organisations_administered_by(current_user.id)]
    source = course_to_copy(number, own) if 0 < number < 2**31 else None
    if source is None:
        return redirect_to("courses.index")
    course = copy_course(source, organisation_id, current_user.id)
    return redirect_to("courses.show", organisation_id=organisation_id, course_id=course.id)
