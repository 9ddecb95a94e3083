"""The extensions that hold, as deadlines are decided by them."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.assignments.models import Extension, Schedule
from portal.people.models import Person
from portal.selects import Prepared


class Extended(NamedTuple):
    """An extension that holds."""

    id: int
    schedule_id: int
    cohort_id: int
    person_id: int | None
    due_at: datetime | None
    reason: str
    given_by: str
    given_at: datetime


def select_extensions() -> sa.Select:
    """The columns of ``Extended`` of all that were given and not taken back."""
    return (
        sa.select(
            Extension.id,
            Extension.schedule_id,
            Schedule.cohort_id,
            Extension.person_id,
            Extension.due_at,
            Extension.reason,
            Person.name,
            Extension.given_at,
        )
        .join(Schedule, Schedule.id == Extension.schedule_id)
        .join(Person, Person.id == Extension.given_by_id)
        .where(Extension.withdrawn_at.is_(None))
        .order_by(Extension.given_at, Extension.id)
    )


def extensions_by(select: Prepared, **values: Any) -> list[Extended]:
    """What a select made of ``select_extensions`` finds."""
    return [Extended(*row) for row in select.rows(**values)]
