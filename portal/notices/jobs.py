"""The worker's part: collecting what is due into e-mails, sending them, forgetting old ones."""

from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.database import db
from portal.jobs.actions import enqueue
from portal.jobs.handlers import Handlers
from portal.jobs.worker import end_transaction
from portal.notices import letters, mail, outbox, queries
from portal.notices.models import Mail
from portal.notices.readers import AddressBook
from portal.texts import lazy

handlers = Handlers()

KEPT = timedelta(days=60)
# With growing waits these go on for three days.
MOST_TRIES = 24


def _settings():
    return current_app.config["SETTINGS"]


@handlers.on("notices.collect", label=lazy("Putting notices into e-mails"))
def collect() -> None:
    domain = urlsplit(_settings().public_url).hostname or "localhost"
    if outbox.collect(domain):
        enqueue("notices.collect")


@handlers.every(
    timedelta(hours=1),
    "notices.collect_late",
    label=lazy("Putting notices into e-mails"),
    offset=timedelta(minutes=7),
)
def collect_late() -> None:
    """What is due although its own job was given up."""
    enqueue("notices.collect")


@handlers.on(
    "notices.send",
    label=lazy("Sending an e-mail"),
    lease=timedelta(minutes=5),
    most_tries=MOST_TRIES,
)
def send(mail_id: int) -> None:
    """Send one e-mail, or keep it where there is no server.

    The words are committed first. If we are killed after the server took it and before that is
    noted, it goes out once more, with the same Message-ID.
    """
    row = queries.mail_to_send(mail_id)
    if row is None:
        return
    reader = AddressBook.readers([row.person_id])[row.person_id]
    row.address = reader.address or ""
    if not row.text:
        letters.write(row, reader)
    settings = _settings()
    if not settings.smtp_url:
        row.kept_at = clock.now()
        return
    message = letters.message_of(row, settings.mail_from)
    address = row.address
    end_transaction()
    mail.deliver(settings.smtp_url, message, address)
    # By a statement: the row may have been withdrawn meanwhile, with what it told.
    db.session.execute(
        sa.update(Mail).where(Mail.id == mail_id).values(sent_at=clock.now(), text="", html="")
    )


@handlers.every(
    timedelta(days=1),
    "notices.forget",
    label=lazy("Forgetting old e-mails"),
    offset=timedelta(hours=19, minutes=20),
)
def forget() -> None:
    """Remove e-mails of long ago; what could not be sent stays."""
    before = clock.now() - KEPT
    db.session.execute(sa.delete(Mail).where(sa.or_(Mail.sent_at < before, Mail.kept_at < before)))
