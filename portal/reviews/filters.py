"""The part of the queue that a mentor chose to see, remembered on every device."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.assignments.models import Assignment
from portal.cohorts.models import Cohort
from portal.database import action, db, is_postgresql
from portal.reviews.models import QueueFilter
from portal.reviews.waiting import ALL, Filter
from portal.selects import prepared


@prepared
def _filter(person_id):
    return (
        sa.select(
            QueueFilter.cohort_id,
            QueueFilter.assignment_id,
            QueueFilter.state,
            Cohort.name,
            Assignment.title,
        )
        .outerjoin(Cohort, Cohort.id == QueueFilter.cohort_id)
        .outerjoin(Assignment, Assignment.id == QueueFilter.assignment_id)
        .where(QueueFilter.person_id == person_id)
    )


@dataclass(frozen=True)
class Remembered:
    """The filter a mentor chose last, with the names of what it names."""

    filter_: Filter = ALL
    cohort: str = ""
    assignment: str = ""


def remembered(person_id: int) -> Remembered:
    """The filter this person chose last; all when they never chose."""
    for cohort_id, assignment_id, state, cohort, title in _filter.rows(person_id=person_id):
        return Remembered(Filter(cohort_id, assignment_id, state), cohort or "", title or "")
    return Remembered()


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
