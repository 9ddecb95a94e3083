"""A participant's submission versions and the reviews of each, as rows: what pages only read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple


class Version(NamedTuple):
    """A submission version without its text."""

    id: int
    cohort_id: int
    assignment_id: int
    number: int
    received_at: datetime
    punctuality: str
    feedback_by: datetime
    rubric_version_id: int | None


class Head(NamedTuple):
    """A review without its sheet."""

    id: int
    submission_id: int
    number: int
    revision: int
    feedback: str
    feedback_by_id: int | None
    decision: str | None
    revise_by: datetime | None
    mark: Decimal | None
    saved_at: datetime
    released_at: datetime | None
    releaser: str | None
    """The name of who released it."""
    has_items: bool
    has_placed: bool
    """Whether it has action items, and remarks on places in the work."""

    def is_released_at(self, now: datetime) -> bool:
        """Whether it has reached the participant; see ``Review``."""
        return self.released_at is not None and self.released_at <= now


class Row(NamedTuple):
    """A submission version, one of its reviews, and whether a review of it is begun.

    ``beyond`` is what a select asks for besides."""

    version: Version
    review: Head | None
    is_begun: bool
    beyond: tuple[Any, ...]


def rows_in(rows: Iterable[Sequence[Any]]) -> list[Row]:
    """The rows of a select that begins as ``records.select_versions`` does."""
    here = len(Version._fields)
    end = here + len(Head._fields)
    return [
        Row(
            Version(*row[:here]),
            None if row[here] is None else Head(*row[here:end]),
            row[end],
            tuple(row[end + 1 :]),
        )
        for row in rows
    ]
