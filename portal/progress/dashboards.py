"""A cohort in pictures and numbers, alone or beside another: from a constant number of selects."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa

from portal.assignments.models import Schedule
from portal.assignments.queries import CohortDeadlines
from portal.cohorts.models import Cohort, Enrolment
from portal.database import db
from portal.people.models import Person
from portal.progress import rules
from portal.progress.queries import Key, cells_of, deadlines_and_works_of
from portal.selects import prepared

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sums:
    """One assignment in one cohort, over those who take part now.

    ``concerned`` counts whoever is not exempt, ``expected`` those of them for whom it has opened;
    ``days`` are the days from each hand-in to
    its first feedback; ``arrivals`` are the days between the deadline and each first hand-in,
    negative before it.
    """

    schedule: Schedule
    concerned: int
    expected: int
    handed_in: int
    in_time: int
    accepted: int
    states: Counter[str]
    days: list[float] = field(default_factory=list)
    arrivals: list[float] = field(default_factory=list)

    @property
    def median_days(self) -> float | None:
        return round(median(self.days), 1) if self.days else None


@dataclass(frozen=True)
class Dashboard:
    """One cohort: everybody's cells in course order, and the sums of each assignment."""

    cohort: Cohort
    people: list[tuple[Person, list[rules.Cell]]]
    sums: list[Sums]

    @property
    def turnaround(self) -> Counter[int]:
        """Whole days from a hand-in to its first feedback → how often."""
        return Counter(int(days) for one in self.sums for days in one.days)

    def sums_of(self, assignment_id: int | None) -> Sums | None:
        """The sums of one assignment; without one, of what was due last, else of the first."""
        wanted = [one for one in self.sums if one.schedule.assignment_id == assignment_id]
        begun = [one for one in self.sums if one.handed_in]
        return next(iter(wanted or begun[-1:] or self.sums), None)


def dashboards_of(cohorts: list[Cohort], now: datetime) -> list[Dashboard]:
    """The dashboards of these cohorts, in the same order. Four selects."""
    ids = [one.id for one in cohorts]
    deadlines, works = deadlines_and_works_of(ids)
    people: dict[int, list[Person]] = {one: [] for one in ids}
    for cohort_id, person in db.session.execute(*_people(cohort_ids=ids)):
        people[cohort_id].append(person)
    return [
        _dashboard(one, people[one.id], deadlines[one.id], *works[one.id], now) for one in cohorts
    ]


def _dashboard(
    cohort: Cohort,
    people: list[Person],
    deadlines: CohortDeadlines,
    works: dict[Key, list[rules.Version]],
    drafts: set[Key],
    now: datetime,
) -> Dashboard:
    rows = [(one, cells_of(deadlines, one.id, works, drafts, now)) for one in people]
    sums = [
        _sums(schedule, [(one.id, cells[place]) for one, cells in rows], works)
        for place, schedule in enumerate(deadlines.schedules)
    ]
    return Dashboard(cohort, rows, sums)


def _sums(
    schedule: Schedule,
    cells: list[tuple[int, rules.Cell]],
    works: dict[Key, list[rules.Version]],
) -> Sums:
    states = Counter(cell.state for _person, cell in cells)
    concerned = sum(cell.is_expected for _person, cell in cells)
    versions = [(works.get((person, schedule.assignment_id), []), cell) for person, cell in cells]
    firsts = [(own[0], cell) for own, cell in versions if own]
    return Sums(
        schedule,
        concerned=concerned,
        expected=concerned - states[rules.NOT_YET],
        handed_in=len(firsts),
        in_time=sum(first.punctuality != "late" for first, _cell in firsts),
        accepted=states[rules.ACCEPTED],
        states=states,
        days=[
            (one.first_released_at - one.received_at) / DAY
            for own, _cell in versions
            for one in own
            if one.first_released_at is not None
        ],
        arrivals=sorted((one.received_at - cell.deadline.due_at) / DAY for one, cell in firsts),
    )


@prepared
def _people(cohort_ids):
    return (
        sa.select(Enrolment.cohort_id, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cohort_id.in_(cohort_ids),
            Enrolment.role == "participant",
            Enrolment.left_at.is_(None),
        )
        .order_by(
            Enrolment.list_number.is_(None), Enrolment.list_number, Person.sort_name, Person.id
        )
    )


def cohorts_beside(cohort: Cohort) -> list[Cohort]:
    """The other cohorts of the same organisation that follow the same course, newest first."""
    return list(
        db.session.scalars(
            sa.select(Cohort)
            .where(
                Cohort.organisation_id == cohort.organisation_id,
                Cohort.course_id == cohort.course_id,
                Cohort.id != cohort.id,
            )
            .order_by(Cohort.starts_on.desc(), Cohort.id)
        )
    )
