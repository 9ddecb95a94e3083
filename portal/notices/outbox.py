"""From a notice to an e-mail: what is due for a person goes out together, each notice once.

``put`` stands in the transaction of the notice. The job ``notices.collect`` puts what is due into
e-mails, ``notices.send`` sends one; either may be killed at any moment and runs again.
"""

from collections import defaultdict
from email.utils import make_msgid
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.database import action, db
from portal.jobs.actions import enqueue
from portal.jobs.queries import jobs_in_hand
from portal.notices import queries
from portal.notices.events import NEVER, Event, event_of
from portal.notices.models import Delivery, Mail
from portal.notices.queries import Wishes
from portal.notices.readers import AddressBook
from portal.notices.rules import due_at

AT_ONCE = 200


def put(event: Event, wishes: Wishes, told: dict[int, int]) -> None:
    """Have these notices (person id → notice id) go out by e-mail as each person chose."""
    wanted = {one: wishes.mail(one, event) for one in told}
    wanted = {one: channel for one, channel in wanted.items() if channel != NEVER}
    readers = AddressBook.readers(wanted.keys()) if wanted else {}
    now = clock.now()
    rows: list[dict[str, Any]] = []
    for person_id, channel in wanted.items():
        reader = readers.get(person_id)
        if reader is None or not reader.can_be_written_to:
            continue
        if event.waits_for_entry and not reader.can_sign_in:
            continue
        rhythm = wishes.rhythm(person_id)
        due = due_at(channel, now, rhythm, reader.zone, is_vital=event.is_vital)
        rows.append(
            {
                "notice_id": told[person_id],
                "person_id": person_id,
                "channel": channel,
                "due_at": due,
            }
        )
    if rows:
        db.session.execute(sa.insert(Delivery), rows)
    for due in sorted({row["due_at"] for row in rows}):
        # Digests of many people are due at the same moment: one job collects them all.
        key = None if due <= now else f"notices.collect:{due.timestamp():.0f}"
        enqueue("notices.collect", key=key, due_at=due)


def withdraw(notice_ids: list[int]) -> set[int]:
    """Let no e-mail tell these notices any more; the people who were sent one already, or to whom
    it is on its way.

    An e-mail that tells other things, too, goes out without them, its words written anew.
    """
    deliveries = queries.deliveries_of(notice_ids)
    gone = {one.mail_id for one in deliveries if one.mail_id is not None}
    for one in deliveries:
        db.session.delete(one)
    db.session.flush()
    sent = set()
    mails = queries.mails_with(gone)
    on_their_way = jobs_in_hand([_sending(mail.id) for mail, _left in mails])
    for mail, left in mails:
        # A worker has its words committed before it hands them to the server.
        if mail.sent_at is not None or (mail.text and _sending(mail.id) in on_their_way):
            sent.add(mail.person_id)
        elif not left:
            db.session.delete(mail)
        elif mail.kept_at is None:
            mail.text = mail.html = ""
    return sent


@action
def collect(domain: str) -> bool:
    """Put what is due into e-mails, for each person into one; whether there may be more."""
    due = queries.due_deliveries(clock.now(), AT_ONCE)
    person_ids = {one.person_id for one in due}
    if not person_ids:
        return False
    readers, wishes = AddressBook.readers(person_ids), queries.wishes_of(person_ids)
    for person_id, group in groupby(due, key=lambda one: one.person_id):
        reader = readers.get(person_id)
        letters: dict[int, list[Delivery]] = defaultdict(list)
        for one in group:
            event = event_of(one.notice.kind)
            is_wanted = wishes.mail(person_id, event) != NEVER and not queries.is_stale(one)
            if reader is None or not reader.can_be_written_to or not is_wanted:
                db.session.delete(one)
            else:  # what concerns the account stands alone
                letters[one.id if event.is_vital else 0].append(one)
        for together in letters.values():
            _make(person_id, together, domain)
    db.session.flush()
    return len(due) == AT_ONCE


def _make(person_id: int, together: list[Delivery], domain: str) -> None:
    mail = Mail(person_id=person_id, message_id=make_msgid(domain=domain), created_at=clock.now())
    db.session.add(mail)
    db.session.flush()
    for one in together:
        one.mail_id = mail.id
    enqueue("notices.send", {"mail_id": mail.id}, key=_sending(mail.id))


def _sending(mail_id: int) -> str:
    """The key of the job that sends an e-mail."""
    return f"notices.send:{mail_id}"
