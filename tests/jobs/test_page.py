"""The administrator's page of what was given up: seen, explained, tried again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal import clock
from portal.jobs.actions import enqueue
from portal.jobs.explanations import explanation
from portal.jobs.models import Job
from portal.jobs.rules import wait_after
from portal.jobs.worker import run_free_jobs
from tests.notices.outgoing import MORNING, announce


@pytest.fixture
def given_up(portal, scene):
    """A job that failed at every try; its id."""
    with time_machine.travel(MORNING, tick=False) as time:
        with scene():
            enqueue("tests.bad")
        for tries in (1, 2, 3):
            run_free_jobs(portal)
            time.shift(wait_after(tries))
    with scene() as session:
        return session.scalar(sa.select(Job.id).where(Job.failed_at.is_not(None)))


def test_it_is_listed_with_its_reason(world, sign_in, given_up):
    page = sign_in("chief").get("/jobs").text
    assert "tests.bad" in page
    assert "RuntimeError: no paper in the printer" in page
    assert "dicoba 3 kali" in page


def test_it_is_tried_again_as_often_as_at_first(portal, world, sign_in, scene, given_up):
    client = sign_in("chief")
    assert client.post(f"/jobs/{given_up}/retry").location == "/jobs"
    with scene() as session:
        job = session.get(Job, given_up)
        assert (job.failed_at, job.tries, job.lease_until) == (None, 0, None)
    assert client.post(f"/jobs/{given_up}/retry").status_code == 404
    assert run_free_jobs(portal) == 1


def test_all_are_tried_again(portal, world, sign_in, scene, given_up):
    assert sign_in("chief").post("/jobs/retries").location == "/jobs"
    with scene() as session:
        assert session.scalars(sa.select(Job.id).where(Job.failed_at.is_not(None))).all() == []


def test_it_is_taken_off_the_list(portal, world, sign_in, scene, given_up):
    client = sign_in("chief")
    assert client.post(f"/jobs/{given_up}/removal").location == "/jobs"
    with scene() as session:
        assert session.get(Job, given_up) is None
    assert client.post(f"/jobs/{given_up}/removal").status_code == 404


def test_what_is_not_given_up_cannot_be_taken_off(portal, world, sign_in, scene):
    with scene() as session:
        enqueue("tests.note", key="waiting")
        session.flush()
        job_id = session.scalar(sa.select(Job.id).filter_by(key="waiting"))
    assert sign_in("chief").post(f"/jobs/{job_id}/removal").status_code == 404
    with scene() as session:
        assert session.get(Job, job_id) is not None


def test_an_e_mail_goes_out_once_its_address_was_mended(portal, world, sign_in, scene, mail):
    name = "UPDATE sign_in_name SET name = '{}' WHERE folded = 'participant@example.org'"
    with time_machine.travel(MORNING, tick=False):
        with scene() as session:
            session.execute(sa.text(name.format("no address")))
            announce(world.participant)
        run_free_jobs(portal)
        client = sign_in("chief")
        page = client.get("/jobs").text
        assert "Mengirim surel" in page
        assert "Mencoba lagi tidak mengubah apa pun" in page
        with scene() as session:
            session.execute(sa.text(name.format("ratna@example.org")))
        client.post("/jobs/retries")
        run_free_jobs(portal)
    assert [one.to for one in mail.received] == [["ratna@example.org"]]


def test_jobs_that_nobody_works_off_are_pointed_at(portal, world, sign_in, scene):
    with scene():
        enqueue("tests.note", due_at=clock.now() - timedelta(hours=1))
    assert "Apakah pekerja berjalan?" in sign_in("chief").get("/jobs").text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("Traceback\nConnectionRefusedError: [Errno 111] refused", "could not be reached"),
        ("smtplib.SMTPAuthenticationError: (535, b'no')", "user name and password"),
        ("portal.jobs.handlers.Hopeless: the mail server refused it: 550", "changes nothing"),
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("The worker died at every try.", "want of memory"),
        ("nobody handles jobs of the kind 'x'", "does not know"),
        ("KeyError: 'x'", "Something unexpected"),
        ("", "Something unexpected"),
    ],
)
def test_a_reason_is_told_in_words(portal, error, words):
    from flask_babel import force_locale

    with portal.test_request_context(), force_locale("en"):
        assert words in str(explanation(error))


@pytest.mark.parametrize("count", [1, 3, 35, 350])
def test_the_list_asks_as_little_for_many_as_for_one(world, sign_in, scene, queries, count):
    with scene() as session:
        session.add_all(
            Job(
                kind="tests.bad", payload={}, created_at=MORNING, due_at=MORNING,
                failed_at=MORNING, tries=3, last_error="KeyError: 'x'",
            )
            for _ in range(count)
        )  # fmt: skip
    client = sign_in("chief")
    with queries() as seen:
        text = client.get("/jobs").text
    # Sign-in, standing, the frame, the list, the counts.
    assert (len(seen), text.count('id="job-')) == (5, min(count, 50))
