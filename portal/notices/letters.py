"""The words of an e-mail: plain text and HTML, in the reader's language and zone."""

import unicodedata
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, NamedTuple

from flask import current_app, g, url_for
from flask_babel import force_locale
from markupsafe import Markup

from portal.jobs.handlers import Hopeless
from portal.notices import queries
from portal.notices.events import EVENTS, event_of
from portal.notices.models import Mail, Notice
from portal.notices.readers import Reader
from portal.notices.unsubscribing import Scope, token_for
from portal.texts import _, ngettext
from portal.web.formats import short_name
from portal.web.templates import render

MOST_SHOWN = 50
LONGEST_SUBJECT = 150
ONE_CLICK = "List-Unsubscribe=One-Click"


def one_line(text: str) -> str:
    """The text as a subject can hold it: one line, nothing that is not shown, not too long."""
    shown = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in text)
    line = " ".join(shown.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def write(mail: Mail, reader: Reader) -> None:
    """Put the words into the row; the same notices give the same words."""
    settings = current_app.config["SETTINGS"]
    notices = queries.notices_in(mail.id)
    mail.language = reader.language or settings.default_language
    base = (settings.public_url or "http://127.0.0.1:8000").rstrip("/")
    with current_app.test_request_context(base_url=base), force_locale(mail.language):
        g.zone = reader.zone
        scope = scope_for(reader.id, notices)
        if scope:
            token = token_for(scope)
            mail.unsubscribe = url_for("unsubscriptions.show", token=token, _external=True)
        lines = [_line(one, base) for one in notices[:MOST_SHOWN]]
        mail.subject = _subject(lines, len(notices))
        more = len(notices) - len(lines)
        choices = url_for("notice_choices.show", _external=True)
        mail.text = _text(reader, lines, more, scope, choices, mail.unsubscribe)
        mail.html = render(
            "notices/mail.html",
            reader=reader,
            lines=lines,
            more=more,
            event=scope.event if scope else None,
            choices=choices,
            unsubscribe=mail.unsubscribe,
            subject=mail.subject,
        )


class Line(NamedTuple):
    """A notice in an e-mail: its sentence, without the content of marks, and where it leads."""

    sentence: Markup
    address: str
    at: datetime

    @property
    def words(self) -> str:
        return self.sentence.striptags()


def _line(notice: Notice, base: str) -> Line:
    macros: Any = current_app.jinja_env.get_template("notices/_sentence.html").module
    sentence = macros.sentence(notice.kind, notice.values, discreet=True)
    return Line(Markup(sentence), base + notice.path, notice.created_at)  # noqa: S704


def _text(
    reader: Reader, lines: list[Line], more: int, scope: Scope | None, choices: str, end: str
) -> str:
    """The plain text: each sentence with its address below, then why it came and how to end it."""
    parts = [_("Hello %(name)s,", name=short_name(reader.name))]
    parts += [f"{line.words}\n{line.address}" for line in lines]
    if more:
        parts.append(ngettext("%(num)d more stands in the portal.",
                              "%(num)d more stand in the portal.", more))  # fmt: skip
    parts.append("-- \n" + _("Choose what you are told, when and how:") + f"\n{choices}")
    if scope:
        parts.append(f"{what_ends(scope)}\n{end}")
    return "\n\n".join(parts) + "\n"


def what_ends(scope: Scope) -> str:
    """The sentence above the address that ends e-mails."""
    if scope.event is None:
        return _("No more e-mail about any of this:")
    return _("No more e-mail about “%(event)s”:", event=scope.event.label)


def _subject(lines: list[Line], count: int) -> str:
    if count == 1:
        return one_line(lines[0].words)
    name = current_app.config["SETTINGS"].name
    return one_line(ngettext("%(portal)s: %(num)d notice", "%(portal)s: %(num)d notices", count,
                             portal=name))  # fmt: skip


def scope_for(person_id: int, notices: list[Notice]) -> Scope | None:
    """What the e-mail's unsubscribe link ends: its one event, or with several all of them."""
    keys = {event_of(one.kind).key for one in notices}
    if len(keys) > 1:
        return Scope(person_id, None)
    event = EVENTS[keys.pop()]
    return None if event.is_vital else Scope(person_id, event)


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The e-mail as it goes over the line, alike each time; Hopeless when nobody can be sent it."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=mail.address)
        message["Subject"] = mail.subject
    except (ValueError, IndexError, MessageError) as error:
        raise Hopeless(f"the address {mail.address!r} cannot be written to: {error}") from error
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = ONE_CLICK
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = mail.language
    return message
