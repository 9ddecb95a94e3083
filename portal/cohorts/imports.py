"""Importing a roster: judge and store it, then carry out exactly what was shown."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.cohorts import plan as plans
from portal.cohorts.models import (
    Capacity,
    Cohort,
    Enrolment,
    Mentorship,
    RosterImport,
)
from portal.cohorts.plan import IDENTITIES, Plan, Reference
from portal.cohorts.roster import Roster
from portal.cohorts.snapshots import in_parts, snapshot_for
from portal.cohorts.verdicts import plan_of
from portal.database import Base, action, db
from portal.files.models import Blob
from portal.journal.actions import record
from portal.people.models import Person, SignInName
from portal.people.rules import folded, sort_name
from portal.texts import Refused, lazy


def plan_for(cohort: Cohort, roster: Roster, by: int) -> Plan:
    """What importing the roster into the cohort would do now."""
    return plan_of(roster, snapshot_for(cohort, roster, by))


@action
def check_roster(
    cohort: Cohort, roster: Roster, blob: Blob, file_name: str, by: int
) -> RosterImport:
    """Store an uploaded roster with the verdict of each row. Writes nothing about people."""
    plan = plan_for(cohort, roster, by)
    row = RosterImport(
        cohort_id=cohort.id,
        blob_id=blob.id,
        file_name=file_name,
        uploaded_by_id=by,
        uploaded_at=clock.now(),
        verdicts=[plans.stored(verdict) for verdict in plan.verdicts],
    )
    db.session.add(row)
    record("cohorts.check_roster", row, by=by, cohort_id=cohort.id, counts=plan.counts)
    return row


def apply_roster(cohort: Cohort, import_id: int, roster: Roster, by: int) -> bool:
    """Carry out a checked roster, all of it, once.

    When the rows would be judged differently by now, nothing is imported: the new verdicts are
    stored, and the answer is False. A roster that was imported already is left alone.
    """
    try:
        return _apply(cohort, import_id, roster, by)
    except IntegrityError as error:
        # Somebody gave one of these people a place or a sign-in name in the same moment.
        raise Refused(
            lazy(
                "Somebody else changed the same people just now. Nothing was imported; try again."
            ),
            conflict=True,
        ) from error


@action
def _apply(cohort: Cohort, import_id: int, roster: Roster, by: int) -> bool:
    # Whoever else changes this cohort's people by a roster waits here; readers and work do not.
    db.session.execute(
        sa.select(Cohort.id).where(Cohort.id == cohort.id).with_for_update(key_share=True)
    )
    row = db.session.get(RosterImport, import_id, populate_existing=True)
    if row is None or row.cohort_id != cohort.id:
        raise Refused(lazy("This roster is not here any more."))
    if row.applied_at is not None:
        return True
    plan = plan_for(cohort, roster, by)
    verdicts = [plans.stored(verdict) for verdict in plan.verdicts]
    if verdicts != row.verdicts:
        row.verdicts = verdicts
        return False
    carry_out(cohort, plan)
    row.applied_at = clock.now()
    record("cohorts.import_roster", row, by=by, cohort_id=cohort.id, counts=plan.counts)
    return True


def carry_out(cohort: Cohort, plan: Plan) -> None:
    """Write what a plan says. The caller holds the cohort."""
    now = clock.now()
    ids: dict[Reference, int] = _create(plan, now)
    _update(plan)
    _insert(
        Enrolment,
        [
            {
                "cohort_id": cohort.id,
                "person_id": ids.get(who, who),
                "role": role,
                "list_number": int(number) if number else None,
                "joined_at": now,
            }
            for who, (role, number) in plan.enrol.items()
        ],
    )
    for person_id, number in plan.renumber.items():
        db.session.execute(
            sa.update(Enrolment)
            .where(
                Enrolment.cohort_id == cohort.id,
                Enrolment.person_id == person_id,
                Enrolment.left_at.is_(None),
            )
            .values(list_number=int(number))
        )
    capacities = dict(db.session.execute(sa.select(Capacity.key, Capacity.id)).all())
    _insert(
        Mentorship,
        [
            {
                "cohort_id": cohort.id,
                "participant_id": ids.get(participant, participant),
                "mentor_id": ids.get(mentor, mentor),
                "capacity_id": capacities[capacity],
                "starts_at": now,
            }
            for participant, capacity, mentor in plan.mentor
        ],
    )


def _create(plan: Plan, now: datetime) -> dict[Reference, int]:
    """Make the new people; their ids by their references in the plan."""
    if not plan.create:
        return {}
    made = db.session.scalars(
        sa.insert(Person).returning(Person.id, sort_by_parameter_order=True),
        [
            {
                "name": details.name,
                "sort_name": sort_name(details.name),
                "position": details.position,
                "unit": details.unit,
                "phone": details.phone,
                "created_at": now,
            }
            for details in plan.create.values()
        ],
    ).all()
    ids: dict[Reference, int] = dict(zip(plan.create, made, strict=True))
    _insert(
        SignInName,
        [
            {"person_id": ids[key], "kind": kind, "name": text, "folded": folded(text)}
            for key, details in plan.create.items()
            for kind in IDENTITIES
            if (text := getattr(details, kind))
        ],
    )
    return ids


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.insert(model), rows)


def _add_name(person_id: int, kind: str, text: str) -> None:
    db.session.add(SignInName(person_id=person_id, kind=kind, name=text, folded=folded(text)))


def _update(plan: Plan) -> None:
    if not plan.update:
        return
    people = {
        person.id: person
        for some in in_parts(plan.update)
        for person in db.session.scalars(sa.select(Person).where(Person.id.in_(some)))
    }
    names = {
        (name.person_id, name.kind): name
        for some in in_parts(plan.update)
        for name in db.session.scalars(
            sa.select(SignInName)
            .where(SignInName.person_id.in_(some))
            .order_by(SignInName.id.desc())
        )
    }
    for person_id, values in plan.update.items():
        for column, text in values.items():
            if column not in IDENTITIES:
                setattr(people[person_id], column, text)
            elif (name := names.get((person_id, column))) is not None:
                name.name, name.folded = text, folded(text)
            else:
                _add_name(person_id, column, text)
        people[person_id].sort_name = sort_name(people[person_id].name)
