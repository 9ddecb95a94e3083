"""THE deadline: one decision over plain values, for pages, hand-ins, notices and exports alike.

A schedule says when an assignment opens, is due and closes. An extension moves the due moment,
and the closing moves with it by the same time. A mentor who asks for a new version by a day keeps
the assignment open until that day. From who is exempt nothing is due: they may hand in while it is
open, and are never late. Nothing here knows a database or a request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from portal.holidays.rules import WorkingDays
from portal.texts import _

NOT_OPEN, OPEN, LATE, CLOSED = "not_open", "open", "late", "closed"
IN_TIME, GRACE, CLOSING = "in_time", "grace", "closing"
FROM_SCHEDULE, FROM_EXTENSION, FROM_COHORT, FROM_REVISION = (
    "schedule",
    "extension",
    "cohort_extension",
    "revision",
)
EXEMPT, COHORT_EXEMPT = "exemption", "cohort_exemption"
UNCHANGED, KEPT = "unchanged", "kept"
FREED, BOUND = "freed", "bound"
OPENS, SHUTS, REOPENS, CLOSES = "opens", "shuts", "reopens", "closes"
BECOMES_LATE, BECOMES_TIMELY = "becomes_late", "becomes_timely"
LONGER, SHORTER, MOVES = "longer", "shorter", "moves"
END_OF_WORK = time(17, 0)
WEEKDAYS = WorkingDays()


@dataclass(frozen=True)
class Dates:
    """What the schedule of a cohort says of one assignment."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    grace: timedelta = timedelta(0)


@dataclass(frozen=True)
class Given:
    """What was given to the person: until when, why, from whom and when, to everybody or not.

    Without a ``due_at`` it is an exemption.
    """

    due_at: datetime | None
    reason: str
    given_by: str
    for_everybody: bool = False
    given_at: datetime | None = None


@dataclass(frozen=True)
class Deadline:
    """When an assignment opens, is due and closes for one person, and why then.

    The dates of who is exempt are those that would hold otherwise; ``given_at`` is when they were
    exempted.
    """

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    scheduled_due_at: datetime
    grace: timedelta
    kind: str = FROM_SCHEDULE
    why: str = ""
    given_by: str = ""
    given_at: datetime | None = None

    @property
    def is_moved(self) -> bool:
        """True when it is not simply what the schedule says."""
        return self.kind != FROM_SCHEDULE

    @property
    def is_exempt(self) -> bool:
        """True when nothing is due from the person."""
        return self.kind in (EXEMPT, COHORT_EXEMPT)

    @property
    def told_at(self) -> datetime:
        """The moment that ``sentence`` names."""
        return self.given_at if self.is_exempt and self.given_at else self.due_at

    def state(self, at: datetime) -> str:
        """not_open, open, late or closed. The due moment itself is still in time."""
        if at < self.opens_at:
            return NOT_OPEN
        if at <= (self.closes_at if self.is_exempt else self.due_at):
            return OPEN
        return LATE if at <= self.closes_at else CLOSED

    def state_of_draft(self, changed_at: datetime | None, at: datetime) -> str:
        """The state for a draft that was last changed then: ``grace`` while it still counts as in
        time, and ``closing`` while it is still taken, only because it was stored before."""
        state = self.state(at)
        if changed_at is None:
            return state
        if state == LATE and self.punctuality(changed_at, at) == GRACE:
            return GRACE
        if state == CLOSED and self.accepts(changed_at, at):
            return GRACE if self.punctuality(changed_at, at) == GRACE else CLOSING
        return state

    def punctuality(self, changed_at: datetime, arrived_at: datetime) -> str:
        """in_time, grace or late, for work last changed and handed in at these moments.

        Work that was stored in time and handed in within the grace counts as in time: ``grace``.
        """
        if arrived_at <= self.due_at or self.is_exempt:
            return IN_TIME
        if changed_at <= self.due_at and arrived_at <= self.due_at + self.grace:
            return GRACE
        return LATE

    def accepts(self, changed_at: datetime, arrived_at: datetime) -> bool:
        """Whether a hand-in that arrived then is taken; the grace also holds at the closing."""
        if self.opens_at <= arrived_at <= self.closes_at:
            return True
        return (
            changed_at <= self.closes_at < arrived_at <= self.closes_at + self.grace
            and arrived_at >= self.opens_at
        )

    def sentence(self, when: str) -> str:
        """Until when and why, in words. ``when`` is ``told_at`` as the reader sees it."""
        words = {"when": when, "who": self.given_by, "why": self.why}
        if self.kind == EXEMPT:
            return str(_("Exempt, given by %(who)s on %(when)s: %(why)s", **words))
        if self.kind == COHORT_EXEMPT:
            return str(_("Everybody is exempt, given by %(who)s on %(when)s: %(why)s", **words))
        if self.kind == FROM_EXTENSION:
            return str(_("Due %(when)s, extended by %(who)s: %(why)s", **words))
        if self.kind == FROM_COHORT:
            return str(_("Due %(when)s, extended for everybody by %(who)s: %(why)s", **words))
        if self.kind == FROM_REVISION:
            return str(_("Due %(when)s: a mentor asked for a new version.", **words))
        return str(_("Due %(when)s.", **words))

    def as_data(self) -> dict[str, Any]:
        """The decision as plain values, to be kept with a submission version."""
        return {
            "opens_at": self.opens_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "closes_at": self.closes_at.isoformat(),
            "scheduled_due_at": self.scheduled_due_at.isoformat(),
            "grace_seconds": int(self.grace.total_seconds()),
            "kind": self.kind,
            "why": self.why,
            "given_by": self.given_by,
            "given_at": self.given_at.isoformat() if self.given_at else None,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Deadline":
        moments = ("opens_at", "due_at", "closes_at", "scheduled_due_at")
        given_at = data.get("given_at")
        return cls(
            **{name: datetime.fromisoformat(data[name]) for name in moments},
            grace=timedelta(seconds=data["grace_seconds"]),
            kind=data["kind"],
            why=data["why"],
            given_by=data["given_by"],
            given_at=datetime.fromisoformat(given_at) if given_at else None,
        )


def deadline(
    dates: Dates, extensions: Iterable[Given] = (), revise_by: datetime | None = None
) -> Deadline:
    """The deadline of one person. The latest of what was given holds; nothing shortens.

    Among equals a person's own extension gives the reason, then the cohort's, then the revision;
    of several exemptions the person's own, then the first. ``revise_by`` is the day by which a
    released review asked for a new version.
    """
    due_at, kind, why, given_by, given_at = dates.due_at, FROM_SCHEDULE, "", "", None
    given = list(extensions)
    longer = [(one.due_at, not one.for_everybody, one) for one in given if one.due_at is not None]
    for until, _is_own, one in sorted(longer, key=lambda each: each[:2]):
        if until > dates.due_at and until >= due_at:
            kind = FROM_COHORT if one.for_everybody else FROM_EXTENSION
            due_at, why, given_by = until, one.reason, one.given_by
    closes_at = dates.closes_at + (due_at - dates.due_at)
    if revise_by is not None:
        closes_at = max(closes_at, revise_by)
        if revise_by > due_at:
            due_at, kind, why, given_by = revise_by, FROM_REVISION, "", ""
    exempting = [one for one in given if one.due_at is None]
    if exempting:
        first = min(exempting, key=lambda one: one.for_everybody)
        kind = COHORT_EXEMPT if first.for_everybody else EXEMPT
        why, given_by, given_at = first.reason, first.given_by, first.given_at
    return Deadline(
        opens_at=dates.opens_at,
        due_at=due_at,
        closes_at=closes_at,
        scheduled_due_at=dates.due_at,
        grace=dates.grace,
        kind=kind,
        why=why,
        given_by=given_by,
        given_at=given_at,
    )


def effect(before: Deadline, after: Deadline, now: datetime, *, is_handed_in: bool) -> str:
    """What it means at this moment that one person's dates become others, in one word.

    Work that was handed in keeps the deadline that held when it arrived: ``kept``. Who is exempt
    has no dates that could become others.
    """
    if before.is_exempt != after.is_exempt:
        return FREED if after.is_exempt else BOUND
    if after.is_exempt:
        return UNCHANGED
    moments = [(one.opens_at, one.due_at, one.closes_at) for one in (before, after)]
    if moments[0] == moments[1]:
        return UNCHANGED
    if is_handed_in:
        return KEPT
    was, becomes = before.state(now), after.state(now)
    if was != becomes:
        if becomes == NOT_OPEN:
            return SHUTS
        if becomes == CLOSED:
            return CLOSES
        if was in (NOT_OPEN, CLOSED):
            return OPENS if was == NOT_OPEN else REOPENS
        return BECOMES_LATE if becomes == LATE else BECOMES_TIMELY
    if before.due_at == after.due_at:
        return MOVES
    return LONGER if after.due_at > before.due_at else SHORTER


def is_cut_short(
    deadline: Deadline, began_at: datetime, ended_at: datetime, before: timedelta
) -> bool:
    """Whether an outage took some of the last time before a deadline."""
    return began_at < deadline.due_at and ended_at > deadline.due_at - before


def after_outage(
    due_at: datetime,
    ended_at: datetime,
    now: datetime,
    zone: tzinfo,
    calendar: WorkingDays = WEEKDAYS,
) -> datetime:
    """The deadline to propose: at its hour on the next working day, counted from what is latest of
    the deadline, the end of the outage and now."""
    day = calendar.plus(max(due_at, ended_at, now).astimezone(zone).date(), 1)
    return datetime.combine(day, due_at.astimezone(zone).time(), tzinfo=zone)


def feedback_by(
    received_at: datetime, working_days: int, zone: tzinfo, calendar: WorkingDays = WEEKDAYS
) -> datetime:
    """Until when feedback is promised: the end of the n-th working day after the hand-in, by the
    calendar of the organisation and in its zone."""
    day = calendar.plus(received_at.astimezone(zone).date(), working_days)
    return max(datetime.combine(day, END_OF_WORK, tzinfo=zone), received_at)


def assignment_path(cohort_id: int, assignment_id: int) -> str:
    """The participant's page of an assignment, for notices (actions know no URL map)."""
    return f"/cohorts/{cohort_id}/assignments/{assignment_id}"


OPENS_FROM, UNTIL = time(8, 0), time(23, 59)


def dates_from(
    first_day: date,
    opens: int,
    due: int,
    closes: int,
    zone: tzinfo,
    calendar: WorkingDays | None = None,
) -> tuple[datetime, datetime, datetime]:
    """(opens, due, closes) from a course's offsets after a cohort's first day.

    The offsets count working days of the calendar (0 is the first day, or the first working day
    after it), or all days when there is none. An assignment opens at 8 in the morning and is due
    and closes at 23:59, where the organisation is.
    """
    offsets = ((opens, OPENS_FROM), (due, UNTIL), (closes, UNTIL))
    opens_at, due_at, closes_at = (
        datetime.combine(
            calendar.plus(first_day, days) if calendar else first_day + timedelta(days=days),
            hour,
            tzinfo=zone,
        )
        for days, hour in offsets
    )
    return opens_at, due_at, closes_at


def moved_along(
    moment: datetime,
    first_day: date,
    becomes: date,
    zone: tzinfo,
    calendar: WorkingDays | None = None,
) -> datetime:
    """The same hour as many working days after another first day as the moment lies after the old
    one, or before it; as many days when there is no calendar.

    What lay on a day that nobody works counts as on the next working day.
    """
    local = moment.astimezone(zone)
    day = local.date()
    if calendar is None:
        day = becomes + (day - first_day)
    else:
        old, day = calendar.at_or_after(first_day), calendar.at_or_after(day)
        count = calendar.between(old, day) - calendar.between(day, old)
        day = calendar.plus(calendar.at_or_after(becomes), count)
    return datetime.combine(day, local.time(), tzinfo=zone)
