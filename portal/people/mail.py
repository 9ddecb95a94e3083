"""E-mail about accounts, sent by the worker."""

from datetime import timedelta

from flask import current_app, url_for
from flask_babel import force_locale

from portal.jobs.handlers import Handlers
from portal.jobs.worker import end_transaction
from portal.notices import mail
from portal.people import actions, queries
from portal.texts import _, lazy

handlers = Handlers()


@handlers.on(
    "people.mail_reset_link",
    label=lazy("Sending a link for a new password"),
    lease=timedelta(minutes=3),
    most_tries=5,
)
def mail_reset_link(person_id: int) -> None:
    """Make a reset link and send it. The link is made here, so that no job row holds its token."""
    settings = current_app.config["SETTINGS"]
    person, to = queries.person_by_id(person_id), queries.email_of(person_id)
    if person is None or not person.is_active or not to or not settings.smtp_url:
        return
    token = actions.reset_link(person, by=None)
    end_transaction()
    language = person.language or settings.default_language
    base = settings.public_url or "http://127.0.0.1:8000"
    with current_app.test_request_context(base_url=base), force_locale(language):
        link = url_for("welcome.show", token=token, _external=True)
        subject = _("Choose a new password for %(portal)s", portal=settings.name)
        text = _(
            "Somebody asked for a new password for %(name)s.\n\n"
            "Was it you? Open this address within 24 hours; it works once:\n\n%(link)s\n\n"
            "If it was not you, nothing has changed and you need do nothing.",
            name=person.name,
            link=link,
        )
    mail.send(settings.smtp_url, settings.mail_from, to, subject, text)
