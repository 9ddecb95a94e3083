"""Telling people things, each of them once: in the portal, and by e-mail as they chose."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql
from portal.journal.actions import record
from portal.notices import outbox, queries
from portal.notices.events import EVENTS, NEVER, Event, event_of
from portal.notices.models import Notice, NoticeChoice, NoticeRhythm
from portal.notices.rules import Rhythm


def tell(person_id: int, kind: str, key: str, path: str, **values) -> None:
    """Tell one person of one event. The same ``key`` again tells nothing.

    ``kind`` names the sentence in templates/notices/_sentence.html that ``values`` fill; ``path``
    is the page the notice leads to.
    """
    tell_all([person_id], kind, key, path, **values)


def tell_all(person_ids: Iterable[int], kind: str, key: str, path: str, **values) -> None:
    """Tell several people the same, each of them once."""
    tell_each(kind, key, path, dict.fromkeys(person_ids, values))


def tell_each(kind: str, key: str, path: str, told: Mapping[int, dict[str, Any]]) -> None:
    """Tell several people of one event, each in other words: ``told`` has the values by person.

    As many statements for a thousand people as for one. It
    refuses nothing, so it stands in the savepoint of the action that tells.
    """
    event, now = event_of(kind), clock.now()
    if not told:
        return
    wishes = queries.wishes_of(told.keys(), event)
    hidden = {one for one in told if wishes.hides(one, event)}
    rows = [
        {
            "person_id": person_id,
            "kind": kind,
            "key": key,
            "path": path,
            "values": told[person_id],
            "created_at": now,
            "read_at": now if person_id in hidden else None,
            "is_hidden": person_id in hidden,
        }
        for person_id in sorted(told)
    ]
    new = db.session.execute(
        _insert(Notice)
        .on_conflict_do_nothing(index_elements=["person_id", "key"])
        .returning(Notice.id, Notice.person_id),
        rows,
    ).all()
    outbox.put(event, wishes, {person_id: notice_id for notice_id, person_id in new})


@action
def withdraw(key: str, person_ids: Collection[int]) -> set[int]:
    """Take back what these people were told under this key, and every e-mail of it that is not
    sent. Who knows of it all the same, since they have read it or were sent it."""
    notices = queries.notices_under(key, person_ids)
    know = {one.person_id for one in notices if one.read_at is not None and not one.is_hidden}
    know |= outbox.withdraw([one.id for one in notices])
    for one in notices:
        db.session.delete(one)
    db.session.flush()
    return know


def _insert(table):
    return (postgresql if is_postgresql() else sqlite).insert(table)


@action
def mark_read(person_id: int, notice_ids: list[int] | None = None) -> None:
    """Note that the person has read these notices, or all of theirs."""
    statement = (
        sa.update(Notice)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    db.session.execute(statement)


@action
def choose(person_id: int, choices: dict[str, tuple[str, bool]], rhythm: Rhythm) -> None:
    """From now on tell the person so: (channel by e-mail, hidden in the portal) by event."""
    rows = [
        {"person_id": person_id, "event": key, "mail": mail, "is_hidden": is_hidden}
        for key, (mail, is_hidden) in choices.items()
    ]
    chosen = _insert(NoticeChoice).values(rows)
    new = {"mail": chosen.excluded.mail, "is_hidden": chosen.excluded.is_hidden}
    db.session.execute(
        chosen.on_conflict_do_update(index_elements=["person_id", "event"], set_=new)
    )
    hours = {
        "digest_hour": rhythm.digest_hour,
        "quiet_from": rhythm.quiet_from,
        "quiet_until": rhythm.quiet_until,
    }
    db.session.execute(
        _insert(NoticeRhythm)
        .values(person_id=person_id, **hours)
        .on_conflict_do_update(index_elements=["person_id"], set_=hours)
    )
    record("notices.choose", by=person_id)


@action
def unsubscribe(person_id: int, events: Iterable[Event]) -> None:
    """Send the person no e-mail of these events any more. In the portal nothing changes."""
    rows = [
        {"person_id": person_id, "event": one.key, "mail": NEVER, "is_hidden": False}
        for one in events
        if not one.is_vital
    ]
    chosen = _insert(NoticeChoice).values(rows)
    db.session.execute(
        chosen.on_conflict_do_update(
            index_elements=["person_id", "event"], set_={"mail": chosen.excluded.mail}
        )
    )
    record(
        "notices.unsubscribe", by=None, person_id=person_id, events=[one["event"] for one in rows]
    )


def optional_events() -> list[Event]:
    """The events about which a person has a choice."""
    return [one for one in EVENTS.values() if not one.is_vital]
