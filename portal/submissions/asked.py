"""What mentors asked for, beside the draft of the next version."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from portal.assignments.models import Assignment


@dataclass(frozen=True)
class Asked:
    """An action item that is not closed: open, reopened, or done and not confirmed yet.

    ``source`` is the title of the earlier assignment that it followed from, if it did.
    """

    text: str
    due_on: date | None
    state: str
    source: str | None = None


class OpenItems:
    """What is still open at an assignment. Reviews stand above, so ``create_app`` wires it.

    ``asked(cohort_id, assignment, person_id)`` returns the open items that stand beside a draft.
    """

    asked: Callable[[int, Assignment, int], list[Asked]] = staticmethod(
        lambda cohort_id, assignment, person_id: []
    )
