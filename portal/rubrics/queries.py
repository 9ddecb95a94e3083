"""Every select on rubrics."""

from collections.abc import Iterable
from itertools import groupby

import sqlalchemy as sa

from portal.rubrics import models
from portal.rubrics.rules import Criterion, Level
from portal.selects import prepared


def criteria_of(rubric_version_id: int | None) -> list[Criterion]:
    """The criteria of a rubric version in order, with their levels, best first; one query."""
    return criteria_by_version([rubric_version_id])[rubric_version_id]


def criteria_by_version(version_ids: Iterable[int | None]) -> dict[int | None, list[Criterion]]:
    """The criteria of several rubric versions, by the version's id; one query."""
    wanted = {one for one in version_ids if one is not None}
    found: dict[int | None, list[Criterion]] = {None: [], **{one: [] for one in wanted}}
    rows = _criteria.rows(version_ids=sorted(wanted)) if wanted else ()
    for _id, (first, *rest) in groupby(rows, key=lambda row: row.id):
        levels = tuple(Level(*row[5:]) for row in (first, *rest) if row.level_id is not None)
        found[first.rubric_version_id].append(
            Criterion(first.id, first.title, first.description, first.weight, levels)
        )
    return found


@prepared
def _criteria(version_ids):
    criterion, level = models.Criterion, models.Level
    return (
        sa.select(
            criterion.rubric_version_id,
            criterion.id,
            criterion.title,
            criterion.description,
            criterion.weight,
            level.id.label("level_id"),
            level.title,
            level.description,
            level.lowest,
            level.highest,
        )
        .outerjoin(level, level.criterion_id == criterion.id)
        .where(criterion.rubric_version_id.in_(version_ids))
        .order_by(criterion.rubric_version_id, criterion.position, criterion.id, level.position)
    )
