"""The address book of the notices: who somebody is, where and how they can be written to."""

from collections.abc import Collection

import sqlalchemy as sa

from portal.cohorts.models import Appointment, Cohort, Enrolment, Organisation
from portal.database import db
from portal.notices.readers import Reader
from portal.people.models import Person, SignInName
from portal.selects import prepared


def readers(person_ids: Collection[int]) -> dict[int, Reader]:
    """These people by id; the zone is their own, else that of where they take part. One query."""
    rows = _readers.rows(person_ids=list(person_ids))
    return {
        row.id: Reader(
            row.id,
            row.name,
            row.address,
            row.language,
            row.zone,
            is_active=row.deactivated_at is None,
            can_sign_in=bool(row.first_entered_at or row.password_hash),
        )
        for row in rows
    }


@prepared
def _readers(person_ids):
    address = (
        sa.select(SignInName.name)
        .where(SignInName.person_id == Person.id, SignInName.kind == "email")
        .order_by(SignInName.id)
        .limit(1)
        .scalar_subquery()
    )
    of_cohort = (
        sa.select(Organisation.zone)
        .join(Cohort, Cohort.organisation_id == Organisation.id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.person_id == Person.id, Enrolment.left_at.is_(None))
        .order_by(Cohort.starts_on.desc(), Cohort.id)
        .limit(1)
        .scalar_subquery()
    )
    of_appointment = (
        sa.select(Organisation.zone)
        .join(Appointment, Appointment.organisation_id == Organisation.id)
        .where(Appointment.person_id == Person.id, Appointment.ended_at.is_(None))
        .order_by(Appointment.id)
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(
        Person.id,
        Person.name,
        address.label("address"),
        Person.language,
        sa.func.coalesce(Person.zone, of_cohort, of_appointment).label("zone"),
        Person.deactivated_at,
        Person.first_entered_at,
        Person.password_hash,
    ).where(Person.id.in_(person_ids))


def roles_of(person_id: int) -> set[str]:
    """What the person is anywhere at present: participant, mentor, administrator."""
    enrolled = sa.select(Enrolment.role).where(
        Enrolment.person_id == person_id, Enrolment.left_at.is_(None)
    )
    appointed = sa.select(sa.literal("administrator")).where(
        Appointment.person_id == person_id, Appointment.ended_at.is_(None)
    )
    return set(db.session.scalars(enrolled.union(appointed)))
