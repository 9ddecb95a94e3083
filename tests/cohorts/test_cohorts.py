"""Cohorts: the list, their settings, closing; and announcements."""

import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts.models import Announcement, Cohort, Organisation
from portal.notices.models import Notice
from portal.people.models import Person


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


def fields(**changes):
    return {"name": "Angkatan VI", "starts_on": "2026-06-01", "ends_on": "2026-09-01",
            "silent_days": "7", "unanswered_days": "5", "group_size": "7", "revision": "1",
            **changes}  # fmt: skip


def test_the_list_has_what_one_administers(sign_in, world):
    text = sign_in("administrator").get("/cohorts").text
    assert ("Angkatan here" in text, "Angkatan elsewhere" in text) == (True, False)
    text = sign_in("chief").get("/cohorts").text
    assert ("Angkatan here" in text, "Angkatan elsewhere" in text) == (True, True)
    assert "Angkatan here" not in sign_in("mentor").get("/cohorts").text


def test_settings_are_saved_once_per_revision(administrator, world, look):
    page = f"/cohorts/{world.here}/edit"
    assert administrator.post(page, data=fields()).status_code == 303
    late = administrator.post(page, data=fields(name="Angkatan VII"))
    assert late.status_code == 409
    assert "Yang tersimpan sekarang" in late.text
    assert 'value="Angkatan VII"' in late.text
    assert look(sa.select(Cohort.name, Cohort.revision).filter_by(id=world.here)) == [
        ("Angkatan VI", 2)
    ]
    assert 'name="revision" value="2"' in late.text
    assert administrator.post(page, data=fields(name="VII", revision="2")).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "Angkatan sibling"},
        {"ends_on": "2026-05-01"},
        {"starts_on": "x"},
        {"silent_days": "0"},
        {"unanswered_days": "x"},
        {"group_size": "101"},
    ],
)
def test_settings_that_cannot_be_are_refused(administrator, world, look, change):
    answer = administrator.post(f"/cohorts/{world.here}/edit", data=fields(**change))
    assert answer.status_code == 422
    assert look(sa.select(Cohort.name).filter_by(id=world.here)) == ["Angkatan here"]


def test_the_list_says_where_each_cohort_stands(administrator, world, scene):
    def state_of(**changes):
        with scene() as session:
            for name, value in changes.items():
                setattr(session.get_one(Cohort, world.here), name, value)
            session.execute(sa.update(Person).values(first_entered_at=clock.now()))
        text = administrator.get("/cohorts").text
        return re.sub(r"<[^>]+>", " ", text.partition("Angkatan here")[2].partition("</li>")[0])

    day = clock.now().date()
    assert "berjalan" in state_of()
    assert "mulai" in state_of(starts_on=day + timedelta(days=9), ends_on=day + timedelta(days=40))
    past = state_of(starts_on=day - timedelta(days=40), ends_on=day - timedelta(days=9))
    assert "lewat hari terakhir" in past
    assert "ditutup" in state_of(closed_at=clock.now())


def about(**changes):
    return {"name": "BKPSDM Kota Batu", "zone": "Asia/Makassar", "contact": "WA 0813", **changes}


def test_an_organisation_is_made_where_there_is_none(sign_in, world, look, scene):
    chief = sign_in("chief")
    assert "/organisations/new" in chief.get("/cohorts").text
    assert "/organisations/new" not in sign_in("administrator").get("/cohorts").text
    assert chief.post("/organisations", data=about()).status_code == 303
    rows = sa.select(Organisation.zone, Organisation.contact).filter_by(name="BKPSDM Kota Batu")
    assert look(rows) == [("Asia/Makassar", "WA 0813")]
    for wrong in (about(), about(name=""), about(name="Lain", zone="Mars")):
        answer = chief.post("/organisations", data=wrong)
        assert (answer.status_code, "WA 0813" in answer.text) == (422, True)
    assert look(sa.select(sa.func.count(Organisation.id))) == [3]
    assert "BKPSDM Kota Batu" in chief.get("/cohorts").text


def test_what_is_written_about_an_organisation_is_saved_once_per_revision(
    administrator, world, look
):
    page = f"/organisations/{world.organisation}/edit"
    assert "BKPSDM Kota Malang" in administrator.get(page).text
    assert administrator.post(page, data=about(revision="1")).status_code == 303
    late = administrator.post(page, data=about(name="Terlambat", revision="1"))
    assert (late.status_code, 'value="Terlambat"' in late.text) == (409, True)
    taken = administrator.post(page, data=about(name="BKPSDM Denpasar", revision="2"))
    assert taken.status_code == 422
    rows = sa.select(Organisation.name, Organisation.revision).filter_by(id=world.organisation)
    assert look(rows) == [("BKPSDM Kota Batu", 2)]


def test_two_change_an_organisation_at_once(world, sign_in, look):
    clients = [sign_in("administrator"), sign_in("chief")]
    page = f"/organisations/{world.organisation}/edit"
    for client in clients:
        client.get(page)
    barrier, answers = threading.Barrier(2), []

    def save(client, name):
        barrier.wait()
        answers.append(client.post(page, data=about(name=name, revision="1")).status_code)

    threads = [threading.Thread(target=save, args=one) for one in zip(clients, "AB", strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303, 409]
    assert look(sa.select(Organisation.revision).filter_by(id=world.organisation)) == [2]


def test_closing_needs_to_be_meant_and_can_be_undone(administrator, world, look):
    page = f"/cohorts/{world.here}"
    closed = sa.select(Cohort.closed_at.is_not(None)).filter_by(id=world.here)
    assert administrator.post(f"{page}/closing").status_code == 422
    assert look(closed) == [False]
    assert administrator.post(f"{page}/closing", data={"sure": "yes"}).status_code == 303
    assert look(closed) == [True]
    assert administrator.get(f"{page}/edit").status_code == 200
    assert administrator.post(f"{page}/reopening").status_code == 303
    assert look(closed) == [False]


def test_an_announcement_reaches_everybody_here_once(administrator, sign_in, world, look):
    page = f"/cohorts/{world.here}/announcements"
    sent = {"title": "Libur", "body": "Besok **libur** <script>alert(1)</script>"}
    address = administrator.post(page, data=sent).location
    told = look(sa.select(Notice.person_id).filter_by(kind="announcement"))
    expected = [
        getattr(world, one)
        for one in ("participant", "classmate", "mentor", "coach", "other_mentor")
    ]
    assert sorted(told) == sorted(expected)
    for who in ("participant", "mentor"):
        text = sign_in(who).get(address).text
        assert "<strong>libur</strong>" in text
        assert "<script>alert" not in text
    assert sign_in("stranger").get(address).status_code == 404


@pytest.mark.parametrize(
    "sent", [{"title": "Libur"}, {"body": "x"}, {"title": "x" * 201, "body": "isi"}]
)
def test_a_refused_announcement_keeps_what_was_typed(administrator, world, look, sent):
    before = look(sa.select(sa.func.count(Announcement.id)))
    answer = administrator.post(f"/cohorts/{world.here}/announcements", data=sent)
    assert answer.status_code == 422
    assert all(text in answer.text for text in sent.values())
    assert look(sa.select(sa.func.count(Announcement.id))) == before


@pytest.mark.parametrize("rows", [1, 3, 35, 350])
def test_the_lists_take_the_same_queries(portal, world, administrator, queries, rows):
    from datetime import date

    from portal import clock
    from portal.database import db

    with portal.app_context():
        db.session.info["readonly"] = False
        here = db.session.get(Cohort, world.here)
        for number in range(rows):
            db.session.add(
                Cohort(
                    organisation_id=here.organisation_id,
                    course_id=here.course_id,
                    name=f"Angkatan {number}",
                    starts_on=date(2026, 1, 1),
                    ends_on=date(2026, 2, 1),
                    created_at=clock.now(),
                )
            )
            db.session.add(
                Announcement(
                    cohort_id=here.id,
                    author_id=world.administrator,
                    title=f"Kabar {number}",
                    body="x",
                    published_at=clock.now(),
                )
            )
        db.session.commit()
        db.session.remove()
    with queries() as seen:
        administrator.get("/cohorts")
    first = len(seen)
    with queries() as seen:
        administrator.get(f"/cohorts/{world.here}/announcements")
    # The announcements, and how many have read them.
    assert (first, len(seen)) == (4, 3)
