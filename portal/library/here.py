"""What the course pages of an administrator share: finding the course, showing a form again."""

from collections.abc import Sequence
from typing import Any

from flask import abort, url_for
from markupsafe import Markup

from portal.courses import queries
from portal.courses.models import Course
from portal.courses.rendering import placed
from portal.library.forms import Revised
from portal.library.queries import assignments_of
from portal.texts import _
from portal.web.htmx import Page, page

Trail = Sequence[tuple[str, str]]


def course_here(organisation_id: int, course_id: int) -> Course:
    """The course the URL names, or 404."""
    course = queries.course_in(organisation_id, course_id)
    if course is None:
        abort(404)
    return course


def names_of(course: Course) -> dict[str, Any]:
    """What names a course in an address."""
    return {"organisation_id": course.organisation_id, "course_id": course.id}


def named(title: str, code: str) -> str:
    """A course's title with its code, unless the title holds it already."""
    return title if code in title else f"{title} ({code})"


def trail(course: Course) -> Trail:
    """The breadcrumbs down to a course."""
    own = names_of(course)
    return [
        (_("Courses"), url_for("courses.index")),
        (course.title, url_for("courses.show", **own)),
    ]


def assignment_ids(course: Course) -> dict[str, int]:
    """Ids of the course's assignments by path, for links to them."""
    return {one.source_path: one.id for one in assignments_of(course.id) if one.source_path}


def placed_in(course: Course, html: str) -> Markup:
    """Stored HTML with the addresses of the preview."""
    own = names_of(course)
    lesson = url_for("course_lessons.show", lesson_id=0, **own).removesuffix("0")
    file = url_for("course_files.show", path="0", **own).removesuffix("0")
    assignment = url_for("course_assignments.show", assignment_id=0, **own).removesuffix("0")
    return placed(html, lesson, file, assignment)


def form_page(
    title: str,
    form: Revised,
    action: str,
    trail: Trail,
    *,
    row: Any = None,
    status: int = 200,
    course: Course | None = None,
    notice: str = "",
) -> Page:
    """A form; after a conflict the row's own values stand beside what was typed."""
    theirs = []
    if status == 409 and row is not None:
        theirs = [
            (one.label.text, getattr(row, name))
            for name, one in form._fields.items()
            if name != "revision" and hasattr(row, name) and getattr(row, name) != one.data
        ]
        form.revision.data = str(row.revision)
    return page(
        "library/form.html",
        status=status,
        title=title,
        form=form,
        action=action,
        trail=trail,
        theirs=theirs,
        course=course,
        notice=notice,
        path=getattr(row, "source_path", None),
    )
