"""Taking an import back, for seven days: what it wrote goes, what it changed is what it was.

It is all or nothing. Where people have worked since, or somebody has changed the same things, it
is refused with the names, and nothing is lost by it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal import clock
from portal.cohorts.imports import APPLIED, UNDONE, hold, told_under
from portal.cohorts.models import Cohort, Enrolment, Mentorship, RosterImport
from portal.cohorts.snapshots import in_parts
from portal.cohorts.telling import take_back
from portal.database import Base, action, db
from portal.journal.actions import record
from portal.journal.models import JournalEntry
from portal.people.models import Person, SignInName
from portal.people.rules import folded, sort_name
from portal.texts import Refused, lazy

UNDO_DAYS = 7
NAMED = 5
# Rows that say no more than that somebody exists, was told something or has looked.
NO_WORK = {"enrolment", "mentorship", "sighting", "roster_import", "journal_entry"}
OWN = {
    "delivery",
    "enrolment",
    "mail",
    "mentorship",
    "notice",
    "one_time_link",
    "sighting",
    "sign_in_name",
}

TOO_LATE = lazy("An import can be undone for seven days; this one is older.")
NOT_DONE = lazy("This list is not imported; there is nothing to undo.")
REASONS = {
    "entered": lazy("Signed in since: %(names)s."),
    "worked": lazy("Worked in this cohort since: %(names)s."),
    "named": lazy("Given another place or more time since: %(names)s."),
    "changed": lazy("Changed by somebody since: %(names)s."),
    "taken": lazy("What they signed in with before belongs to somebody else by now: %(names)s."),
}


def undo_until(row: RosterImport) -> datetime | None:
    """Until when the import may be taken back; None when it may not."""
    if row.state != APPLIED or row.applied_at is None or row.undo is None:
        return None
    until = row.applied_at + timedelta(days=UNDO_DAYS)
    return until if clock.now() < until else None


@action
def undo_import(cohort: Cohort, import_id: int, by: int) -> None:
    """Take an import back, exactly; Refused with every reason that stands against it."""
    hold(cohort)
    row = db.session.get(RosterImport, import_id, populate_existing=True)
    if row is None or row.cohort_id != cohort.id or row.state not in (APPLIED, UNDONE):
        raise Refused(NOT_DONE, conflict=True)
    if row.state == UNDONE:
        return
    if undo_until(row) is None:
        raise Refused(TOO_LATE, conflict=True)
    trace: dict[str, Any] = row.undo or {}
    # Before the people are held: who collects e-mails takes these rows in the same order.
    take_back(cohort, trace, told_under(row))
    _hold_people(trace)
    if reasons := list(_reasons(cohort, row, trace)):
        raise Refused("\n".join(map(str, reasons)), conflict=True)
    _take_back(trace)
    row.state, row.undone_at = UNDONE, clock.now()
    record("cohorts.undo_import", row, by=by, cohort_id=cohort.id)


def _hold_people(trace: dict[str, Any]) -> None:
    """Nobody of them can begin to work until the commit: new rows that name them wait."""
    involved = set(trace["people"]) | {one[0] for one in trace["details"]}
    for some in in_parts(trace["enrolments"]):
        involved.update(
            db.session.scalars(sa.select(Enrolment.person_id).where(Enrolment.id.in_(some)))
        )
    for some in in_parts(involved):
        db.session.execute(
            sa.select(Person.id).where(Person.id.in_(some)).order_by(Person.id).with_for_update()
        )


def _reasons(cohort: Cohort, row: RosterImport, trace: dict[str, Any]) -> Iterator[Any]:
    assert row.applied_at is not None
    places = _rows(Enrolment, trace["enrolments"])
    pairs = _rows(Mentorship, trace["mentorships"])
    enrolled = {place.person_id for place in places}
    mentors = {pair.mentor_id for pair in pairs}
    found = {
        "entered": _entered(trace["people"]),
        "worked": _worked(cohort.id, enrolled) | _acted(cohort.id, mentors, row.applied_at),
        "named": _named(trace),
        "changed": _changed(trace, places, pairs),
        "taken": _taken(trace),
    }
    found["worked"] -= found["entered"]
    for reason, people in found.items():
        if people:
            yield REASONS[reason] % {"names": _names(people)}


def _rows(model: Any, ids: Iterable[int]) -> list[Any]:
    return [
        one
        for some in in_parts(ids)
        for one in db.session.scalars(
            sa.select(model).where(model.id.in_(some)).execution_options(populate_existing=True)
        )
    ]


def _names(people: set[int]) -> str:
    names = db.session.scalars(
        sa.select(Person.name)
        .where(Person.id.in_(sorted(people)[: NAMED * 100]))
        .order_by(Person.sort_name)
    ).all()
    more = f" (+{len(people) - NAMED})" if len(people) > NAMED else ""
    return (", ".join(names[:NAMED]) + more).rstrip(".")


def _entered(people: list[int]) -> set[int]:
    return {
        person_id
        for some in in_parts(people)
        for person_id in db.session.scalars(
            sa.select(Person.id).where(
                Person.id.in_(some),
                Person.first_entered_at.is_not(None) | Person.password_hash.is_not(None),
            )
        )
    }


def _naming(tables: Iterable[sa.Table]) -> Iterator[sa.Column[Any]]:
    """The columns of these tables that name a person."""
    for table in tables:
        for column in table.columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                yield column


def _worked(cohort_id: int, people: set[int]) -> set[int]:
    """Which of them any row of the cohort names, whatever feature keeps it."""
    tables = [
        table
        for table in Base.metadata.sorted_tables
        if "cohort_id" in table.columns and table.name not in NO_WORK
    ]
    found: set[int] = set()
    for some in in_parts(people):
        selects = [
            sa.select(column).where(column.table.c.cohort_id == cohort_id, column.in_(some))
            for column in _naming(tables)
        ]
        found.update(db.session.scalars(sa.union(*selects)))
    return found


def _acted(cohort_id: int, people: set[int], since: datetime) -> set[int]:
    """Which of them did something in the cohort since, by the journal."""
    return {
        person_id
        for some in in_parts(people)
        for person_id in db.session.scalars(
            sa.select(JournalEntry.person_id).where(
                JournalEntry.cohort_id == cohort_id,
                JournalEntry.person_id.in_(some),
                JournalEntry.at >= since,
                JournalEntry.verb.not_like("cohorts.%"),
            )
        )
        if person_id is not None
    }


def _named(trace: dict[str, Any]) -> set[int]:
    """Which of the people it made are named by anything that it did not write."""
    made = {Enrolment.__table__: "enrolments", Mentorship.__table__: "mentorships"}
    others = [table for table in Base.metadata.sorted_tables if table.name not in OWN]
    found: set[int] = set()
    for some in in_parts(trace["people"]):
        selects = [sa.select(column).where(column.in_(some)) for column in _naming(others)]
        found.update(one for one in db.session.scalars(sa.union(*selects)) if one is not None)
        for table, kind in made.items():
            ids = set(trace[kind])
            for column in _naming([table]):  # type: ignore[list-item]
                rows = db.session.execute(sa.select(table.c.id, column).where(column.in_(some)))
                found.update(person_id for row_id, person_id in rows if row_id not in ids)
    return found


def _changed(trace: dict[str, Any], places: list[Enrolment], pairs: list[Mentorship]) -> set[int]:
    found = {place.person_id for place in places if place.left_at is not None}
    found.update(pair.participant_id for pair in pairs if pair.ended_at is not None)
    found.update(_stood_in_for(trace["mentorships"]))
    people = {one.id: one for one in _rows(Person, {one[0] for one in trace["details"]})}
    found.update(
        person_id
        for person_id, column, _, after in trace["details"]
        if getattr(people[person_id], column) != after
    )
    numbered = {one.id: one for one in _rows(Enrolment, {one[0] for one in trace["numbers"]})}
    found.update(
        numbered[place_id].person_id
        for place_id, _, after in trace["numbers"]
        if numbered[place_id].list_number != after
    )
    names = {one.id: one for one in _rows(SignInName, {one[0] for one in trace["names"]})}
    found.update(
        person_id
        for name_id, _, after, person_id in trace["names"]
        if name_id not in names or names[name_id].name != after
    )
    return found


def _stood_in_for(mentorship_ids: Iterable[int]) -> Iterator[int]:
    """Whose mentors of these mentorships named somebody to stand in for them."""
    stand_in = aliased(Mentorship)
    for some in in_parts(mentorship_ids):
        yield from db.session.scalars(
            sa.select(stand_in.participant_id)
            .join(
                Mentorship,
                sa.and_(
                    Mentorship.cohort_id == stand_in.cohort_id,
                    Mentorship.participant_id == stand_in.participant_id,
                    Mentorship.capacity_id == stand_in.capacity_id,
                    Mentorship.mentor_id == stand_in.stands_in_for_id,
                ),
            )
            .where(Mentorship.id.in_(some))
        )


def _taken(trace: dict[str, Any]) -> set[int]:
    """Whose former sign-in names were given to somebody else."""
    before = {folded(text): name_id for name_id, text, *_ in trace["names"]}
    found = set()
    for some in in_parts(before):
        for name in db.session.scalars(sa.select(SignInName).where(SignInName.folded.in_(some))):
            if name.id != before[name.folded]:
                found.add(name.person_id)
    return found


def _take_back(trace: dict[str, Any]) -> None:
    for model, ids in (
        (Mentorship, trace["mentorships"]),
        (Enrolment, trace["enrolments"]),
        (SignInName, trace["added_names"]),
    ):
        for some in in_parts(ids):
            db.session.execute(sa.delete(model).where(model.id.in_(some)))
    numbered = {one.id: one for one in _rows(Enrolment, {one[0] for one in trace["numbers"]})}
    for place_id, number, _ in trace["numbers"]:
        numbered[place_id].list_number = number
    names = {one.id: one for one in _rows(SignInName, {one[0] for one in trace["names"]})}
    for name_id, text, *_ in trace["names"]:
        names[name_id].name, names[name_id].folded = text, folded(text)
    people = {one.id: one for one in _rows(Person, {one[0] for one in trace["details"]})}
    for person_id, column, text, _ in trace["details"]:
        setattr(people[person_id], column, text)
        people[person_id].sort_name = sort_name(people[person_id].name)
    db.session.flush()
    for some in in_parts(trace["people"]):
        db.session.execute(sa.delete(Person).where(Person.id.in_(some)))
