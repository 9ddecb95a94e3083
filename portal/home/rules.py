"""What comes next for a participant, and in which order: plain values only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from portal.assignments.rules import Deadline
from portal.reviews.stages import Stage

TO_DO = {"late", "revise", "draft", "not_begun"}
MISSED = {"closed", "unrevised"}
UNDER_WAY = {"handed_in", "in_review"}
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """One assignment of one cohort as its participant meets it at home."""

    cohort_id: int
    cohort_name: str
    assignment_id: int
    title: str
    deadline: Deadline
    stage: Stage
    feedback_by: datetime | None = None

    @property
    def is_to_do(self) -> bool:
        return self.stage.key in TO_DO

    @property
    def urgency(self) -> tuple[datetime, int, int]:
        return self.deadline.due_at, self.cohort_id, self.assignment_id


@dataclass(frozen=True)
class Agenda:
    """A participant's tasks in order of urgency: the next one, then the others by when they are
    due."""

    next: Task | None
    today: list[Task]
    this_week: list[Task]
    later: list[Task]
    waiting: list[Task]
    missed: list[Task]
    exempt: list[Task]

    @property
    def is_empty(self) -> bool:
        return not (self.next or self.later)


def end_of_day(now: datetime, zone: tzinfo) -> datetime:
    """The last moment of the reader's day."""
    return now.astimezone(zone).replace(hour=23, minute=59, second=59, microsecond=999_999)


def agenda(tasks: Iterable[Task], now: datetime, zone: tzinfo) -> Agenda:
    """Sort tasks into what is next, due today (or late), within a week, and later.

    Later also holds what is not open yet. ``missed`` are those that closed without a hand-in
    or without the new version that was asked for, ``exempt`` those of which nothing is due.
    """
    ordered = sorted(tasks, key=lambda one: one.urgency)
    to_do = [one for one in ordered if one.is_to_do]
    then = to_do[1:]
    tonight, week = end_of_day(now, zone), end_of_day(now, zone) + A_WEEK
    return Agenda(
        next=to_do[0] if to_do else None,
        today=[one for one in then if one.deadline.due_at <= tonight],
        this_week=[one for one in then if tonight < one.deadline.due_at <= week],
        later=[
            one
            for one in ordered
            if (one in then and one.deadline.due_at > week) or one.stage.key == "not_open"
        ],
        waiting=[one for one in ordered if one.stage.key in UNDER_WAY],
        missed=[one for one in ordered if one.stage.key in MISSED],
        exempt=[one for one in ordered if one.stage.key == "exempt"],
    )
