"""What changes hands with a participant. Reviews stand above, so ``create_app`` wires it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Waiting:
    """Work that waits for feedback by the mentors of one capacity."""

    participant_id: int
    participant: str
    title: str
    number: int
    received_at: datetime
    feedback_by: datetime
    is_begun: bool


class OpenWork:
    """What waits for a mentor from the participants they have in one capacity of a cohort.

    ``of(cohort_id, mentor_id, capacity_id)`` returns it, the oldest first. One query.
    """

    of: Callable[[int, int, int], list[Waiting]] = staticmethod(
        lambda cohort_id, mentor_id, capacity_id: []
    )
