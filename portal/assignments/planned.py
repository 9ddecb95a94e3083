"""The schedules of cohorts as rows: as much of them as lists show and deadlines are decided by, and
all that the page of an assignment says."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.assignments.models import Assignment, Schedule
from portal.selects import prepared


class Brief(NamedTuple):
    """What of an assignment is shown, or decides a deadline."""

    title: str
    grace_seconds: int


class Planned(NamedTuple):
    """A schedule of an assignment that is not hidden."""

    id: int
    cohort_id: int
    assignment_id: int
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    assignment: Brief

    @classmethod
    def of(cls, row: Any) -> "Planned":
        """From a row with the columns of ``select_planned``."""
        return cls(
            row.id,
            row.cohort_id,
            row.assignment_id,
            row.opens_at,
            row.due_at,
            row.closes_at,
            Brief(row.title, row.grace_seconds),
        )


def select_planned(*columns: Any) -> sa.Select:
    """The columns of ``Planned``, and these."""
    return (
        sa.select(
            Schedule.id,
            Schedule.cohort_id,
            Schedule.assignment_id,
            Schedule.opens_at,
            Schedule.due_at,
            Schedule.closes_at,
            Assignment.title,
            Assignment.grace_seconds,
            *columns,
        )
        .join(Assignment, Assignment.id == Schedule.assignment_id)
        .where(Assignment.hidden_at.is_(None))
    )


def planned_in(cohort_id: int) -> list[Planned]:
    """The schedules of a cohort in the order of the course. One query."""
    return [Planned.of(row) for row in _planned.rows(cohort_id=cohort_id)]


@prepared
def _planned(cohort_id):
    return (
        select_planned()
        .where(Schedule.cohort_id == cohort_id)
        .order_by(Assignment.position, Assignment.id)
    )


class Described(NamedTuple):
    """An assignment with all that its page says; see ``Assignment``."""

    id: int
    course_id: int
    position: int
    title: str
    thread: str
    brief: str
    html: str
    accepts_text: bool
    accepts_files: bool
    max_characters: int
    max_files: int
    max_file_bytes: int
    file_types: list[str]
    grace_seconds: int
    weight: Decimal
    hidden_at: datetime | None


class Scheduled(NamedTuple):
    """A schedule with its assignment, which may be hidden; see ``Schedule``."""

    id: int
    cohort_id: int
    assignment_id: int
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    rubric_version_id: int | None
    assignment: Described


def select_scheduled(*columns: Any) -> sa.Select:
    """The columns that ``scheduled_in`` reads, and these."""
    return sa.select(
        *(getattr(Schedule, name) for name in Scheduled._fields[:-1]),
        *(getattr(Assignment, name) for name in Described._fields),
        *columns,
    ).join(Assignment, Assignment.id == Schedule.assignment_id)


def scheduled_in(row: Sequence[Any]) -> tuple[Scheduled, Sequence[Any]]:
    """The schedule in a row of ``select_scheduled``, and what else it holds."""
    own = len(Scheduled._fields) - 1
    end = own + len(Described._fields)
    return Scheduled(*(*row[:own], Described(*row[own:end]))), row[end:]
