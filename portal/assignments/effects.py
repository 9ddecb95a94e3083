"""What other dates would do to everybody who takes part: looked at before they are applied, and
told afterwards to exactly the people found here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from portal.assignments import queries, rules
from portal.assignments.models import Schedule
from portal.cohorts import lists
from portal.people.models import Person


class HandedIn:
    """Who handed in. Submissions stand above, so ``create_app`` wires it.

    ``newest(cohort_id, assignment_id)`` returns person id → (version number, when it arrived) of
    the newest submission version. ``by(cohort_ids)`` returns each (cohort id, assignment id, person
    id) of which there is one. One query each.
    """

    newest: Callable[[int, int], dict[int, tuple[int, datetime]]] = staticmethod(
        lambda cohort_id, assignment_id: {}
    )
    by: Callable[[list[int]], set[tuple[int, int, int]]] = staticmethod(lambda cohort_ids: set())


@dataclass(frozen=True)
class Effect:
    """What other dates mean for one participant."""

    person: Person
    before: rules.Deadline
    after: rules.Deadline
    version: int | None
    received_at: datetime | None
    kind: str

    @property
    def is_affected(self) -> bool:
        """Whether any date of theirs becomes another."""
        return self.kind != rules.UNCHANGED


def effects_of(
    schedule: Schedule,
    now: datetime,
    *,
    dates: rules.Dates | None = None,
    given: rules.Given | None = None,
    but: int | None = None,
    person_ids: Collection[int] | None = None,
) -> list[Effect]:
    """What other dates would do to the participants of the schedule's cohort, by list number: what
    is ``given`` to them, or that the extension ``but`` is taken back.

    Everybody is looked at, or those named. Two queries and two hooks'.
    """
    people = [
        one.person
        for one in lists.people_in(schedule.cohort_id)
        if one.role == "participant"
        and one.left_at is None
        and (person_ids is None or one.person_id in person_ids)
    ]
    deadlines = queries.deadlines_under(schedule)
    works = HandedIn.newest(schedule.cohort_id, schedule.assignment_id)
    found = []
    for person in people:
        version, received_at = works.get(person.id, (None, None))
        was = deadlines.of(person.id)
        becomes = deadlines.of(person.id, dates=dates, given=given, but=but)
        kind = rules.effect(was, becomes, now, is_handed_in=version is not None)
        found.append(Effect(person, was, becomes, version, received_at, kind))
    return found
