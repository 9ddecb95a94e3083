"""Every select on notices, what people chose about them, and their e-mails."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.database import db, locked
from portal.notices.events import DAILY, WEEKLY, Event
from portal.notices.models import Delivery, Mail, Notice, NoticeChoice, NoticeRhythm
from portal.notices.rules import Rhythm


def leads_to(path: Any) -> sa.ColumnElement[bool]:
    """Whether a notice leads to this page, or to a place on it."""
    typed = sa.type_coerce(path, sa.String)
    before_place = sa.func.substr(Notice.path, 1, sa.func.length(typed) + 1)
    return sa.or_(Notice.path == typed, before_place == typed + "#")


def notices_of(person_id: int, *, limit: int, offset: int = 0) -> list[Notice]:
    """The person's notices, newest first."""
    return list(
        db.session.scalars(
            sa.select(Notice)
            .where(Notice.person_id == person_id, Notice.is_hidden.is_(False))
            .order_by(Notice.created_at.desc(), Notice.id.desc())
            .limit(limit)
            .offset(offset)
        )
    )


def notices_count(person_id: int) -> int:
    shown = sa.select(sa.func.count(Notice.id)).where(
        Notice.person_id == person_id, Notice.is_hidden.is_(False)
    )
    return db.session.scalar(shown) or 0


def notices_under(key: str, person_ids: Collection[int]) -> list[Notice]:
    """What these people were told under one key."""
    return list(
        db.session.scalars(
            sa.select(Notice).where(Notice.key == key, Notice.person_id.in_(person_ids))
        )
    )


@dataclass(frozen=True)
class Wishes:
    """What people chose: hours by person, choices by person and event."""

    rhythms: dict[int, Rhythm] = field(default_factory=dict)
    choices: dict[tuple[int, str], NoticeChoice] = field(default_factory=dict)

    def rhythm(self, person_id: int) -> Rhythm:
        return self.rhythms.get(person_id) or Rhythm()

    def mail(self, person_id: int, event: Event) -> str:
        """By which channel the event reaches the person: now, daily, weekly or never."""
        choice = self.choices.get((person_id, event.key))
        return event.mail if choice is None or event.is_vital else choice.mail

    def hides(self, person_id: int, event: Event) -> bool:
        choice = self.choices.get((person_id, event.key))
        return event.may_hide and choice is not None and choice.is_hidden


def wishes_of(person_ids: Collection[int], event: Event | None = None) -> Wishes:
    """What these people chose about one event, or about all. Two queries."""
    choices = sa.select(NoticeChoice).where(NoticeChoice.person_id.in_(person_ids))
    if event is not None:
        choices = choices.where(NoticeChoice.event == event.key)
    rhythms = sa.select(NoticeRhythm).where(NoticeRhythm.person_id.in_(person_ids))
    return Wishes(
        {
            one.person_id: Rhythm(one.digest_hour, one.quiet_from, one.quiet_until)
            for one in db.session.scalars(rhythms)
        },
        {(one.person_id, one.event): one for one in db.session.scalars(choices)},
    )


def due_deliveries(now: datetime, most: int) -> list[Delivery]:
    """What is due and in no e-mail yet, with its notices, by person; held until the commit."""
    return list(
        db.session.scalars(
            sa.select(Delivery)
            .join(Delivery.notice)
            .where(Delivery.due_at <= now, Delivery.mail_id.is_(None))
            .options(contains_eager(Delivery.notice))
            .order_by(Delivery.person_id, Delivery.id)
            .limit(most)
            .with_for_update(of=Delivery)
        )
    )


def deliveries_of(notice_ids: Collection[int]) -> list[Delivery]:
    """How these notices go out; held until the commit, so that none is put into an e-mail."""
    return list(
        db.session.scalars(locked(sa.select(Delivery).where(Delivery.notice_id.in_(notice_ids))))
    )


def mails_with(mail_ids: Collection[int]) -> list[tuple[Mail, int]]:
    """These e-mails, held until the commit, each with how many notices are in it."""
    mails = db.session.scalars(
        locked(sa.select(Mail).where(Mail.id.in_(mail_ids)).order_by(Mail.id))
    ).all()
    counts = dict(
        db.session.execute(
            sa.select(Delivery.mail_id, sa.func.count())
            .where(Delivery.mail_id.in_(mail_ids))
            .group_by(Delivery.mail_id)
        ).all()
    )
    return [(one, counts.get(one.id, 0)) for one in mails]


def is_stale(delivery: Delivery) -> bool:
    """Whether a digest need not tell this, since the person has read it in the portal."""
    notice = delivery.notice
    return (
        delivery.channel in (DAILY, WEEKLY) and notice.read_at is not None and not notice.is_hidden
    )


def notices_in(mail_id: int) -> list[Notice]:
    """What an e-mail tells, oldest first."""
    return list(
        db.session.scalars(
            sa.select(Notice)
            .join(Delivery, Delivery.notice_id == Notice.id)
            .where(Delivery.mail_id == mail_id)
            .order_by(Notice.created_at, Notice.id)
        )
    )


def mail_to_send(mail_id: int) -> Mail | None:
    """The e-mail, while it is neither sent nor kept; held, since it may be withdrawn just now."""
    return db.session.scalar(
        locked(
            sa.select(Mail).where(
                Mail.id == mail_id, Mail.sent_at.is_(None), Mail.kept_at.is_(None)
            )
        )
    )


def kept_mail(*, limit: int, offset: int = 0) -> list[Mail]:
    """E-mails that no server took, since there is none; newest first."""
    return list(
        db.session.scalars(
            sa.select(Mail)
            .where(Mail.kept_at.is_not(None))
            .order_by(Mail.kept_at.desc(), Mail.id.desc())
            .limit(limit)
            .offset(offset)
        )
    )


def kept_mail_count() -> int:
    return (
        db.session.scalar(sa.select(sa.func.count(Mail.id)).where(Mail.kept_at.is_not(None))) or 0
    )


def kept_mail_with(mail_id: int) -> Mail | None:
    return db.session.scalar(sa.select(Mail).where(Mail.id == mail_id, Mail.kept_at.is_not(None)))
