"""Every select on people and their sign-ins."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.people import throttling, tokens
from portal.people.models import (
    KeptText,
    OneTimeLink,
    Person,
    SignIn,
    SignInFailure,
    SignInName,
)
from portal.people.rules import folded
from portal.selects import prepared


def person_by_id(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def is_anybody_known() -> bool:
    """Whether the portal has any person at all."""
    return db.session.scalar(sa.select(Person.id).limit(1)) is not None


def person_called(name: str) -> Person | None:
    """The active person with this NIP, e-mail or user name."""
    return db.session.scalar(
        sa.select(Person)
        .join(SignInName, SignInName.person_id == Person.id)
        .where(SignInName.folded == folded(name), Person.deactivated_at.is_(None))
    )


class LiveSignIn(NamedTuple):
    """A sign-in, with what every page needs of its person."""

    id: int
    person_id: int
    token_hash: str
    previous_token_hash: str | None
    rotated_at: datetime
    last_seen_at: datetime
    name: str
    position: str
    unit: str
    language: str | None
    zone: str | None
    theme: str | None
    password_changed_at: datetime | None
    person: Person | None = None
    """The row itself, where it was asked for."""


IN_SIGN_IN = len(LiveSignIn._fields) - 1


@dataclass(frozen=True)
class Shown:
    """What a cookie shows, and since when a sign-in must have been seen and created to be live."""

    hashed: str
    seen: datetime
    created: datetime


def shown(token: str, *, now: datetime, idle: timedelta, most: timedelta) -> Shown:
    return Shown(tokens.hash_of(token), now - idle, now - most)


def live_sign_in(one: Shown) -> LiveSignIn | None:
    """The sign-in of this cookie with its person, while neither ended nor silent too long.

    A rotated token stays good until its browser has shown the new one (portal/people/entrance.py).
    """
    rows = db.session.execute(*_live_sign_in(**asdict(one))).all()
    return LiveSignIn(*rows[0]) if rows else None


def sign_in_in(row: Sequence[Any]) -> LiveSignIn:
    """The sign-in in a row that begins with the columns of ``select_live``."""
    return LiveSignIn(*row[:IN_SIGN_IN])


@prepared
def _live_sign_in(hashed, seen, created):
    return select_live(hashed, seen, created).add_columns(Person)


def select_live(hashed, seen, created) -> sa.Select:
    """One row of ``IN_SIGN_IN`` columns, or none: for a select that asks for more at once."""
    return (
        sa.select(
            SignIn.id,
            SignIn.person_id,
            SignIn.token_hash,
            SignIn.previous_token_hash,
            SignIn.rotated_at,
            SignIn.last_seen_at,
            Person.name,
            Person.position,
            Person.unit,
            Person.language,
            Person.zone,
            Person.theme,
            Person.password_changed_at,
        )
        .join(SignIn.person)
        .where(
            sa.or_(SignIn.token_hash == hashed, SignIn.previous_token_hash == hashed),
            SignIn.ended_at.is_(None),
            SignIn.last_seen_at > seen,
            SignIn.created_at > created,
            Person.deactivated_at.is_(None),
        )
    )


def sign_ins_of(person_id: int, *, now: datetime, idle: timedelta, most: timedelta) -> list[SignIn]:
    """The devices on which the person is signed in now, the last seen first."""
    return list(
        db.session.scalars(
            sa.select(SignIn)
            .where(
                SignIn.person_id == person_id,
                SignIn.ended_at.is_(None),
                SignIn.last_seen_at > now - idle,
                SignIn.created_at > now - most,
            )
            .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
        )
    )


def sign_in_of(person_id: int, sign_in_id: int) -> SignIn | None:
    return db.session.scalar(
        sa.select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person_id)
    )


def names_of(person_id: int) -> list[SignInName]:
    return list(
        db.session.scalars(
            sa.select(SignInName)
            .where(SignInName.person_id == person_id)
            .order_by(SignInName.kind, SignInName.name)
        )
    )


def names_by_id(person_ids: set[int]) -> dict[int, str]:
    """The names of these people by id."""
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def email_of(person_id: int) -> str | None:
    """Where the person can be written to: their e-mail sign-in name."""
    return db.session.scalar(
        sa.select(SignInName.name)
        .where(SignInName.person_id == person_id, SignInName.kind == "email")
        .order_by(SignInName.id)
        .limit(1)
    )


class Account(NamedTuple):
    """What a sign-in is judged by: the person, if there is one, and past failures by key."""

    person: Person | None
    is_known_address: bool
    failures: dict[str, SignInFailure]


def account_called(name: str, address: str) -> Account:
    """The account that a visitor at ``address`` names."""
    person = person_called(name)
    keys = throttling.keys_of(person, name, address)
    failures = {
        one.key: one
        for one in db.session.scalars(
            sa.select(SignInFailure).where(SignInFailure.key.in_(keys.values()))
        )
    }
    is_known = person is not None and bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(SignIn.person_id == person.id, SignIn.address == address[:64])
            )
        )
    )
    return Account(person, is_known, failures)


def failure(key: str) -> SignInFailure | None:
    return db.session.get(SignInFailure, key)


def person_of_token(token: str) -> int | None:
    """Whose cookie this is or was, even after it ended."""
    hashed = tokens.hash_of(token)
    return db.session.scalar(
        sa.select(SignIn.person_id).where(
            sa.or_(SignIn.token_hash == hashed, SignIn.previous_token_hash == hashed)
        )
    )


def good_link(token: str, now: datetime) -> OneTimeLink | None:
    """The invitation or reset link of this token with its person, while it can still be used."""
    return db.session.scalar(
        sa.select(OneTimeLink)
        .join(OneTimeLink.person)
        .options(joinedload(OneTimeLink.person))
        .where(
            OneTimeLink.token_hash == tokens.hash_of(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            Person.deactivated_at.is_(None),
        )
    )


def kept_texts_of(person_id: int) -> list[KeptText]:
    """What waits for this person, newest first."""
    return list(
        db.session.scalars(
            sa.select(KeptText)
            .where(KeptText.person_id == person_id)
            .order_by(KeptText.created_at.desc(), KeptText.id.desc())
        )
    )


def kept_text_of(person_id: int, kept_text_id: int) -> KeptText | None:
    return db.session.scalar(
        sa.select(KeptText).where(KeptText.id == kept_text_id, KeptText.person_id == person_id)
    )
