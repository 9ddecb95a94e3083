"""The part of the queue that a mentor chose to see, remembered on every device."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.assignments.models import Assignment
from portal.cohorts.models import Cohort
from portal.database import action, db, is_postgresql
from portal.people.models import Person
from portal.reviews.models import QueueFilter, ReleaseSet
from portal.reviews.waiting import ALL, Filter
from portal.selects import prepared


@prepared
def _filter(person_id, now):
    return (
        sa.select(
            QueueFilter.cohort_id,
            QueueFilter.assignment_id,
            QueueFilter.state,
            Cohort.name,
            Assignment.title,
            sa.select(ReleaseSet.id)
            .where(ReleaseSet.person_id == person_id, ReleaseSet.due_at > now)
            .exists(),
        )
        .select_from(Person)
        .outerjoin(QueueFilter, QueueFilter.person_id == Person.id)
        .outerjoin(Cohort, Cohort.id == QueueFilter.cohort_id)
        .outerjoin(Assignment, Assignment.id == QueueFilter.assignment_id)
        .where(Person.id == person_id)
    )


@dataclass(frozen=True)
class Remembered:
    """How a mentor left their queue: the filter they chose last, with the names of what it
    names."""

    filter_: Filter = ALL
    cohort: str = ""
    assignment: str = ""
    can_take_back: bool = False
    """Whether they released a set a moment ago."""


def remembered(person_id: int) -> Remembered:
    """The filter this person chose last; all when they never chose."""
    found = _filter.rows(person_id=person_id, now=clock.now())
    *chosen, cohort, title, can_take_back = found[0]
    return Remembered(Filter(*chosen), cohort or "", title or "", bool(can_take_back))


@action
def remember(person_id: int, chosen: Filter) -> None:
    """Show this mentor only that part of their queue from now on, wherever they sign in."""
    values = {
        "cohort_id": chosen.cohort_id,
        "assignment_id": chosen.assignment_id,
        "state": chosen.state,
    }
    insert = (postgresql if is_postgresql() else sqlite).insert(QueueFilter)
    db.session.execute(
        insert.values(person_id=person_id, **values).on_conflict_do_update(
            index_elements=["person_id"], set_=values
        )
    )
