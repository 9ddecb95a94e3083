"""Importing a roster: judge and store it, then carry out exactly what was shown."""

from collections.abc import Iterable, Mapping
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
    RosterColumn,
    RosterImport,
)
from portal.cohorts.plan import IDENTITIES, Plan, Reference
from portal.cohorts.roster import Roster
from portal.cohorts.snapshots import in_parts, snapshot_for
from portal.cohorts.telling import tell_of
from portal.cohorts.traces import Trace
from portal.cohorts.verdicts import plan_of
from portal.database import action, db
from portal.files.models import Blob
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.people.models import Person, SignInName
from portal.people.rules import folded, sort_name
from portal.texts import Refused, lazy

CHECKED, APPLIED, UNDONE = "checked", "applied", "undone"
UNDER_WAY = ("waiting", "reading", "writing")
CHANGED, CONFLICT, FAILED, CLOSED = "changed", "conflict", "failed", "closed"
SHOWN = 40
ALREADY = lazy("This list is being imported or was imported already.")


def plan_for(cohort: Cohort, roster: Roster, by: int) -> Plan:
    """What importing the roster into the cohort would do now."""
    return plan_of(roster, snapshot_for(cohort, roster, by))


@action
def check_roster(
    cohort: Cohort, roster: Roster | None, blob: Blob, file_name: str, by: int
) -> RosterImport:
    """Store an uploaded roster with the verdict of each row. Writes nothing about people.

    Without a ``roster`` it waits until somebody has said what its columns are; see `recheck`.
    """
    row = RosterImport(
        cohort_id=cohort.id,
        blob_id=blob.id,
        file_name=file_name,
        uploaded_by_id=by,
        uploaded_at=clock.now(),
        reading={},
    )
    counts = _judge(cohort, row, roster, by) if roster else {}
    db.session.add(row)
    record("cohorts.check_roster", row, by=by, cohort_id=cohort.id, counts=counts)
    return row


@action
def recheck(cohort: Cohort, row: RosterImport, roster: Roster, by: int) -> None:
    """Judge a roster again that is not imported yet, after its columns were given other names."""
    hold(cohort)
    db.session.refresh(row, ["state"])
    if row.state != CHECKED:
        raise Refused(ALREADY, conflict=True)
    row.outcome = ""
    _judge(cohort, row, roster, by)


def _judge(cohort: Cohort, row: RosterImport, roster: Roster, by: int) -> dict[str, int]:
    plan = plan_for(cohort, roster, by)
    row.verdicts = [plans.stored(verdict) for verdict in plan.verdicts]
    row.reading = {
        "columns": [[text, *column] for text, column in roster.columns],
        "unused_columns": roster.unused_columns[:SHOWN],
        "unused_sheets": roster.unused_sheets[:SHOWN],
        "skipped_rows": len(roster.skipped_rows),
        "cut_row": roster.cut_row,
    }
    return plan.counts


@action
def remember_columns(
    cohort: Cohort, told: Mapping[str, str], forgotten: Iterable[str], by: int
) -> None:
    """Keep what the organisation says of headers ("person.nip", "" for not used), for its next
    lists too; ``forgotten`` are headers for which the usual reading holds again."""
    hold(cohort)
    db.session.execute(
        sa.delete(RosterColumn).where(
            RosterColumn.organisation_id == cohort.organisation_id,
            RosterColumn.header.in_([*told, *forgotten]),
        )
    )
    _insert(
        RosterColumn,
        [
            {"organisation_id": cohort.organisation_id, "header": header, "meaning": meaning}
            for header, meaning in told.items()
        ],
    )
    record(
        "cohorts.remember_columns", by=by, cohort_id=cohort.id,
        organisation_id=cohort.organisation_id, columns=dict(told),
    )  # fmt: skip


@action
def request_import(cohort: Cohort, row: RosterImport, by: int) -> None:
    """Have a checked roster imported by the worker; asking twice asks once."""
    hold(cohort)
    db.session.refresh(row, ["state"])
    if row.state == UNDONE:
        raise Refused(ALREADY, conflict=True)
    if row.state == CHECKED:
        row.state, row.outcome = "waiting", ""
        enqueue("cohorts.import_roster", {"import_id": row.id, "by": by})


def apply_roster(cohort: Cohort, import_id: int, roster: Roster, by: int) -> bool:
    """Carry out a checked roster, all of it, once.

    When the rows would be judged differently by now, nothing is imported: the new verdicts are
    stored, and the answer is False; so it is when the cohort was closed meanwhile. A roster that
    was imported already is left alone.
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
    hold(cohort)
    row = db.session.get(RosterImport, import_id, populate_existing=True)
    if row is None or row.cohort_id != cohort.id:
        raise Refused(lazy("This roster is not here any more."))
    if row.applied_at is not None:
        return True
    if db.session.scalar(sa.select(Cohort.closed_at).where(Cohort.id == cohort.id)):
        row.state, row.outcome = CHECKED, CLOSED
        return False
    plan = plan_for(cohort, roster, by)
    verdicts = [plans.stored(verdict) for verdict in plan.verdicts]
    if verdicts != row.verdicts:
        row.verdicts, row.state, row.outcome = verdicts, CHECKED, CHANGED
        return False
    trace = carry_out(cohort, plan)
    row.undo = trace.stored()
    tell_of(cohort, trace, told_under(row))
    row.applied_at, row.state, row.outcome = clock.now(), APPLIED, ""
    record("cohorts.import_roster", row, by=by, cohort_id=cohort.id, counts=plan.counts)
    return True


def told_under(row: RosterImport) -> str:
    """The key under which people were told of what an import gave them."""
    return f"roster-{row.id}"


def hold(cohort: Cohort) -> None:
    """Let one administrator at a time change this cohort's people; readers and work go on."""
    db.session.execute(
        sa.select(Cohort.id).where(Cohort.id == cohort.id).with_for_update(key_share=True)
    )


def carry_out(cohort: Cohort, plan: Plan) -> Trace:
    """Write what a plan says, and tell what was written. The caller holds the cohort."""
    now = clock.now()
    trace = Trace()
    ids: dict[Reference, int] = _create(plan, now)
    trace.people = list(ids.values())
    _update(plan, trace)
    trace.enrolments = _insert(
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
    _renumber(cohort, plan, trace)
    capacities = dict(db.session.execute(sa.select(Capacity.key, Capacity.id)).all())
    trace.mentorships = _insert(
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
    return trace


def _renumber(cohort: Cohort, plan: Plan, trace: Trace) -> None:
    if not plan.renumber:
        return
    places = {
        place.person_id: place
        for some in in_parts(plan.renumber)
        for place in db.session.scalars(
            sa.select(Enrolment).where(
                Enrolment.cohort_id == cohort.id,
                Enrolment.person_id.in_(some),
                Enrolment.left_at.is_(None),
            )
        )
    }
    for person_id, number in plan.renumber.items():
        place = places[person_id]
        trace.numbers.append((place.id, place.list_number, int(number)))
        place.list_number = int(number)


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
    db.session.execute(
        sa.insert(SignInName),
        [
            {"person_id": ids[key], "kind": kind, "name": text, "folded": folded(text)}
            for key, details in plan.create.items()
            for kind in IDENTITIES
            if (text := getattr(details, kind))
        ],
    )
    return ids


def _insert(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Insert the rows; the ids they got."""
    if not rows:
        return []
    return list(db.session.scalars(sa.insert(model).returning(model.id), rows))


def _update(plan: Plan, trace: Trace) -> None:
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
    added = []
    for person_id, values in plan.update.items():
        person = people[person_id]
        for column, text in values.items():
            if column not in IDENTITIES:
                trace.details.append((person_id, column, getattr(person, column), text))
                setattr(person, column, text)
            elif (name := names.get((person_id, column))) is not None:
                trace.names.append((name.id, name.name, text, person_id))
                name.name, name.folded = text, folded(text)
            else:
                added.append(
                    {"person_id": person_id, "kind": column, "name": text, "folded": folded(text)}
                )
        person.sort_name = sort_name(person.name)
    db.session.flush()
    trace.added_names = _insert(SignInName, added)
