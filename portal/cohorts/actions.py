"""What changes organisations, cohorts, enrolments and mentorships."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.cohorts.models import (
    Appointment,
    Capacity,
    Cohort,
    Enrolment,
    Mentorship,
    Organisation,
)
from portal.database import action, db
from portal.journal.actions import record
from portal.people.models import Person
from portal.texts import Refused, lazy

CAPACITIES = (
    ("supervisor", "Atasan langsung", "Supervisor"),
    ("coach", "Coach", "Coach"),
    ("examiner", "Penguji", "Examiner"),
)


@action
def organisation_called(name: str, zone: str = "Asia/Jakarta", contact: str = "") -> Organisation:
    """The organisation of this name; made when there is none."""
    organisation = db.session.scalar(sa.select(Organisation).where(Organisation.name == name))
    if organisation is None:
        organisation = Organisation(name=name, zone=zone, contact=contact, created_at=clock.now())
        db.session.add(organisation)
        db.session.flush()
    return organisation


@action
def create_organisation(name: str, zone: str, contact: str, by: int) -> Organisation:
    """A new organisation; Refused when there is one of this name."""
    organisation = Organisation(name=name, zone=zone, contact=contact, created_at=clock.now())
    db.session.add(organisation)
    _flush_name()
    record("cohorts.create_organisation", organisation, by=by, organisation_id=organisation.id)
    return organisation


@action
def update_organisation(
    organisation: Organisation, *, name: str, zone: str, contact: str, revision: int, by: int
) -> None:
    """Rename an organisation, change its zone or whom its people ask. Refused when somebody was
    faster, or another one has the name. Dates stay the moments they are."""
    values = ("revision", "name", "zone", "contact")
    db.session.refresh(organisation, values, with_for_update=True)
    if organisation.revision != revision:
        raise Refused(
            lazy("Somebody else changed this organisation meanwhile. Look and press again."),
            conflict=True,
        )
    before = {one: getattr(organisation, one) for one in values}
    organisation.name, organisation.zone, organisation.contact = name, zone, contact
    organisation.revision += 1
    _flush_name()
    record(
        "cohorts.update_organisation", organisation, by=by, organisation_id=organisation.id,
        before=before,
    )  # fmt: skip


def _flush_name() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused(lazy("Another organisation has this name."), field="name") from error


@action
def ensure_capacities() -> dict[str, Capacity]:
    """The capacities by key; the usual three are made when the list is empty."""
    found = {one.key: one for one in db.session.scalars(sa.select(Capacity))}
    if not found:
        for position, (key, name_id, name_en) in enumerate(CAPACITIES, 1):
            found[key] = Capacity(key=key, name_id=name_id, name_en=name_en, position=position)
        db.session.add_all(found.values())
        db.session.flush()
    return found


@action
def appoint(person: Person, organisation: Organisation | None) -> Appointment:
    """Make the person an administrator of the organisation, or of the whole portal."""
    appointment = Appointment(
        person_id=person.id,
        organisation_id=organisation.id if organisation else None,
        starts_at=clock.now(),
    )
    db.session.add(appointment)
    return appointment


@action
def enrol(person: Person, cohort: Cohort, role: str, list_number: int | None = None) -> Enrolment:
    """Give the person a place in the cohort; a person who had left comes back."""
    enrolment = db.session.scalar(
        sa.select(Enrolment).filter_by(cohort_id=cohort.id, person_id=person.id, role=role)
    )
    if enrolment is None:
        enrolment = Enrolment(
            cohort_id=cohort.id, person_id=person.id, role=role, joined_at=clock.now()
        )
        db.session.add(enrolment)
    enrolment.left_at = None
    if list_number is not None:
        enrolment.list_number = list_number
    db.session.flush()
    return enrolment


def member(cohort: Cohort, person_id: int, role: str, field: str) -> Person:
    """The person who has this role in the cohort now; Refused at that field when they have not."""
    person = db.session.scalar(
        sa.select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == cohort.id,
            Enrolment.person_id == person_id,
            Enrolment.role == role,
            Enrolment.left_at.is_(None),
        )
    )
    if person is None:
        raise Refused(lazy("Choose somebody who belongs to this cohort."), field=field)
    return person


@action
def pair(cohort: Cohort, participant: Person, mentor: Person, capacity: Capacity) -> Mentorship:
    """Let ``mentor`` mentor ``participant`` in this capacity from now on; does nothing twice."""
    wanted = {
        "cohort_id": cohort.id,
        "participant_id": participant.id,
        "mentor_id": mentor.id,
        "capacity_id": capacity.id,
    }
    mentorship = db.session.scalar(
        sa.select(Mentorship).filter_by(**wanted).where(Mentorship.ended_at.is_(None))
    )
    if mentorship is None:
        mentorship = Mentorship(**wanted, starts_at=clock.now())
        db.session.add(mentorship)
        db.session.flush()
    return mentorship
