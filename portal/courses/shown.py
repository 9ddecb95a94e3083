"""The texts of a course as the people of a cohort read them."""

from markupsafe import Markup

from portal.courses.rendering import placed
from portal.web.frame import address


def shown_in(cohort_id: int, html: str) -> Markup:
    """Stored HTML of a lesson or a brief with the addresses of this cohort."""
    lesson = address("lessons.show", cohort_id=cohort_id, lesson_id=0) or "#"
    file = address("lessons.course_file", cohort_id=cohort_id, path="0") or "#"
    assignment = address("work.show", cohort_id=cohort_id, assignment_id=0) or "#"
    return placed(html, *(one.removesuffix("0") for one in (lesson, file, assignment)))
