"""From a notice to an e-mail that a real server takes."""

import smtplib
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.database import db
from portal.jobs.models import Job
from portal.jobs.rules import wait_after
from portal.notices import actions
from portal.notices.models import Mail, Notice
from portal.notices.rules import Rhythm
from portal.people.models import Person, SignInName
from tests.notices.outgoing import (
    MORNING,
    NIGHT,
    announce,
    begin_mentorship,
    change_password,
    count,
    left,
    release,
    work_off,
)

RATNA = "participant@example.org"


@pytest.fixture
def time():
    with time_machine.travel(MORNING, tick=False) as travel:
        yield travel


def html_of(message) -> str:
    return message.get_body(("html",)).get_content()


def test_a_notice_goes_out_at_once_in_both_forms(portal, world, mail, scene, time):
    with scene():
        announce(world.participant, title="Ujian <b>besok</b> & lusa")
    work_off(portal)
    [one] = mail.received
    assert (one.to, one.message["To"]) == ([RATNA], RATNA)
    assert one.subject == "Pengumuman di Angkatan I: Ujian <b>besok</b> & lusa"
    assert "https://sinau.example.org/cohorts/1/announcements/1\n" in one.text
    assert "Ujian <b>besok</b> & lusa\n" in one.text
    html = html_of(one.message)
    assert "Ujian &lt;b&gt;besok&lt;/b&gt; &amp; lusa" in html
    assert 'href="https://sinau.example.org/cohorts/1/announcements/1"' in html
    with scene() as session:
        row = session.scalar(sa.select(Mail).where(Mail.sent_at.is_not(None)))
        assert (row.message_id, row.text, row.html) == (one.message["Message-ID"], "", "")
        assert left() == {"jobs": 0, "unsent": 0, "loose": 0, "notices": 1}


def test_it_can_be_ended_by_one_click(portal, world, mail, scene, time):
    with scene():
        announce(world.participant)
    work_off(portal)
    [one] = mail.received
    address = one.message["List-Unsubscribe"]
    assert address.startswith("<https://sinau.example.org/unsubscribe/")
    assert one.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address[1:-1] in one.text
    assert address[1:-1] in html_of(one.message)


def test_it_speaks_the_language_and_the_time_of_its_reader(portal, world, mail, scene, time):
    with scene() as session:
        reader = session.get(Person, world.participant)
        reader.language, reader.zone = "en", "Asia/Jayapura"
        actions.tell(
            world.participant, "deadline_moved", "d", "/x", assignment="Esai",
            until="2026-11-27T10:00:00+00:00",
        )  # fmt: skip
    work_off(portal)
    [one] = mail.received
    assert one.subject == "The deadline of Esai has moved: Fri, 27 Nov 2026 19:00 WIT"
    assert one.message["Content-Language"] == "en"
    assert one.text.startswith("Hello Ratna Wulandari,\n")


@pytest.mark.parametrize("decision", ["accepted", "revise"])
def test_what_a_mentor_decided_is_in_no_e_mail(portal, world, mail, scene, time, decision):
    with scene():
        release(world.participant, decision)
    work_off(portal)
    [one] = mail.received
    assert one.subject == "Ada umpan balik atas “Esai”, versi 1."
    for words in ("diterima", "perbaikan", "accepted", "revis"):
        assert words not in (one.text + html_of(one.message)).lower()


def test_a_digest_merges_what_came_until_its_hour(portal, world, mail, scene, time):
    with scene():
        for number in range(3):
            begin_mentorship(world.participant, number)
    work_off(portal)
    assert mail.received == []
    time.move_to(MORNING + timedelta(hours=21, minutes=29))
    work_off(portal)
    assert mail.received == []
    time.shift(timedelta(minutes=1))
    work_off(portal)
    [one] = mail.received
    assert one.subject == "Sinau: 3 pemberitahuan"
    assert one.text.count("Sri kini menjadi mentor Anda di Angkatan I.") == 3


def test_a_digest_leaves_out_what_was_read_meanwhile(portal, world, mail, scene, time):
    with scene():
        begin_mentorship(world.participant, 1)
        begin_mentorship(world.coach, 1)
    with scene():
        actions.mark_read(world.participant)
    time.shift(timedelta(days=1))
    work_off(portal)
    assert [one.to for one in mail.received] == [["coach@example.org"]]


def test_what_happens_in_a_quiet_hour_comes_when_it_ends(portal, world, mail, scene, time):
    time.move_to(NIGHT)
    with scene():
        announce(world.participant, 1)
        announce(world.participant, 2)
        change_password(world.participant)
    work_off(portal)
    [safety] = mail.received
    assert safety.subject == "Kata sandi Anda sudah diganti."
    assert safety.message["List-Unsubscribe"] is None
    time.shift(timedelta(hours=7))
    work_off(portal)
    assert [one.subject for one in mail.received[1:]] == ["Sinau: 2 pemberitahuan"]


def test_nobody_is_written_to_who_cannot_or_will_not_be(portal, world, mail, scene, time):
    with scene() as session:
        session.execute(sa.delete(SignInName).where(SignInName.name == RATNA))
        session.get(Person, world.classmate).deactivated_at = MORNING
        actions.choose(world.mentor, {"announcements": ("never", False)}, Rhythm())
        announce([world.participant, world.classmate, world.mentor, world.coach])
    work_off(portal)
    assert [one.to for one in mail.received] == [["coach@example.org"]]
    with scene():
        assert left() == {"jobs": 0, "unsent": 0, "loose": 0, "notices": 4}


def test_whoever_unsubscribes_gets_nothing_that_waits(portal, world, mail, scene, time):
    with scene():
        begin_mentorship(world.participant)
    with scene():
        actions.unsubscribe(world.participant, actions.optional_events())
    time.shift(timedelta(days=1))
    work_off(portal)
    assert mail.received == []
    with scene():
        assert left()["loose"] == 0


def test_what_is_hidden_in_the_portal_still_comes_by_e_mail(portal, world, mail, scene, time):
    with scene():
        actions.choose(world.coach, {"hand_ins": ("daily", True)}, Rhythm())
        actions.tell(
            world.coach, "submission_received", "s", "/reviews", who="Ratna", assignment="Esai",
            number=1,
        )  # fmt: skip
    with scene() as session:
        row = session.scalar(sa.select(Notice).filter_by(person_id=world.coach, key="s"))
        assert (row.is_hidden, row.read_at) == (True, MORNING)
    time.shift(timedelta(days=1))
    work_off(portal)
    assert [one.to for one in mail.received] == [["coach@example.org"]]


def test_the_same_event_is_told_and_sent_once(portal, world, mail, scene, time):
    for _ in range(3):
        with scene():
            announce([world.participant, world.coach])
        work_off(portal)
    assert sorted(one.to[0] for one in mail.received) == ["coach@example.org", RATNA]


def test_a_notice_that_is_rolled_back_goes_nowhere(portal, world, mail, time):
    with portal.app_context():
        announce(world.participant)
        db.session.rollback()
    work_off(portal)
    assert mail.received == []


def test_telling_many_asks_no_more_than_telling_one(portal, world, scene, queries, time):
    asked = []
    for number, people in ((1, [world.coach]), (2, [world.participant, world.mentor, world.chief])):
        with scene(), queries() as seen:
            announce(people, number)
        asked.append(len([one for one in seen if "SAVEPOINT" not in one]))
    # Hours, choices, notices, address book, deliveries, job.
    assert asked == [6, 6]


def test_a_server_that_is_busy_is_asked_again_later(portal, world, mail, scene, time):
    with scene():
        announce(world.participant)
    mail.refusal = "451 Come back later"
    work_off(portal)
    time.shift(wait_after(1))
    work_off(portal)
    mail.refusal = ""
    time.shift(wait_after(2) - timedelta(seconds=1))
    work_off(portal)
    assert mail.received == []
    time.shift(timedelta(seconds=1))
    work_off(portal)
    assert [one.to for one in mail.received] == [[RATNA]]


def test_a_server_that_says_never_is_not_asked_again(portal, world, mail, scene, time):
    with scene():
        announce(world.participant)
    mail.refusal = "550 No such user here"
    work_off(portal)
    with scene() as session:
        job = session.scalar(sa.select(Job).filter_by(kind="notices.send"))
        assert (job.tries, job.failed_at) == (1, MORNING)
        assert "550 No such user here" in job.last_error


@pytest.mark.parametrize(
    "address", ["ratna@example.org, eve@example.org", "ratna", "r@x\nBcc: e@x"]
)
def test_an_address_that_is_none_reaches_nobody(portal, world, mail, scene, time, address):
    with scene() as session:
        session.execute(sa.update(SignInName).where(SignInName.name == RATNA).values(name=address))
        announce(world.participant)
    work_off(portal)
    assert mail.received == []
    with scene() as session:
        job = session.scalar(sa.select(Job).filter_by(kind="notices.send"))
        assert job.failed_at == MORNING


def test_a_title_cannot_add_a_header(portal, world, mail, scene, time):
    with scene():
        announce(world.participant, title="a\r\nBcc: eve@example.org\x1b\u202e" + "b" * 300)
    work_off(portal)
    [one] = mail.received
    assert one.to == [RATNA]
    assert one.message["Bcc"] is None
    assert len(one.subject) == 150


def test_a_goodbye_that_fails_does_not_send_twice(portal, world, mail, scene, time, monkeypatch):
    def fail(_server):
        raise smtplib.SMTPResponseException(421, b"shutting down")

    monkeypatch.setattr(smtplib.SMTP, "quit", fail)
    with scene():
        announce(world.participant)
    work_off(portal)
    time.shift(timedelta(days=1))
    work_off(portal)
    assert [one.to for one in mail.received] == [[RATNA]]


def test_three_days_without_a_worker_come_as_one_digest_a_person(portal, world, mail, scene, time):
    people = [world.participant, world.coach]
    for day in range(3):
        with scene():
            announce(people, day)
            begin_mentorship(world.participant, day)
        time.shift(timedelta(days=1))
    work_off(portal)
    subjects = {one.to[0]: one.subject for one in mail.received}
    assert len(mail.received) == 2
    assert subjects == {
        RATNA: "Sinau: 6 pemberitahuan",
        "coach@example.org": "Sinau: 3 pemberitahuan",
    }
    time.shift(timedelta(days=3))
    work_off(portal)
    assert len(mail.received) == 2


def test_old_e_mails_are_forgotten_and_unsent_ones_are_kept(portal, world, mail, scene, time):
    with scene() as session:
        session.execute(sa.delete(Mail))  # that of the world, whose age is another each day
        announce(world.participant, 1)
    work_off(portal)
    mail.refusal = "550 No"
    with scene():
        announce(world.participant, 2)
    work_off(portal)
    time.shift(timedelta(days=61))
    with scene() as session:
        from portal.notices.jobs import forget

        forget()
        assert session.scalars(sa.select(Mail.subject)).all() == [
            "Pengumuman di Angkatan I: Jadwal ujian"
        ]
        assert count(Notice) == 2
