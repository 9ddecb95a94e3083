"""Notices in the portal: each event reaches each person once. And what of it goes by e-mail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, length


class Notice(Base):
    """Something a person should know. ``key`` names the event, so that nobody is told twice.

    ``kind`` chooses the sentence (templates/notices), ``values`` fills it, ``path`` is where
    it leads. ``is_hidden``: the person chose not to see it in the portal.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(120))
    path: Mapped[str] = mapped_column(sa.String(500))
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    is_hidden: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.UniqueConstraint("person_id", "key"),
        sa.Index("ix_notice_person_id_created_at", "person_id", "created_at"),
    )


class NoticeChoice(Base):
    """What a person chose about one event; without a row the default of the table holds."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    event: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    mail: Mapped[str] = mapped_column(sa.String(6))
    is_hidden: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.CheckConstraint("mail IN ('now', 'daily', 'weekly', 'never')", name="mail_known"),
    )


class NoticeRhythm(Base):
    """A person's hours for e-mail, in their own zone; without a row the defaults hold."""

    __tablename__ = "notice_rhythm"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    digest_hour: Mapped[int]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]

    __table_args__ = (
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour_range"),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 23", name="quiet_from_range"),
        sa.CheckConstraint("quiet_until BETWEEN 0 AND 23", name="quiet_until_range"),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_whole"),
    )


class Mail(Base):
    """One e-mail to one person. It is done when ``sent_at`` or ``kept_at`` is set, never both.

    ``message_id`` is made with the row, so that a mail which goes out twice is recognised. The
    words are written when it is sent for the first time, and are not kept once a server has it;
    without a server the mail stays here, for administrators of the whole portal to read.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[str] = mapped_column(sa.String(200), unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="")
    subject: Mapped[str] = mapped_column(sa.String(300), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    html: Mapped[str] = mapped_column(sa.Text, default="")
    unsubscribe: Mapped[str] = mapped_column(sa.String(500), default="")

    __table_args__ = (
        sa.CheckConstraint("sent_at IS NULL OR kept_at IS NULL", name="one_end"),
        length("subject", 300),
    )

    @property
    def is_settled(self) -> bool:
        return self.sent_at is not None or self.kept_at is not None


class Delivery(Base):
    """A notice that goes to its person by e-mail, from ``due_at`` on, alone or in a digest.

    Written in the transaction of the notice, once for each notice and channel.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(sa.String(6))
    due_at: Mapped[datetime]
    mail_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("mail.id", ondelete="CASCADE"), index=True
    )

    notice: Mapped[Notice] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("notice_id", "channel"),
        sa.CheckConstraint("channel IN ('now', 'daily', 'weekly')", name="channel_known"),
        sa.Index(
            "ix_delivery_open",
            "due_at",
            sqlite_where=sa.text("mail_id IS NULL"),
            postgresql_where=sa.text("mail_id IS NULL"),
        ),
    )
