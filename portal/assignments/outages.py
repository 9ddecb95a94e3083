"""Whom an outage cost the last hours before a deadline, and what was decided about it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.assignments import queries, rules
from portal.assignments.effects import HandedIn
from portal.assignments.models import OutageDecision, Schedule
from portal.cohorts.models import Cohort, Enrolment
from portal.database import action, db, is_postgresql
from portal.journal.actions import record
from portal.outages.models import Outage
from portal.outages.queries import outages_since
from portal.people.models import Person
from portal.selects import prepared

# What ended longer ago is not proposed any more.
NEWS = timedelta(days=14)


@dataclass(frozen=True)
class Proposal:
    """An assignment of a cohort whose participants could not use the last hours of it.

    ``people`` had not handed in what was due, and are not exempt; ``outages`` are the newest first;
    ``due_at`` is the latest of their deadlines.
    """

    schedule: Schedule
    outages: list[Outage]
    people: list[Person]
    due_at: datetime

    @property
    def ended_at(self) -> datetime:
        return self.outages[0].ended_at

    @property
    def outage_ids(self) -> list[int]:
        return [one.id for one in self.outages]


def proposals_in(cohort_ids: Collection[int]) -> dict[int, list[Proposal]]:
    """Cohort id → what an outage shortly before a deadline (``PORTAL_OUTAGE_HOURS``) proposes
    there, in course order, for running cohorts; nothing that was decided. One query when there was
    no outage lately, else five and the hooks'."""
    now = clock.now()
    outages = outages_since(now - NEWS)
    if not outages or not cohort_ids:
        return {}
    before = timedelta(hours=current_app.config["SETTINGS"].outage_hours)
    return _Builder(list(cohort_ids), outages, before).proposals()


class _Builder:
    """What the selects found, put together."""

    def __init__(self, cohort_ids: list[int], outages: list[Outage], before: timedelta) -> None:
        self.outages, self.before = outages, before
        self.deadlines = queries.deadlines_of(cohort_ids)
        self.handed_in = HandedIn.by(cohort_ids)
        self.decided = {
            (row.schedule_id, row.outage_id) for row in _decided.rows(cohort_ids=cohort_ids)
        }
        self.people: dict[int, list[Person]] = defaultdict(list)
        for cohort_id, person in db.session.execute(*_people(cohort_ids=cohort_ids)):
            self.people[cohort_id].append(person)

    def proposals(self) -> dict[int, list[Proposal]]:
        found = {}
        for cohort_id, people in self.people.items():
            its = [
                self._proposal(schedule, people) for schedule in self.deadlines[cohort_id].schedules
            ]
            found[cohort_id] = [one for one in its if one is not None]
        return found

    def _proposal(self, schedule: Schedule, people: Iterable[Person]) -> Proposal | None:
        outages = [one for one in self.outages if (schedule.id, one.id) not in self.decided]
        if not outages:
            return None
        affected: dict[Person, datetime] = {}
        seen = set()
        for person in people:
            deadline = self.deadlines[schedule.cohort_id].of(person.id, schedule.assignment_id)
            if deadline.is_exempt or not self._owes(person.id, schedule):
                continue
            for one in outages:
                if rules.is_cut_short(deadline, one.began_at, one.ended_at, self.before):
                    affected[person] = deadline.due_at
                    seen.add(one.id)
        if not affected:
            return None
        return Proposal(
            schedule,
            [one for one in outages if one.id in seen],
            list(affected),
            max(affected.values()),
        )

    def _owes(self, person_id: int, schedule: Schedule) -> bool:
        """Whether a first version is due from this person, or a new one."""
        if (schedule.cohort_id, schedule.assignment_id, person_id) not in self.handed_in:
            return True
        return self.deadlines[schedule.cohort_id].is_asked_again(person_id, schedule.assignment_id)


@action
def decide(schedule: Schedule, outage_ids: Collection[int], *, by: int, is_given: bool) -> None:
    """Note that these outages are settled for an assignment: time was given, or is not needed.

    They are proposed no more. Of two who decide at once the first is on record.
    """
    known = db.session.scalars(sa.select(Outage.id).where(Outage.id.in_(outage_ids))).all()
    now = clock.now()
    rows = [
        {"schedule_id": schedule.id, "outage_id": one, "decided_by_id": by, "decided_at": now,
         "is_given": is_given}
        for one in known
    ]  # fmt: skip
    if not rows:
        return
    insert = (postgresql if is_postgresql() else sqlite).insert(OutageDecision)
    db.session.execute(insert.values(rows).on_conflict_do_nothing())
    record(
        "assignments.decide_outage",
        schedule,
        by=by,
        cohort_id=schedule.cohort_id,
        assignment_id=schedule.assignment_id,
        outages=list(known),
        is_given=is_given,
    )


@prepared
def _people(cohort_ids):
    """Who takes part now in those of these cohorts that are not closed, by list number."""
    return (
        sa.select(Enrolment.cohort_id, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.role == "participant",
            Enrolment.left_at.is_(None),
            Cohort.closed_at.is_(None),
        )
        .order_by(
            Enrolment.list_number.is_(None), Enrolment.list_number, Person.sort_name, Person.id
        )
    )


@prepared
def _decided(cohort_ids):
    return (
        sa.select(OutageDecision.schedule_id, OutageDecision.outage_id)
        .join(Schedule, Schedule.id == OutageDecision.schedule_id)
        .where(Schedule.cohort_id.in_(cohort_ids))
    )
