"""Every select on organisations, cohorts, enrolments and mentorships."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import clock
from portal.cohorts import places
from portal.cohorts.models import (
    Appointment,
    Cohort,
    Enrolment,
    Mentorship,
    Organisation,
    RosterColumn,
    RosterImport,
)
from portal.database import UTCDateTime, db
from portal.people.models import Person
from portal.selects import prepared
from portal.web.access import Standing


def _appointed(person_id, organisation_id) -> sa.ColumnElement[bool]:
    """Whether the person administers this organisation, or the whole portal."""
    return (
        sa.select(Appointment.id)
        .where(
            Appointment.person_id == person_id,
            Appointment.ended_at.is_(None),
            sa.or_(
                Appointment.organisation_id.is_(None),
                Appointment.organisation_id == organisation_id,
            ),
        )
        .exists()
    )


def _enrolled(person_id, role: str) -> sa.ColumnElement[bool]:
    return (
        sa.select(Enrolment.id)
        .where(
            Enrolment.cohort_id == Cohort.id,
            Enrolment.person_id == person_id,
            Enrolment.role == role,
            Enrolment.left_at.is_(None),
        )
        .exists()
    )


def standing_in_cohort(person_id: int, cohort_id: int) -> Standing | None:
    """What the person is in this cohort, with the cohort, its organisation and its course."""
    found = _standing_in_cohort(person_id=person_id, cohort_id=cohort_id)
    row = db.session.execute(*found).one_or_none()
    return None if row is None else places.standing(row[0], row[1:])


@prepared
def _standing_in_cohort(person_id, cohort_id):
    return (
        sa.select(
            Cohort,
            _enrolled(person_id, "participant"),
            _enrolled(person_id, "mentor"),
            _appointed(person_id, Cohort.organisation_id),
        )
        .where(Cohort.id == cohort_id)
        .options(joinedload(Cohort.organisation), joinedload(Cohort.course))
    )


def with_place(beside: sa.Select, person_id, cohort_id) -> sa.Select:
    """A select, with the columns of a cohort, empty where there is no such, and whether the person
    administers it; ``place_in`` reads them."""
    return (
        beside.add_columns(*places.place_columns(), _appointed(person_id, Cohort.organisation_id))
        .outerjoin(Cohort, Cohort.id == cohort_id)
        .outerjoin(Cohort.organisation)
        .outerjoin(Cohort.course)
    )


def place_in(columns: Sequence[Any], enrolled_as: Collection[str]) -> Standing | None:
    """The standing of who is enrolled in these roles, in what begins with the columns of
    ``with_place``; None where there is no such cohort."""
    if columns[0] is None:
        return None
    held = ("participant" in enrolled_as, "mentor" in enrolled_as, bool(columns[places.IN_ALL]))
    return places.standing(places.cohort_in(columns), held)


def stays_open(cohort_id: int) -> bool:
    """Whether the cohort is not closed, and will not be before the commit. Others who write in it
    are not held up; ``membership.close`` waits for them all."""
    return bool(db.session.scalar(*_stays_open(cohort_id=cohort_id)))


def hold_open(cohort_ids: sa.Select) -> None:
    """Let nobody close these cohorts before the commit. Who is just closing one is waited for, so
    whoever writes then asks once more which of them are open."""
    db.session.execute(
        sa.select(Cohort.id)
        .where(Cohort.id.in_(cohort_ids))
        .order_by(Cohort.id)
        .with_for_update(read=True, key_share=True)
    )


@prepared
def _stays_open(cohort_id):
    return (
        sa.select(Cohort.closed_at.is_(None))
        .where(Cohort.id == cohort_id)
        .with_for_update(read=True, key_share=True)
    )


def standing_in_organisation(person_id: int, organisation_id: int) -> Standing | None:
    found = _standing_in_organisation(person_id=person_id, organisation_id=organisation_id)
    row = db.session.execute(*found).one_or_none()
    if row is None:
        return None
    organisation, is_administrator = row
    roles = frozenset({"administrator"}) if is_administrator else frozenset()
    return Standing(roles, organisation=organisation)


@prepared
def _standing_in_organisation(person_id, organisation_id):
    return sa.select(Organisation, _appointed(person_id, Organisation.id)).where(
        Organisation.id == organisation_id
    )


def standing_in_portal(person_id: int) -> Standing:
    is_administrator = db.session.scalar(*_standing_in_portal(person_id=person_id))
    return Standing(frozenset({"administrator"} if is_administrator else ()))


@prepared
def _standing_in_portal(person_id):
    return sa.select(_appointed(person_id, sa.null()))


def cohorts_of(person_id: int) -> list[tuple[Cohort, frozenset[str]]]:
    """The cohorts in which the person takes part now, with their roles, newest first."""
    rows = db.session.execute(
        sa.select(Cohort, Enrolment.role)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.person_id == person_id, Enrolment.left_at.is_(None))
        .options(joinedload(Cohort.organisation), joinedload(Cohort.course))
        .order_by(Cohort.starts_on.desc(), Cohort.id, Enrolment.role)
    ).all()
    roles: dict[Cohort, set[str]] = {}
    for cohort, role in rows:
        roles.setdefault(cohort, set()).add(role)
    return [(cohort, frozenset(held)) for cohort, held in roles.items()]


def organisations_administered_by(person_id: int) -> list[Organisation]:
    return list(
        db.session.scalars(
            sa.select(Organisation)
            .where(_appointed(person_id, Organisation.id))
            .order_by(Organisation.name)
        )
    )


def is_present(mentorship: type[Mentorship] = Mentorship) -> sa.ColumnElement[bool]:
    """Whether a mentorship holds at this moment, for whatever a mentor may read or judge: the one
    predicate, everywhere. A stand-in's begins and ends with its days; the present moment is asked
    for each time a select runs. Who mentors for good is asked by ``ended_at`` alone."""
    now = sa.bindparam(None, callable_=clock.now, type_=UTCDateTime, unique=True)
    return sa.and_(
        mentorship.starts_at <= now,
        sa.or_(mentorship.ended_at.is_(None), mentorship.ended_at > now),
    )


def roster_import_in(cohort_id: int, roster_import_id: int) -> RosterImport | None:
    """An uploaded roster of the cohort, with its file."""
    return db.session.scalar(
        sa.select(RosterImport)
        .where(RosterImport.cohort_id == cohort_id, RosterImport.id == roster_import_id)
        .options(joinedload(RosterImport.blob))
    )


def roster_imports_in(cohort_id: int, at_most: int = 20) -> list[Any]:
    """The latest uploaded rosters of the cohort: id, file name, who, when, when imported."""
    return list(
        db.session.execute(
            sa.select(
                RosterImport.id,
                RosterImport.file_name,
                RosterImport.uploaded_at,
                RosterImport.applied_at,
                RosterImport.state,
                Person.name.label("uploaded_by"),
            )
            .outerjoin(Person, Person.id == RosterImport.uploaded_by_id)
            .where(RosterImport.cohort_id == cohort_id)
            .order_by(RosterImport.id.desc())
            .limit(at_most)
        )
    )


def roster_import_under_way(roster_import_id: int) -> RosterImport | None:
    """An import the worker has been asked for, held, with its file; None when it is settled."""
    return db.session.scalar(
        sa.select(RosterImport)
        .where(
            RosterImport.id == roster_import_id,
            RosterImport.state.in_(("waiting", "reading", "writing")),
        )
        .options(joinedload(RosterImport.blob, innerjoin=True))
        .with_for_update(of=RosterImport)
    )


def cohort_with_organisation(cohort_id: int) -> Cohort:
    return db.session.scalars(
        sa.select(Cohort).where(Cohort.id == cohort_id).options(joinedload(Cohort.organisation))
    ).one()


def cohort_in(organisation_id: int, cohort_id: int) -> Cohort | None:
    """A cohort of this organisation, with its course."""
    return db.session.scalar(
        sa.select(Cohort)
        .where(Cohort.organisation_id == organisation_id, Cohort.id == cohort_id)
        .options(joinedload(Cohort.course))
    )


def roster_columns_of(organisation_id: int) -> list[Any]:
    """(header, meaning) of everything the organisation said of headers in its lists."""
    return list(
        db.session.execute(
            sa.select(RosterColumn.header, RosterColumn.meaning).where(
                RosterColumn.organisation_id == organisation_id
            )
        )
    )
