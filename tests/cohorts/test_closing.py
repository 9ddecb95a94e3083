"""A cohort is closed while people write in it: what was under way is kept, what comes later is
refused with the words at hand."""

import re
import threading

import pytest
import sqlalchemy as sa

from portal.cohorts.membership import close
from portal.cohorts.models import Cohort
from portal.cohorts.queries import stays_open
from portal.submissions.models import Draft
from tests.submissions.work import Desk

A_WHILE = 0.5
"""Seconds in which somebody who need not wait has long been answered."""


@pytest.fixture
def begun():
    """``begun(job)``: do it in a thread; what it returned stands in the list once it has ended."""
    threads = []

    def begin(job):
        answers = []
        thread = threading.Thread(target=lambda: answers.append(job()))
        threads.append(thread)
        thread.start()
        thread.join(A_WHILE)
        return thread, answers

    yield begin
    for one in threads:
        one.join(60)


def test_a_draft_that_comes_while_the_cohort_is_closed_is_refused_and_kept(
    world, sign_in, scene, begun
):
    desk = Desk(sign_in("classmate"), world.here, world.here_essay)
    desk.save("Yang pertama")
    with scene() as session:
        close(session.get_one(Cohort, world.here), world.administrator)
        session.flush()
        thread, answers = begun(lambda: desk.save("Kalimat terakhir"))
        assert thread.is_alive(), "it waits for the closing, which is not committed yet"
    thread.join(60)
    assert answers[0].status_code == 423
    with scene() as session:
        texts = session.scalars(sa.select(Draft.text).filter_by(person_id=world.classmate)).all()
    assert texts == ["Yang pertama"]
    [kept] = re.findall(r'href="(/kept/\d+)"', desk.client.get("/kept").text)
    assert "Kalimat terakhir" in desk.client.get(kept).text


def test_closing_waits_for_what_is_being_written(world, sign_in, scene, begun):
    administrator = sign_in("administrator")
    page = f"/cohorts/{world.here}"
    administrator.get(f"{page}/edit")
    with scene() as session:
        assert stays_open(world.here)
        session.execute(
            sa.update(Draft).where(Draft.cohort_id == world.here).values(text="Sudah di jalan")
        )
        thread, answers = begun(lambda: administrator.post(f"{page}/closing", data={"sure": "y"}))
        assert thread.is_alive(), "it waits for the one who writes"
    thread.join(60)
    assert answers[0].status_code == 303
    with scene() as session:
        assert session.get_one(Cohort, world.here).closed_at
        assert not stays_open(world.here)


def test_two_write_in_a_cohort_without_waiting_for_each_other(
    database, world, sign_in, scene, begun
):
    """On SQLite there is one writer at a time in any case."""
    desk = Desk(sign_in("classmate"), world.here, world.here_essay)
    desk.save("Yang pertama")
    with scene():
        assert stays_open(world.here)
        thread, answers = begun(lambda: desk.save("Yang kedua"))
        assert thread.is_alive() == (database == "sqlite")
    thread.join(60)
    assert answers[0].status_code in (200, 303)
