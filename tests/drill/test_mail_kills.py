"""The worker is killed at random moments while people are told things: no notice is lost, each
e-mail comes once, or once more with the same Message-ID for a kill."""

import os
import random
import subprocess
import sys
from collections import Counter

import pytest
import sqlalchemy as sa

from portal.notices import actions
from portal.notices.models import Delivery, Mail
from portal.notices.rules import Rhythm
from tests.notices.outgoing import announce, left
from tests.processes import ROOT, environment

KILLS = int(os.environ.get("DRILL_KILLS", "200"))
SLOWEST = 200


@pytest.fixture
def zygote(portal, mail, tmp_path):
    environ = environment(
        portal,
        tmp_path / "instance",
        PORTAL_SMTP_URL=mail.url,
        PORTAL_MAIL_FROM="Sinau <sinau@example.org>",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.drill.forked_worker"],
        env=environ,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"

    def worker(milliseconds: int | str) -> int:
        """The exit code of one more worker: -9 when it was killed."""
        process.stdin.write(f"{milliseconds}\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield worker
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


def test_killed_workers_lose_nothing_and_double_little(portal, world, mail, scene, zygote):
    people = [world.participant, world.coach, world.mentor]
    with scene():
        for person_id in people:
            hours = Rhythm(7, None, None)
            actions.choose(person_id, {"announcements": ("now", False)}, hours)
    dice = random.Random(20261125)
    killed = 0
    for number in range(KILLS):
        with scene():
            announce(people, number, title=f"Ujian {number}.")
        if number == 0:
            assert zygote("here") == 0
        killed += zygote(dice.randint(1, SLOWEST)) == -9
    for _ in range(3):
        assert zygote(0) == 0
    assert killed == KILLS
    came = Counter(one.message["Message-ID"] for one in mail.received)
    with scene() as session:
        sent = sa.select(Delivery.id, Mail.message_id).join(Mail, Mail.id == Delivery.mail_id)
        told_by = dict(session.execute(sent.where(Mail.sent_at.is_not(None))).all())
        assert len(told_by) == KILLS * len(people)
        assert set(told_by.values()) == set(came)
        assert left() == {"jobs": 0, "unsent": 0, "loose": 0, "notices": KILLS * len(people)}
    twice = sum(came.values()) - len(came)
    print(f"\n{KILLS} kills, {len(came)} e-mails, {twice} of them came once more")
    assert len(came) > len(people)
    assert twice <= killed
