"""An e-mail reaches a server that speaks SMTP."""

import smtplib

import pytest

from portal.notices import mail
from tests.smtp import MailServer

SENDER, TO = "Sinau <sinau@example.org>", "ratna@example.org"
TEXT = "Buka https://sinau.example.org/welcome/x — berlaku sekali."


def test_a_mail_arrives_whole():
    with MailServer() as server:
        mail.send(server.url, SENDER, TO, "Kata sandi", TEXT)
    [one] = server.received
    assert (one.sender, one.to) == ("sinau@example.org", [TO])
    assert (one.message["From"], one.message["To"]) == (SENDER, TO)
    assert one.subject == "Kata sandi"
    assert one.text.rstrip("\n") == TEXT
    assert one.message["Auto-Submitted"] == "auto-generated"
    assert one.message["Date"]
    assert one.message["Message-ID"]


def test_a_mail_that_the_server_refuses_is_told():
    with MailServer() as server:
        server.refusal = "451 Come back later"
        with pytest.raises(smtplib.SMTPDataError):
            mail.send(server.url, SENDER, TO, "Kata sandi", TEXT)
    assert server.received == []
