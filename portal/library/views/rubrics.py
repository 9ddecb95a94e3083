"""Writing rubrics: every change is a new version, for work that begins later."""

from decimal import Decimal
from typing import Any

from flask import abort, request, url_for
from flask_login import current_user

from portal.courses.models import Course
from portal.library import queries, written
from portal.library.forms import RubricForm
from portal.library.here import course_here, names_of, trail
from portal.rubrics.actions import CriterionText, LevelText
from portal.rubrics.models import Rubric
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes(
    "rubrics",
    __name__,
    url_prefix="/organisations/<int:organisation_id>/courses/<int:course_id>/rubrics",
)


def _blank_level() -> dict[str, Any]:
    return {"title": "", "lowest": None, "highest": None, "description": ""}


def _blank_criterion() -> dict[str, Any]:
    return {
        "title": "",
        "weight": None,
        "description": "",
        "levels": [_blank_level() for _number in range(3)],
    }


def _page(
    course: Course, rubric: Rubric | None, form: RubricForm, status=200, notice="", theirs=None
):
    own = names_of(course)
    action = (
        url_for("rubrics.update", rubric_id=rubric.id, **own)
        if rubric
        else url_for("rubrics.create", **own)
    )
    return page(
        "library/rubric.html",
        status=status,
        course=course,
        form=form,
        action=action,
        trail=trail(course),
        title=_("Edit the rubric") if rubric else _("New rubric"),
        rubric=rubric,
        notice=notice,
        theirs=theirs,
    )


@routes.get("/new", access=ADMINISTRATOR)
def new(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    form = RubricForm(data={"criteria": [_blank_criterion(), _blank_criterion()]})
    return _page(course, None, form)


@routes.post("", access=ADMINISTRATOR)
def create(organisation_id: int, course_id: int):
    course = course_here(organisation_id, course_id)
    return _write(course, None)


@routes.get("/<int:rubric_id>/edit", access=ADMINISTRATOR)
def edit(organisation_id: int, course_id: int, rubric_id: int):
    course = course_here(organisation_id, course_id)
    rubric = queries.rubric_in(course.id, rubric_id) or abort(404)
    newest = queries.newest_version_of(rubric.id)
    criteria = (
        []
        if newest is None
        else [
            {
                "title": one.title,
                "weight": one.weight,
                "description": one.description,
                "levels": [
                    {
                        "title": level.title,
                        "lowest": level.lowest,
                        "highest": level.highest,
                        "description": level.description,
                    }
                    for level in one.levels
                ],
            }
            for one in newest.criteria
        ]
    )
    form = RubricForm(
        data={
            "title": rubric.title,
            "criteria": criteria,
            "revision": str(newest.number if newest else 0),
        }
    )
    return _page(course, rubric, form)


@routes.post("/<int:rubric_id>", access=ADMINISTRATOR)
def update(organisation_id: int, course_id: int, rubric_id: int):
    course = course_here(organisation_id, course_id)
    rubric = queries.rubric_in(course.id, rubric_id) or abort(404)
    return _write(course, rubric)


def _write(course: Course, rubric: Rubric | None):
    form = RubricForm()
    if "more" in request.form:
        return _page(course, rubric, _with_room(form), 200)
    if not form.validate():
        return _page(course, rubric, form, 422)
    try:
        criteria = _criteria(form)
        rubric = written.write_rubric(
            course, rubric, form.base(), form.title.data, criteria, current_user.id
        )
    except Refused as refused:
        if not refused.conflict or rubric is None:
            form.refuse(refused.sentence)
            return _page(course, rubric, form, 422)
        newest = queries.newest_version_of(rubric.id)
        form.revision.data = str(newest.number if newest else 0)
        return _page(course, rubric, form, 409, str(refused), newest)
    return redirect_to(
        "courses.show",
        organisation_id=course.organisation_id,
        course_id=course.id,
        _anchor="rubrics",
    )


def _with_room(form: RubricForm) -> RubricForm:
    """The form with a level more in each criterion, and a criterion more."""
    for one in form.criteria:
        if len(one.form.levels) < 12:
            one.form.levels.append_entry(_blank_level())
    if len(form.criteria) < 30:
        form.criteria.append_entry(_blank_criterion())
    return form


def _criteria(form: RubricForm) -> list[CriterionText]:
    """The criteria written; empty rows are left out, half-written ones refused."""
    criteria = []
    for one in form.criteria:
        values = one.form
        levels = tuple(_level(level.form) for level in values.levels if _is_written(level.form))
        if not values.title.data and not levels and values.weight.data is None:
            continue
        if not values.title.data or not values.weight.data or not levels:
            raise Refused(
                _("Each criterion needs a name, a weight above 0 and at least one level.")
            )
        criteria.append(
            CriterionText(
                values.title.data, values.description.data or "", values.weight.data, levels
            )
        )
    return criteria


def _is_written(level: Any) -> bool:
    return bool(
        level.title.data
        or level.lowest.data is not None
        or level.highest.data is not None
        or (level.description.data or "").strip()
    )


def _level(level: Any) -> LevelText:
    lowest, highest = level.lowest.data, level.highest.data
    lowest = highest if lowest is None else lowest
    highest = lowest if highest is None else highest
    if not level.title.data or lowest is None or highest is None or lowest > highest:
        raise Refused(
            _("Each level needs a name and one number, or two with the smaller one first.")
        )
    cent = Decimal("0.01")
    return LevelText(
        level.title.data,
        level.description.data or "",
        lowest.quantize(cent),
        highest.quantize(cent),
    )
