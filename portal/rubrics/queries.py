"""Every select on rubrics."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.rubrics.models import Criterion
from portal.selects import prepared


def criteria_of(rubric_version_id: int | None) -> list[Criterion]:
    """The criteria of a rubric version in order, with their levels, best first; one query."""
    return criteria_by_version([rubric_version_id])[rubric_version_id]


def criteria_by_version(version_ids: Iterable[int | None]) -> dict[int | None, list[Criterion]]:
    """The criteria of several rubric versions, by the version's id; one query."""
    wanted = {one for one in version_ids if one is not None}
    found: dict[int | None, list[Criterion]] = {None: [], **{one: [] for one in wanted}}
    if wanted:
        criteria = db.session.scalars(*_criteria(version_ids=sorted(wanted)))
        for criterion in criteria.unique():
            found[criterion.rubric_version_id].append(criterion)
    return found


@prepared
def _criteria(version_ids):
    return (
        sa.select(Criterion)
        .where(Criterion.rubric_version_id.in_(version_ids))
        .options(joinedload(Criterion.levels))
        .order_by(Criterion.position)
    )
