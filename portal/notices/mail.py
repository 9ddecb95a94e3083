"""Sending an e-mail through the server of PORTAL_SMTP_URL."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

SECONDS = 30


def send(smtp_url: str, sender: str, to: str, subject: str, text: str) -> None:
    """Send one plain e-mail; raises OSError or SMTPException when the server does not take it.

    ``smtp://`` upgrades to TLS where the server offers it, ``smtps://`` speaks TLS from the start.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    parts = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "", parts.port or 0, timeout=SECONDS) as server:
        server.ehlo()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
