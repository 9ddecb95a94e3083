"""Sending an e-mail through the server of PORTAL_SMTP_URL."""

import contextlib
import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from portal.jobs.handlers import Hopeless

SECONDS = 20


def send(smtp_url: str, sender: str, to: str, subject: str, text: str) -> None:
    """Send one plain e-mail; raises as ``deliver``."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    deliver(smtp_url, message, to)


def deliver(smtp_url: str, message: EmailMessage, to: str) -> None:
    """Hand an e-mail to the server. It returns only once the server has said that it took it.

    Raises OSError or SMTPException when it did not, and Hopeless when it never will.
    ``smtp://`` upgrades to TLS where the server offers it, ``smtps://`` speaks TLS from the start.
    """
    parts = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    server = kind(parts.hostname or "", parts.port or 0, timeout=SECONDS)
    try:
        server.ehlo()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        _hand_over(server, message, to)
        with contextlib.suppress(OSError):  # the e-mail is taken, however the server says goodbye
            server.quit()
    finally:
        server.close()


def _hand_over(server: smtplib.SMTP, message: EmailMessage, to: str) -> None:
    try:
        server.send_message(message, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as error:
        code, says = error.recipients[to]
        _refused(code, says, error)
    except smtplib.SMTPResponseException as error:
        _refused(error.smtp_code, error.smtp_error, error)
    except smtplib.SMTPNotSupportedError as error:
        raise Hopeless(f"the mail server cannot write to {to}: {error}") from error


def _refused(code: int, says: bytes | str, error: smtplib.SMTPException) -> None:
    """Raise: an answer of 500 and more is final, others may be another one tomorrow."""
    if code < 500:
        raise error
    words = says.decode("utf-8", "replace") if isinstance(says, bytes) else says
    raise Hopeless(f"the mail server refused it: {code} {words}") from error
