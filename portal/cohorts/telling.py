"""Telling people that a list gave them a place or a mentor: each of them once, and nobody else."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.cohorts.models import Cohort, Enrolment, Mentorship
from portal.cohorts.snapshots import in_parts
from portal.cohorts.traces import Trace
from portal.database import db
from portal.notices.actions import tell_all, tell_each, withdraw
from portal.people.queries import names_by_id


def tell_of(cohort: Cohort, trace: Trace, key: str) -> None:
    """Tell whom the list gave a place what they are, with their mentors or how many they mentor;
    tell the others who their new mentors are, or whom they mentor. ``key`` is the list's own."""
    places = _rows(Enrolment, trace.enrolments)
    pairs = _rows(Mentorship, trace.mentorships)
    mentors: dict[int, list[int]] = defaultdict(list)
    mentees: dict[int, list[int]] = defaultdict(list)
    for one in pairs:
        mentors[one.participant_id].append(one.mentor_id)
        mentees[one.mentor_id].append(one.participant_id)
    names = names_by_id(mentors.keys() | mentees.keys())

    def words(others: Iterable[int], **more) -> dict[str, Any]:
        named = sorted({names[one] for one in others})
        return {"cohort": cohort.name, "who": "; ".join(named), "count": len(named), **more}

    told: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for place in places:
        others = mentors if place.role == "participant" else mentees
        told[f"enrolled_as_{place.role}"][place.person_id] = words(
            others.pop(place.person_id, ()),
            starts=cohort.starts_on.isoformat(),
            ends=cohort.ends_on.isoformat(),
        )
    told["mentors_assigned"] = {who: words(others) for who, others in mentors.items()}
    told["mentees_assigned"] = {who: words(others) for who, others in mentees.items()}
    for kind, people in told.items():
        path = f"/cohorts/{cohort.id}" if kind in OF_PARTICIPANTS else "/reviews"
        tell_each(kind, key, path, people)


OF_PARTICIPANTS = {"enrolled_as_participant", "mentors_assigned"}


def take_back(cohort: Cohort, trace: dict[str, Any], key: str) -> None:
    """What was told of a list is told no more. Who has read it, or got it by e-mail, is told that
    it holds no longer."""
    involved = {one.person_id for one in _rows(Enrolment, trace["enrolments"])}
    for pair in _rows(Mentorship, trace["mentorships"]):
        involved |= {pair.participant_id, pair.mentor_id}
    know = withdraw(key, involved) - set(trace["people"])
    when = clock.now().isoformat()
    tell_all(know, "places_taken_back", f"{key}-undone", "/", cohort=cohort.name, when=when)


def _rows(model: Any, ids: Iterable[int]) -> list[Any]:
    return [
        one
        for some in in_parts(ids)
        for one in db.session.scalars(sa.select(model).where(model.id.in_(some)).order_by(model.id))
    ]
