"""Writing rubrics. A rubric version never changes: every change of a rubric is a new version."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal import clock
from portal.database import action, db
from portal.rubrics.models import Criterion, Level, Rubric, RubricVersion


@dataclass(frozen=True)
class LevelText:
    """A level as written; `lowest` equals `highest` when it holds one number."""

    title: str
    description: str
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True)
class CriterionText:
    """A criterion as written, its levels best first."""

    title: str
    description: str
    weight: Decimal
    levels: tuple[LevelText, ...]


def criterion_texts(criteria: Iterable[Any]) -> list[CriterionText]:
    """Criteria that a version or a plan holds, as they were written."""
    return [
        CriterionText(
            one.title,
            one.description,
            one.weight,
            tuple(
                LevelText(level.title, level.description, level.lowest, level.highest)
                for level in one.levels
            ),
        )
        for one in criteria
    ]


@action
def write_version(
    rubric: Rubric, criteria: Iterable[CriterionText], by: int | None = None
) -> RubricVersion:
    """A new version of a rubric, for later work."""
    db.session.flush()
    newest = db.session.query(db.func.max(RubricVersion.number)).filter_by(rubric_id=rubric.id)
    version = RubricVersion(
        rubric_id=rubric.id,
        number=(newest.scalar() or 0) + 1,
        created_at=clock.now(),
        created_by_id=by,
    )
    version.criteria = [
        Criterion(
            position=place,
            title=one.title,
            description=one.description,
            weight=one.weight,
            levels=[
                Level(
                    position=number,
                    title=level.title,
                    description=level.description,
                    lowest=level.lowest,
                    highest=level.highest,
                )
                for number, level in enumerate(one.levels, 1)
            ],
        )
        for place, one in enumerate(criteria, 1)
    ]
    db.session.add(version)
    db.session.flush()
    return version
