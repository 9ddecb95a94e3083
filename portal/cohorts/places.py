"""Where a page stands: a cohort with its organisation and its course, as rows. A page shows them
and changes nothing, and making three objects of them would cost more than the rest of its frame."""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.cohorts.models import Cohort, Organisation
from portal.courses.models import Course
from portal.web.access import Standing

ROLES = ("participant", "mentor", "administrator")


def _columns(model: Any) -> list[str]:
    return list(model.__table__.columns.keys())


def _row_of(model: Any, *more: str) -> Any:
    """A row that holds what the object holds, under the same names."""
    return namedtuple(f"{model.__name__}Row", [*_columns(model), *more])


OrganisationRow, CourseRow = _row_of(Organisation), _row_of(Course)
CohortRow = _row_of(Cohort, "organisation", "course")

IN_COHORT = len(_columns(Cohort))
IN_ORGANISATION = IN_COHORT + len(_columns(Organisation))
IN_ALL = IN_ORGANISATION + len(_columns(Course))


def place_columns() -> list[sa.Label[Any]]:
    """The columns of a cohort, its organisation and its course, with which a select must begin."""
    return [
        column.label(f"{model.__tablename__}__{column.key}")
        for model in (Cohort, Organisation, Course)
        for column in model.__table__.columns
    ]


def cohort_in(row: Sequence[Any]) -> Any:
    """The cohort in a row that begins with ``place_columns``, with its organisation and course."""
    organisation = OrganisationRow(*row[IN_COHORT:IN_ORGANISATION])
    course = CourseRow(*row[IN_ORGANISATION:IN_ALL])
    return CohortRow(*row[:IN_COHORT], organisation, course)


def standing(cohort: Any, held: Sequence[bool]) -> Standing:
    """The standing in a cohort, which is a row or the object: which of ``ROLES`` are held."""
    return Standing(
        frozenset(role for role, is_held in zip(ROLES, held, strict=True) if is_held),
        cohort=cohort,
        organisation=cohort.organisation,
        is_closed=cohort.closed_at is not None,
    )
