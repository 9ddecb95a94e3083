"""What the administrator's pages list: cohorts, the people in one, mentorships, people to find."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal.cohorts.models import (
    Appointment,
    Capacity,
    Cohort,
    Enrolment,
    Mentorship,
    Organisation,
)
from portal.cohorts.snapshots import beyond_reach
from portal.database import db
from portal.people.models import OneTimeLink, Person, SignInName
from portal.people.rules import folded, sort_name

AT_ONCE = 50


def administers(person_id: int) -> sa.ColumnElement[bool]:
    """Whether the person administers the organisation of the enclosing select."""
    return (
        sa.select(Appointment.id)
        .where(
            Appointment.person_id == person_id,
            Appointment.ended_at.is_(None),
            sa.or_(
                Appointment.organisation_id.is_(None),
                Appointment.organisation_id == Organisation.id,
            ),
        )
        .correlate(Organisation)
        .exists()
    )


def administers_all(person_id: int) -> bool:
    """Whether the person administers the whole portal."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.select(Appointment.id)
                .where(
                    Appointment.person_id == person_id,
                    Appointment.organisation_id.is_(None),
                    Appointment.ended_at.is_(None),
                )
                .exists()
            )
        )
    )


def _present(role: str) -> sa.Select[Any]:
    return sa.select(sa.func.count(Enrolment.id)).where(
        Enrolment.cohort_id == Cohort.id, Enrolment.role == role, Enrolment.left_at.is_(None)
    )


def _is_mentored() -> sa.ColumnElement[bool]:
    return (
        sa.select(Mentorship.id)
        .where(
            Mentorship.cohort_id == Enrolment.cohort_id,
            Mentorship.participant_id == Enrolment.person_id,
            Mentorship.ended_at.is_(None),
        )
        .correlate(Enrolment)
        .exists()
    )


def cohorts_administered_by(person_id: int) -> list[Any]:
    """(cohort, participants, mentors, participants without any mentor, people not yet entered),
    by organisation, the open ones first and the newest on top."""
    not_entered = (
        sa.select(sa.func.count(sa.distinct(Enrolment.person_id)))
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cohort_id == Cohort.id,
            Enrolment.left_at.is_(None),
            Person.first_entered_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )
    return list(
        db.session.execute(
            sa.select(
                Cohort,
                _present("participant").scalar_subquery().label("participants"),
                _present("mentor").scalar_subquery().label("mentors"),
                _present("participant").where(~_is_mentored()).scalar_subquery().label("alone"),
                not_entered.scalar_subquery().label("not_entered"),
            )
            .join(Cohort.organisation)
            .where(administers(person_id))
            .options(joinedload(Cohort.organisation), joinedload(Cohort.course))
            .order_by(
                Organisation.name,
                Organisation.id,
                Cohort.closed_at.is_not(None),
                Cohort.starts_on.desc(),
                Cohort.id.desc(),
            )
        )
    )


def organisations_of_administrator(person_id: int) -> list[Organisation]:
    """The organisations the person administers, by name."""
    return list(
        db.session.scalars(
            sa.select(Organisation).where(administers(person_id)).order_by(Organisation.name)
        )
    )


def people_in(cohort_id: int) -> list[Enrolment]:
    """Everybody's place in the cohort, past ones too: by list number, then by name."""
    return list(
        db.session.scalars(
            sa.select(Enrolment)
            .join(Enrolment.person)
            .where(Enrolment.cohort_id == cohort_id)
            .options(joinedload(Enrolment.person))
            .order_by(
                Enrolment.list_number.is_(None),
                Enrolment.list_number,
                Person.sort_name,
                Person.id,
            )
        )
    )


def sign_in_names_in(cohort_id: int) -> dict[int, dict[str, str]]:
    """What everybody in the cohort signs in with: person id → kind → name."""
    found: dict[int, dict[str, str]] = {}
    for person_id, kind, name in db.session.execute(
        sa.select(SignInName.person_id, SignInName.kind, SignInName.name)
        .where(
            SignInName.person_id.in_(
                sa.select(Enrolment.person_id).where(Enrolment.cohort_id == cohort_id)
            )
        )
        .order_by(SignInName.id.desc())
    ):
        found.setdefault(person_id, {})[kind] = name
    return found


def enrolment_in(cohort_id: int, person_id: int) -> Enrolment | None:
    """The person's place in the cohort (the present one if they have one), with the person."""
    return db.session.scalar(
        sa.select(Enrolment)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id)
        .options(joinedload(Enrolment.person))
        .order_by(Enrolment.left_at.is_not(None), Enrolment.id)
        .limit(1)
    )


def mentorships_in(cohort_id: int, *, also_ended: bool = False) -> list[Mentorship]:
    """The mentorships of a cohort with everybody named, the newest last."""
    statement = sa.select(Mentorship).where(Mentorship.cohort_id == cohort_id)
    if not also_ended:
        statement = statement.where(Mentorship.ended_at.is_(None))
    return list(
        db.session.scalars(
            statement.options(
                joinedload(Mentorship.participant),
                joinedload(Mentorship.mentor),
                joinedload(Mentorship.capacity),
                joinedload(Mentorship.stands_in_for),
            ).order_by(Mentorship.starts_at, Mentorship.id)
        )
    )


def mentorship_in(cohort_id: int, mentorship_id: int) -> Mentorship | None:
    """A present mentorship of the cohort, with everybody named."""
    return db.session.scalar(
        sa.select(Mentorship)
        .where(
            Mentorship.cohort_id == cohort_id,
            Mentorship.id == mentorship_id,
            Mentorship.ended_at.is_(None),
        )
        .options(
            joinedload(Mentorship.participant),
            joinedload(Mentorship.mentor),
            joinedload(Mentorship.capacity),
        )
    )


def capacities() -> list[Capacity]:
    return list(db.session.scalars(sa.select(Capacity).order_by(Capacity.position, Capacity.id)))


def not_yet_entered(cohort: Cohort, by: int) -> tuple[list[Any], list[Person]]:
    """(person, when they were last invited) of everybody in the cohort who never signed in and whom
    this administrator may invite, and the others; see ``beyond_reach``."""
    found = _not_yet_entered(cohort.id)
    beyond = beyond_reach(by, cohort.organisation_id, {one.Person.id for one in found})
    return (
        [one for one in found if one.Person.id not in beyond],
        [one.Person for one in found if one.Person.id in beyond],
    )


def _not_yet_entered(cohort_id: int) -> list[Any]:
    invited = (
        sa.select(sa.func.max(OneTimeLink.created_at))
        .where(OneTimeLink.person_id == Person.id, OneTimeLink.kind == "invitation")
        .correlate(Person)
        .scalar_subquery()
    )
    return list(
        db.session.execute(
            sa.select(Person, invited.label("invited_at"))
            .where(
                Person.id.in_(
                    sa.select(Enrolment.person_id).where(
                        Enrolment.cohort_id == cohort_id, Enrolment.left_at.is_(None)
                    )
                ),
                Person.first_entered_at.is_(None),
                Person.deactivated_at.is_(None),
            )
            .order_by(Person.sort_name, Person.id)
        )
    )


def _standing_in(organisation_id: int) -> sa.ColumnElement[bool]:
    """Whether the person of the enclosing select has or had a standing in the organisation."""
    enrolled = (
        sa.select(Enrolment.id)
        .join(Cohort)
        .where(Enrolment.person_id == Person.id, Cohort.organisation_id == organisation_id)
        .correlate(Person)
        .exists()
    )
    appointed = (
        sa.select(Appointment.id)
        .where(
            Appointment.person_id == Person.id,
            Appointment.organisation_id == organisation_id,
            Appointment.ended_at.is_(None),
        )
        .correlate(Person)
        .exists()
    )
    return enrolled | appointed


def people_found(
    organisation_id: int | None, words: str = "", after: tuple[str, int] | None = None
) -> list[Person]:
    """Up to AT_ONCE + 1 people of the organisation (of the portal when it is None) by name.

    ``words`` are looked for in the name, the unit and the names they sign in with. ``after`` is
    the (sort name, id) of the last person already seen.
    """
    statement = sa.select(Person).options(joinedload(Person.sign_in_names))
    if organisation_id is not None:
        statement = statement.where(_standing_in(organisation_id))
    for word in sort_name(words).split()[:5]:
        like = f"%{_escaped(word)}%"
        named = (
            sa.select(SignInName.id)
            .where(SignInName.person_id == Person.id, SignInName.folded.like(like, escape="\\"))
            .correlate(Person)
            .exists()
        )
        statement = statement.where(
            Person.sort_name.like(like, escape="\\")
            | sa.func.lower(Person.unit).like(like, escape="\\")
            | named
        )
    if after is not None:
        statement = statement.where(
            sa.tuple_(Person.sort_name, Person.id) > sa.tuple_(*map(sa.literal, after))
        )
    statement = statement.order_by(Person.sort_name, Person.id).limit(AT_ONCE + 1)
    return list(db.session.scalars(statement).unique())


def _escaped(word: str) -> str:
    return folded(word).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def person_of(organisation_id: int | None, person_id: int) -> Person | None:
    """A person with a standing in the organisation (anybody when it is None), with their names."""
    statement = (
        sa.select(Person).where(Person.id == person_id).options(joinedload(Person.sign_in_names))
    )
    if organisation_id is not None:
        statement = statement.where(_standing_in(organisation_id))
    return db.session.scalars(statement).unique().one_or_none()


def standings_of(person_id: int) -> tuple[list[Enrolment], list[Any]]:
    """Every place the person has or had, and what they administer now (organisation or None)."""
    enrolments = db.session.scalars(
        sa.select(Enrolment)
        .where(Enrolment.person_id == person_id)
        .options(joinedload(Enrolment.cohort).joinedload(Cohort.organisation))
        .order_by(Enrolment.joined_at.desc(), Enrolment.id.desc())
    )
    organisation = aliased(Organisation)
    appointments = db.session.execute(
        sa.select(Appointment, organisation)
        .outerjoin(organisation, organisation.id == Appointment.organisation_id)
        .where(Appointment.person_id == person_id, Appointment.ended_at.is_(None))
        .order_by(Appointment.id)
    )
    return list(enrolments), list(appointments)


def by_participant(mentorships: Iterable[Mentorship]) -> dict[int, dict[int, list[Mentorship]]]:
    """Mentorships by participant and by capacity."""
    found: dict[int, dict[int, list[Mentorship]]] = {}
    for one in mentorships:
        found.setdefault(one.participant_id, {}).setdefault(one.capacity_id, []).append(one)
    return found
