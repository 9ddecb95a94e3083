"""What the templates of reviews draw with: Markdown of people, marks, kinds of files."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

from portal.assignments.models import Assignment
from portal.cohorts.models import Capacity
from portal.files.kinds import KINDS, RASTER
from portal.markdown import note
from portal.reviews import dialogue, rules
from portal.rubrics.models import Criterion, Level
from portal.submissions.models import SubmissionFile

BY_MEDIA_TYPE = {kind.media_type: kind.key.upper() for kind in KINDS.values()}


def kind_name(file: SubmissionFile) -> str:
    """«PDF», «DOCX»: what kind of file it is, in one word."""
    return BY_MEDIA_TYPE.get(file.blob.media_type, file.blob.media_type)


def level_with(criterion: Criterion | None, level_id: int | None) -> Level | None:
    levels = criterion.levels if criterion else ()
    return next((one for one in levels if one.id == level_id), None)


def capacity_names(capacities: Iterable[Capacity]) -> str | None:
    """«Atasan langsung, Coach»: in what capacities somebody mentors, in the reader's language."""
    return ", ".join(one.name_in(str(get_locale())) for one in capacities) or None


def brief(assignment: Assignment) -> Markup:
    """The brief of an assignment as HTML."""
    # Safe: made by portal.markdown when the brief was written.
    return Markup(assignment.html) if assignment.html else note(assignment.brief)  # noqa: S704


def init(app: Flask) -> None:
    names: dict[str, Any] = {
        "note": note,
        "brief": brief,
        "capacity_names": capacity_names,
        "level_of": rules.level_of,
        "points_of": rules.points_of,
        "mark_of": rules.mark_of,
        "band_of": rules.band_of,
        "kind_name": kind_name,
        "level_with": level_with,
        "may_follow": dialogue.may_follow,
        "RASTER": RASTER,
    }
    app.jinja_env.globals.update(names)
