"""Every select on people and their sign-ins."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.people import tokens
from portal.people.models import OneTimeLink, Person, SignIn, SignInName
from portal.people.rules import folded


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


def live_sign_in(token: str, *, now: datetime, idle: timedelta, most: timedelta) -> SignIn | None:
    """The sign-in of this cookie, with its person, while neither ended nor silent too long."""
    hashed = tokens.hash_of(token)
    return db.session.scalar(
        sa.select(SignIn)
        .join(SignIn.person)
        .options(joinedload(SignIn.person))
        .where(
            sa.or_(SignIn.token_hash == hashed, SignIn.previous_token_hash == hashed),
            SignIn.ended_at.is_(None),
            SignIn.last_seen_at > now - idle,
            SignIn.created_at > now - most,
            Person.deactivated_at.is_(None),
        )
    )


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
