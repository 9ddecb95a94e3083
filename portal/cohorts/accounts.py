"""What an administrator changes about people: details, sign-in names, closing, one-time links."""

from collections.abc import Iterable
from hashlib import sha256

import sqlalchemy as sa

from portal import clock
from portal.cohorts.actions import appoint
from portal.cohorts.details import Details
from portal.cohorts.lists import administers_all
from portal.cohorts.models import Appointment, Organisation
from portal.cohorts.snapshots import beyond_reach
from portal.database import action, db
from portal.journal.actions import record
from portal.people import actions as people
from portal.people.models import Person, SignInName
from portal.people.rules import folded, sort_name
from portal.texts import Refused, lazy

KINDS = ("nip", "email", "username")
PLAIN = ("name", "position", "unit", "phone")


def may_edit(person_id: int, organisation: Organisation, by: int) -> bool:
    """Whether this administrator may edit or reset the person; see `beyond_reach`."""
    return person_id not in beyond_reach(by, organisation.id, {person_id})


def _within_reach(person: Person, organisation: Organisation, by: int) -> None:
    if not may_edit(person.id, organisation, by):
        raise Refused(
            lazy(
                "%(name)s also belongs elsewhere. Only an administrator of the whole portal may "
                "change this account.",
                name=person.name,
            )
        )


def revision_of(person: Person) -> str:
    """What stands for the details and sign-in names a person has now."""
    names = sorted((one.kind, one.name) for one in person.sign_in_names)
    known = repr([[getattr(person, one) for one in PLAIN], names])
    return sha256(known.encode()).hexdigest()[:16]


@action
def update_person(
    person: Person, details: Details, organisation: Organisation, by: int, *, revision: str
) -> None:
    """Change what is known of a person and what they sign in with. An empty name goes away.

    ``person`` comes with its sign-in names, ``revision`` says which details were seen. Refuses a
    name of somebody else, to leave nothing to sign in with, and when somebody was faster.
    """
    _hold(person)
    db.session.refresh(person, [*PLAIN, "sign_in_names"])
    _within_reach(person, organisation, by)
    if revision != revision_of(person):
        raise Refused(
            lazy("Somebody else changed this person meanwhile. Look at both and press again."),
            conflict=True,
        )
    if not details.has_identity:
        raise Refused(lazy("Leave a NIP, an e-mail address or a user name to sign in with."))
    changed = [one for one in PLAIN if getattr(person, one) != getattr(details, one)]
    for column in PLAIN:
        setattr(person, column, getattr(details, column))
    person.sort_name = sort_name(person.name)
    for kind in KINDS:
        if _set_name(person, kind, getattr(details, kind)):
            changed.append(kind)
    if changed:
        record(
            "people.update_person", person, by=by, organisation_id=organisation.id, changed=changed
        )


def _set_name(person: Person, kind: str, text: str) -> bool:
    """Give the person this name of a kind, instead of the one shown; whether that changed it."""
    own = next((one for one in person.sign_in_names if one.kind == kind), None)
    if (own.folded if own else "") == folded(text):
        return False
    if own is not None:
        db.session.delete(own)
        db.session.flush()
    if text:
        taken = db.session.query(SignInName.person_id).filter_by(folded=folded(text)).first()
        if taken is None or taken[0] != person.id:
            people.add_sign_in_name(person, kind, text)
    return True


@action
def close_account(person: Person, organisation: Organisation, by: int) -> None:
    """The person may no longer enter; everything they wrote stays."""
    _within_reach(person, organisation, by)
    if person.id == by:
        raise Refused(lazy("Nobody closes their own account."))
    people.deactivate(person, by)


@action
def open_account(person: Person, organisation: Organisation, by: int) -> None:
    """The person may enter again."""
    _within_reach(person, organisation, by)
    people.reactivate(person, by)


@action
def reset_for(person: Person, organisation: Organisation, by: int) -> str:
    """A one-time link for somebody who forgot the password; its token."""
    _within_reach(person, organisation, by)
    return people.reset_link(person, by)


@action
def invite_all(
    chosen: Iterable[Person], organisation: Organisation, by: int
) -> list[tuple[Person, str]]:
    """One-time links with which these choose a password and enter: each person and the token.

    A link opens the account to whoever has it, so it takes what changing the account takes: who is
    beyond reach is left out.
    """
    wanted = list(chosen)
    beyond = beyond_reach(by, organisation.id, {one.id for one in wanted})
    return [(one, people.invite(one, by)) for one in wanted if one.id not in beyond]


def _hold(person: Person) -> None:
    """Let one administrator at a time change this person, until the commit."""
    db.session.execute(
        sa.select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
    )


def _appointments(person: Person, organisation: Organisation) -> list[Appointment]:
    """The person's present appointments in the organisation, their row held until the commit."""
    _hold(person)
    return list(
        db.session.scalars(
            sa.select(Appointment).where(
                Appointment.person_id == person.id,
                Appointment.organisation_id == organisation.id,
                Appointment.ended_at.is_(None),
            )
        )
    )


def _for_the_whole_portal(by: int) -> None:
    if not administers_all(by):
        raise Refused(lazy("Only an administrator of the whole portal appoints administrators."))


@action
def appoint_for(person: Person, organisation: Organisation, by: int) -> None:
    """Make the person an administrator of the organisation; twice does nothing."""
    _for_the_whole_portal(by)
    if not _appointments(person, organisation):
        row = appoint(person, organisation)
        record("cohorts.appoint", row, by=by, organisation_id=organisation.id, person_id=person.id)


@action
def dismiss_from(person: Person, organisation: Organisation, by: int) -> None:
    """The person administers the organisation no longer; what they did stays on record."""
    _for_the_whole_portal(by)
    for row in _appointments(person, organisation):
        row.ended_at = clock.now()
        record("cohorts.dismiss", row, by=by, organisation_id=organisation.id, person_id=person.id)
