"""Search over the lessons one may read and over one's own work."""

from dataclasses import dataclass

from flask import request, url_for
from flask_login import current_user
from markupsafe import Markup

from portal.courses.rendering import plain
from portal.courses.snippets import snippet
from portal.learning import queries as learning
from portal.learning import rules
from portal.submissions.queries import own_work_with
from portal.texts import _
from portal.web.access import MEMBER, standing
from portal.web.formats import local_today
from portal.web.forms import cleaned
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("search", __name__, url_prefix="/cohorts/<int:cohort_id>/search")
LONGEST = 200


@dataclass(frozen=True)
class Found:
    """A page that holds the words, with the place where they stand."""

    title: str
    href: str
    kind: str
    snippet: Markup


@routes.get("", access=MEMBER)
def index(cohort_id: int):
    words = " ".join(cleaned(request.args.get("q", ""))[:LONGEST].split())
    return page(
        "home/search.html",
        cohort=standing().cohort,
        words=words,
        lessons=_lessons(words) if words else [],
        work=_work(words) if words else [],
    )


def _lessons(words: str) -> list[Found]:
    """Lessons that are open for the present person; a locked one tells nothing."""
    here = standing()
    cohort = here.cohort
    modules = learning.entries_of_course(cohort.course_id, cohort.id, current_user.id)
    is_staff = here.is_mentor or here.is_administrator
    today = local_today(here.organisation.zone)
    outline = rules.outline(modules, cohort.starts_on, today, locks=not is_staff)
    open_ones = {
        lesson.id for one in outline.states if not one.is_locked for lesson in one.module.lessons
    }
    return [
        Found(
            title,
            url_for("lessons.show", cohort_id=cohort.id, lesson_id=number),
            _("Lesson"),
            snippet(plain(html), words),
        )
        for number, title, html in learning.lessons_with(cohort.course_id, words)
        if number in open_ones
    ]


def _work(words: str) -> list[Found]:
    """The present person's own drafts and submission versions."""
    cohort_id = standing().cohort.id
    found = []
    for title, assignment, submission, number, text in own_work_with(
        cohort_id, current_user.id, words
    ):
        place = {"cohort_id": cohort_id, "assignment_id": assignment}
        if submission:
            href = url_for("submissions.show", submission_id=submission, **place)
            kind = _("Submission version %(number)s", number=number)
        else:
            href, kind = url_for("drafts.show", **place), _("Draft")
        found.append(Found(title, href, kind, snippet(text, words)))
    return found
