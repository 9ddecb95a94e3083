"""What changes people and their sign-ins."""

from datetime import datetime

from portal import clock
from portal.database import action, db
from portal.people import tokens
from portal.people.models import Person, SignIn, SignInName
from portal.people.rules import folded, sort_name
from portal.texts import Refused, lazy


@action
def create_person(name: str, names: dict[str, str], **details) -> Person:
    """A person with sign-in names (kind → name). Refuses a name that somebody else uses."""
    person = Person(name=name, sort_name=sort_name(name), created_at=clock.now(), **details)
    db.session.add(person)
    db.session.flush()
    for kind, text in names.items():
        add_sign_in_name(person, kind, text)
    return person


@action
def add_sign_in_name(person: Person, kind: str, name: str) -> SignInName:
    taken = db.session.query(SignInName.id).filter_by(folded=folded(name)).first()
    if taken:
        raise Refused(lazy("%(name)s is used by somebody else.", name=name), field=kind)
    row = SignInName(person_id=person.id, kind=kind, name=name.strip(), folded=folded(name))
    db.session.add(row)
    db.session.flush()
    return row


@action
def open_sign_in(person: Person, *, address: str, device: str) -> str:
    """Sign the person in on one device; returns the token for its cookie."""
    token = tokens.new_token()
    now = clock.now()
    db.session.add(
        SignIn(
            person_id=person.id,
            token_hash=tokens.hash_of(token),
            rotated_at=now,
            created_at=now,
            last_seen_at=now,
            address=address[:64],
            device=device[:200],
        )
    )
    if person.first_entered_at is None:
        person.first_entered_at = now
    return token


@action
def end_sign_in(sign_in: SignIn, at: datetime | None = None) -> None:
    sign_in.ended_at = at or clock.now()
