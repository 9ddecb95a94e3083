"""What the portal has of everybody a roster may mean, and whom an administrator may edit."""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from portal.cohorts.details import Details
from portal.cohorts.models import Appointment, Capacity, Cohort, Enrolment, Mentorship
from portal.cohorts.plan import IDENTITIES, Known, Snapshot
from portal.cohorts.roster import Roster
from portal.database import db
from portal.people.models import Person, SignInName
from portal.people.rules import folded

AT_ONCE = 5_000


def snapshot_for(cohort: Cohort, roster: Roster, by: int) -> Snapshot:
    """Everybody the roster may mean and everybody in the cohort, as they are now."""
    texts = {
        folded(text)
        for row in roster.rows
        for details in (row.details, *(mentor for _, mentor in row.mentors))
        for kind in IDENTITIES
        if (text := getattr(details, kind))
    }
    ids = set(
        db.session.scalars(sa.select(Enrolment.person_id).where(Enrolment.cohort_id == cohort.id))
    )
    for some in in_parts(texts):
        ids.update(
            db.session.scalars(sa.select(SignInName.person_id).where(SignInName.folded.in_(some)))
        )
    capacities = db.session.execute(
        sa.select(Capacity.key, Capacity.name_id, Capacity.name_en).order_by(Capacity.position)
    ).all()
    current = db.session.execute(
        sa.select(Mentorship.participant_id, Capacity.key, Mentorship.mentor_id)
        .join(Capacity)
        .where(Mentorship.cohort_id == cohort.id, Mentorship.ended_at.is_(None))
    )
    return Snapshot(
        people=tuple(_known(cohort, ids, by)),
        mentorships=frozenset((who, capacity, mentor) for who, capacity, mentor in current),
        capacities=tuple((key, name) for key, *names in capacities for name in names),
    )


def _known(cohort: Cohort, ids: set[int], by: int) -> Iterable[Known]:
    names: dict[int, list[tuple[str, str]]] = {}
    people: list[Person] = []
    places: dict[int, Enrolment] = {}
    for some in in_parts(ids):
        people += db.session.scalars(
            sa.select(Person).where(Person.id.in_(some)).execution_options(populate_existing=True)
        )
        for person_id, kind, text in db.session.execute(
            sa.select(SignInName.person_id, SignInName.kind, SignInName.folded)
            .where(SignInName.person_id.in_(some))
            .order_by(SignInName.id)
        ):
            names.setdefault(person_id, []).append((kind, text))
    # The present place wins over one that was left.
    for place in db.session.scalars(
        sa.select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Enrolment.left_at.is_(None), Enrolment.id)
        .execution_options(populate_existing=True)
    ):
        places[place.person_id] = place
    beyond = beyond_reach(by, cohort.organisation_id, ids)
    others = _other_cohorts(cohort, ids - places.keys())
    for person in sorted(people, key=lambda one: one.id):
        own = names.get(person.id, [])
        first = dict(reversed(own))
        mine = places.get(person.id)
        yield Known(
            id=person.id,
            details=Details(
                name=person.name,
                position=person.position,
                unit=person.unit,
                phone=person.phone,
                **{kind: first.get(kind, "") for kind in IDENTITIES},
            ),
            role=mine.role if mine else None,
            list_number=str(mine.list_number or "") if mine else "",
            left=_day(mine.left_at) if mine and mine.left_at else None,
            closed=person.deactivated_at is not None,
            editable=person.id not in beyond,
            cohort=others.get(person.id, ""),
            aliases=frozenset(own),
        )


def _other_cohorts(cohort: Cohort, ids: set[int]) -> dict[int, str]:
    """The newest cohort of the same organisation of each of these people. Others stay unnamed."""
    found: dict[int, str] = {}
    for some in in_parts(ids):
        found.update(
            (person_id, name)
            for person_id, name in db.session.execute(
                sa.select(Enrolment.person_id, Cohort.name)
                .join(Cohort, Cohort.id == Enrolment.cohort_id)
                .where(
                    Enrolment.person_id.in_(some),
                    Cohort.organisation_id == cohort.organisation_id,
                    Cohort.id != cohort.id,
                )
                .order_by(Cohort.starts_on, Cohort.id)
            )
        )
    return found


def _day(moment: datetime) -> date:
    return moment.date()


def beyond_reach(by: int, organisation_id: int, people: Iterable[int]) -> set[int]:
    """Those of the people whom this administrator may not edit or reset.

    An organisation's administrator reaches people who have a standing in that organisation, none
    (past enrolments included) in another one, and who administer nothing above it. An
    administrator of the whole portal reaches everybody.
    """
    people = set(people)
    for_all = sa.select(Appointment.id).where(
        Appointment.person_id == by,
        Appointment.organisation_id.is_(None),
        Appointment.ended_at.is_(None),
    )
    if db.session.scalar(sa.select(for_all.exists())):
        return set()
    here: set[int] = set()
    elsewhere: set[int] = set()
    for some in in_parts(people):
        enrolled = sa.select(
            Enrolment.person_id, (Cohort.organisation_id == organisation_id).label("is_here")
        ).join(Cohort)
        appointed = sa.select(
            Appointment.person_id,
            sa.func.coalesce(Appointment.organisation_id == organisation_id, sa.false()),
        ).where(Appointment.ended_at.is_(None))
        for person_id, is_here in db.session.execute(
            sa.union(
                enrolled.where(Enrolment.person_id.in_(some)),
                appointed.where(Appointment.person_id.in_(some)),
            )
        ):
            (here if is_here else elsewhere).add(person_id)
    return (people - here) | elsewhere


def in_parts(values: Iterable) -> Iterable[list]:
    """Lists short enough for one statement; one list for any roster of usual size."""
    whole = sorted(values)
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]
