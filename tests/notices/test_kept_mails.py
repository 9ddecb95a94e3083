"""Without a mail server, e-mails are kept for the portal's administrators."""

import pytest
import sqlalchemy as sa
import time_machine

from portal.notices.models import Mail
from tests.notices.outgoing import MORNING, announce, work_off


def test_what_would_be_sent_can_be_read(portal, world, sign_in, scene):
    with time_machine.travel(MORNING, tick=False):
        with scene():
            announce(world.participant, title="Ujian <b>besok</b>")
        work_off(portal)
    client = sign_in("chief")
    listed = client.get("/mail").text
    assert "Ujian &lt;b&gt;besok&lt;/b&gt;" in listed
    with scene() as session:
        mail_id, words = session.execute(
            sa.select(Mail.id, Mail.text).where(Mail.subject.contains("Ujian"))
        ).one()
    page = client.get(f"/mail/{mail_id}").text
    assert "participant@example.org" in page
    assert "Ujian <b>" not in page
    assert "/cohorts/1/announcements/1" in words
    assert 'href="http://127.0.0.1:8000/cohorts/1/announcements/1"' in page


def test_the_page_of_a_sent_e_mail_does_not_exist(portal, world, sign_in, scene, mail):
    with time_machine.travel(MORNING, tick=False):
        with scene():
            announce(world.participant)
        work_off(portal)
    with scene() as session:
        mail_id = session.scalar(sa.select(Mail.id).where(Mail.sent_at.is_not(None)))
    assert sign_in("chief").get(f"/mail/{mail_id}").status_code == 404


@pytest.mark.parametrize("count", [1, 3, 35, 350])
def test_the_list_asks_as_little_for_many_as_for_one(world, sign_in, scene, queries, count):
    with scene() as session:
        session.execute(sa.delete(Mail))
        session.add_all(
            Mail(
                person_id=world.participant,
                message_id=f"<{number}@x>",
                created_at=MORNING,
                kept_at=MORNING,
                address="a@example.org",
                subject=f"Surel {number}",
            )
            for number in range(count)
        )
    client = sign_in("chief")
    with queries() as seen:
        text = client.get("/mail").text
    # Sign-in, standing, the frame, the list, its length.
    assert (len(seen), text.count('class="row-title"')) == (4, min(count, 50))
