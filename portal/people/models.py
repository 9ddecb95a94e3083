"""People, the names they sign in with, their sign-ins, and their one-time links."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, length
from portal.people.devices import device_name

SIGN_IN_KINDS = ("nip", "email", "username")
LANGUAGES = ("id", "en")


class Person(Base):
    """Somebody who uses the portal. Never deleted: leaving is ``deactivated_at``."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_name: Mapped[str] = mapped_column(sa.String(200), index=True)
    position: Mapped[str] = mapped_column(sa.String(200), default="")
    unit: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    password_changed_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(sa.String(5))
    zone: Mapped[str | None] = mapped_column(sa.String(50))
    theme: Mapped[str | None] = mapped_column(sa.String(5))
    created_at: Mapped[datetime]
    first_entered_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]

    sign_in_names: Mapped[list["SignInName"]] = relationship(
        lazy="raise", order_by="SignInName.kind, SignInName.name"
    )

    __table_args__ = (
        length("name", 200),
        sa.CheckConstraint("name <> ''", name="name_given"),
        sa.CheckConstraint("language IN ('id', 'en')", name="language_known"),
        sa.CheckConstraint("theme IN ('light', 'dark')", name="theme_known"),
    )

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None


class SignInName(Base):
    """A NIP, e-mail address or user name. ``folded`` is what is compared, and is unique."""

    __tablename__ = "sign_in_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(200))
    folded: Mapped[str] = mapped_column(sa.String(200), unique=True)

    __table_args__ = (
        sa.CheckConstraint("kind IN ('nip', 'email', 'username')", name="kind_known"),
        length("name", 200),
    )


class SignIn(Base):
    """One device on which a person is signed in. The cookie holds the token, we hold its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    previous_token_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    rotated_at: Mapped[datetime]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(sa.String(64), default="")
    device: Mapped[str] = mapped_column(sa.String(200), default="")

    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def device_name(self) -> str:
        return device_name(self.device)


class OneTimeLink(Base):
    """An invitation or a password reset: a link that works once, until it expires."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(12))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])

    __table_args__ = (sa.CheckConstraint("kind IN ('invitation', 'reset')", name="kind_known"),)


class SignInFailure(Base):
    """How often a sign-in failed lately, per account and per address (``key`` says which)."""

    __tablename__ = "sign_in_failure"

    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]


class KeptText(Base):
    """What a person typed and could not send: kept for them alone, until sent or thrown away."""

    __tablename__ = "kept_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[str] = mapped_column(sa.String(500))
    page: Mapped[str] = mapped_column(sa.String(500))
    fields: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(sa.String(20))
    created_at: Mapped[datetime]
