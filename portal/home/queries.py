"""What the frame of every page needs to know of a person, in one select."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.assignments.models import Assignment
from portal.cohorts.models import Appointment, Cohort, Enrolment, Organisation
from portal.cohorts.queries import place_in, with_place
from portal.database import db
from portal.journal.models import Sighting
from portal.notices.models import Notice
from portal.notices.queries import leads_to
from portal.people.models import Person, SignIn
from portal.people.queries import IN_SIGN_IN, LiveSignIn, Shown, select_live, sign_in_in
from portal.selects import prepared
from portal.submissions.models import Submission
from portal.web.access import Standing


@dataclass(frozen=True)
class Place:
    """A cohort in which the person takes part now."""

    cohort_id: int
    name: str
    role: str
    ends_on: date
    contact: str
    brand: str
    zone: str
    is_closed: bool = False


@dataclass(frozen=True)
class Places:
    """Where a person takes part, newest cohort first, and what waits to be read."""

    cohorts: tuple[Place, ...] = ()
    is_administrator: bool = False
    is_chief: bool = False
    """Whether they administer the whole portal."""
    unread: int = 0
    leads_here: bool = False
    """Whether an unread notice leads to the page at hand."""
    contact: str = ""
    brand: str = ""
    zone: str | None = None

    @property
    def roles(self) -> set[str]:
        held = {place.role for place in self.cohorts}
        return held | {"administrator"} if self.is_administrator else held

    def as_role(self, role: str) -> list[Place]:
        return [place for place in self.cohorts if place.role == role]


class Arrived(NamedTuple):
    """Who asks for a page, and what the page needs to know of them before it is made."""

    sign_in: LiveSignIn
    standing: Standing | None
    """In the cohort that was asked for; None where there is no such cohort."""
    places: Places


def arrived(shown: Shown, path: str, cohort_id: int | None) -> Arrived | None:
    """All of it in one select; None when the sign-in is not live."""
    rows = _arrived.rows(**vars(shown), path=path, cohort_id=cohort_id)
    if not rows:
        return None
    standing = None
    if cohort_id is not None:
        enrolled_as = {row.role for row in rows if row.place_id == cohort_id}
        standing = place_in(rows[0][IN_SIGN_IN:], enrolled_as)
    return Arrived(sign_in_in(rows[0]), standing, _of_rows(rows))


@prepared
def _arrived(hashed, seen, created, path, cohort_id=None):
    statement = select_live(hashed, seen, created)
    if cohort_id is not None:
        statement = with_place(statement, SignIn.person_id, cohort_id)
    return _with_places(statement, SignIn.person_id, path)


def places_of(person_id: int, path: str) -> Places:
    """Cohorts, appointments and unread notices of one person who opens the page at ``path``."""
    return _of_rows(_places.rows(person_id=person_id, path=path))


@prepared
def _places(person_id, path):
    return _with_places(
        sa.select().select_from(Person).where(Person.id == person_id), person_id, path
    )


def _with_places(beside: sa.Select, person_id, path) -> sa.Select:
    """A select of one row, which comes once for each place of the person, with what the frame
    needs."""
    present = (Appointment.person_id == person_id, Appointment.ended_at.is_(None))
    appointments = sa.select(Appointment.id).where(*present)
    unread = (Notice.person_id == person_id, Notice.read_at.is_(None))
    part, mine, its = aliased(Enrolment), aliased(Cohort), aliased(Organisation)
    first, own = aliased(Appointment), aliased(Organisation)
    return (
        beside.add_columns(
            first.id.is_not(None).label("is_appointed"),
            appointments.where(Appointment.organisation_id.is_(None)).exists().label("is_chief"),
            sa.select(sa.func.count(Notice.id)).where(*unread).scalar_subquery().label("unread"),
            sa.select(Notice.id).where(*unread, leads_to(path)).exists().label("leads_here"),
            own.contact.label("own_contact"),
            own.brand.label("own_brand"),
            own.zone.label("own_zone"),
            part.role.label("role"),
            mine.id.label("place_id"),
            mine.name.label("place"),
            mine.ends_on.label("place_ends_on"),
            mine.closed_at.label("place_closed_at"),
            its.contact.label("place_contact"),
            its.brand.label("place_brand"),
            its.zone.label("place_zone"),
        )
        .outerjoin(
            first,
            first.id == sa.select(sa.func.min(Appointment.id)).where(*present).scalar_subquery(),
        )
        .outerjoin(own, own.id == first.organisation_id)
        .outerjoin(part, (part.person_id == person_id) & part.left_at.is_(None))
        .outerjoin(mine, mine.id == part.cohort_id)
        .outerjoin(its, its.id == mine.organisation_id)
        .order_by(mine.starts_on.desc(), mine.id, part.role)
    )


def _of_rows(rows: Sequence[sa.Row[Any]]) -> Places:
    if not rows:
        return Places()
    cohorts = tuple(
        Place(
            row.place_id,
            row.place,
            row.role,
            row.place_ends_on,
            row.place_contact,
            row.place_brand,
            row.place_zone,
            is_closed=row.place_closed_at is not None,
        )
        for row in rows
        if row.place_id is not None
    )
    return Places(
        cohorts=cohorts,
        is_administrator=bool(rows[0].is_appointed),
        is_chief=bool(rows[0].is_chief),
        unread=rows[0].unread,
        leads_here=bool(rows[0].leads_here),
        contact=next((place.contact for place in cohorts), rows[0].own_contact or ""),
        brand=next((place.brand for place in cohorts), rows[0].own_brand or ""),
        zone=next((place.zone for place in cohorts), rows[0].own_zone),
    )


def contact_of_the_only_organisation() -> str:
    """What a visitor may be told: the organiser's contact, where there is but one organiser."""
    contacts = db.session.scalars(sa.select(Organisation.contact).limit(2)).all()
    return contacts[0] if len(contacts) == 1 else ""


def readers_of(person_id: int, at_most: int) -> list[Any]:
    """Who else opened the person's submission versions, when; newest first."""
    return list(
        db.session.execute(
            sa.select(
                Sighting.at,
                Person.name,
                Assignment.title,
                Submission.number,
                Submission.id.label("submission_id"),
                Submission.cohort_id,
                Submission.assignment_id,
            )
            .join(Submission, Submission.id == Sighting.subject_id)
            .join(Assignment, Assignment.id == Submission.assignment_id)
            .join(Person, Person.id == Sighting.person_id)
            .where(
                Sighting.subject == "submission",
                Submission.person_id == person_id,
                Sighting.person_id != person_id,
            )
            .order_by(Sighting.at.desc(), Sighting.id.desc())
            .limit(at_most)
        )
    )
