"""Where one person stands with one assignment, in one word. Pure."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from portal.assignments.rules import CLOSED, LATE, NOT_OPEN, Deadline

NOT_YET, TO_DO, DRAFT, OVERDUE, MISSED = "not_yet", "to_do", "draft", "overdue", "missed"
WAITING, UNANSWERED = "waiting", "unanswered"
REVISE, REVISE_LATE, ACCEPTED = "revise", "revise_late", "accepted"
EXEMPT = "exempt"

# How a state is shown: the kinds of the components (colour, glyph), never without its word.
KINDS = {
    NOT_YET: "closed",
    TO_DO: "plain",
    DRAFT: "plain",
    OVERDUE: "late",
    MISSED: "late",
    WAITING: "waiting",
    UNANSWERED: "late",
    REVISE: "due",
    REVISE_LATE: "late",
    ACCEPTED: "done",
    EXEMPT: "closed",
}
IN_ARREARS = frozenset({OVERDUE, MISSED, REVISE_LATE})
# What can be handed in now or should have been.
OWED = IN_ARREARS | {TO_DO, DRAFT, REVISE}


class Version(NamedTuple):
    """A submission version with what was released on it last, if anything, and when first."""

    number: int
    received_at: datetime
    punctuality: str
    feedback_by: datetime
    submission_id: int
    decision: str | None = None
    mark: Decimal | None = None
    released_at: datetime | None = None
    first_released_at: datetime | None = None
    revise_by: datetime | None = None
    """By when a new version is asked for."""


def asked_again(versions: list[Version]) -> datetime | None:
    """By when a new version of a work (its versions, oldest first) is asked for, if one is: what
    was released last on the newest version that was answered says so."""
    answered = next((one for one in reversed(versions) if one.released_at is not None), None)
    return answered.revise_by if answered and answered.decision == "revise" else None


class Cell(NamedTuple):
    """One person and one assignment: the state, the newest version, the newest released mark."""

    state: str
    deadline: Deadline
    version: Version | None = None
    mark: Decimal | None = None

    @property
    def kind(self) -> str:
        """How it is shown."""
        return KINDS[self.state]

    @property
    def is_expected(self) -> bool:
        """Whether it counts: nothing is expected of who is exempt and handed nothing in."""
        return not self.deadline.is_exempt or self.version is not None

    @property
    def is_late_work(self) -> bool:
        """Whether the newest version came after its deadline."""
        return self.version is not None and self.version.punctuality == "late"


def cell(deadline: Deadline, versions: list[Version], has_draft: bool, now: datetime) -> Cell:
    """The state of one piece of work from its versions (oldest first) and what was released.

    Who is exempt owes nothing; what they handed in all the same is answered like any work.
    """
    if not versions:
        return Cell(_without_work(deadline, has_draft, now), deadline)
    newest = versions[-1]
    mark = next((v.mark for v in reversed(versions) if v.mark is not None), None)
    if newest.released_at is None:
        state = UNANSWERED if now > newest.feedback_by else WAITING
    elif newest.decision == "accepted":
        state = ACCEPTED
    elif deadline.is_exempt:
        state = EXEMPT
    else:
        state = REVISE_LATE if now > deadline.due_at else REVISE
    return Cell(state, deadline, newest, mark)


def _without_work(deadline: Deadline, has_draft: bool, now: datetime) -> str:
    if deadline.is_exempt:
        return EXEMPT
    when = deadline.state(now)
    if when == NOT_OPEN:
        return NOT_YET
    if when == CLOSED:
        return MISSED
    if when == LATE:
        return OVERDUE
    return DRAFT if has_draft else TO_DO


def is_silent(last_trace_at: datetime, silent_days: int, now: datetime) -> bool:
    """Whether nothing was seen of somebody for so many days, each of 24 hours."""
    return now - last_trace_at >= timedelta(days=silent_days)


def waits_too_long(one: Cell, unanswered_days: int, now: datetime) -> bool:
    """Whether the newest version has waited for feedback for so many days, each of 24 hours."""
    if one.version is None or one.state not in (WAITING, UNANSWERED):
        return False
    return now - one.version.received_at >= timedelta(days=unanswered_days)
