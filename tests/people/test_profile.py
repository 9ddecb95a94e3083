"""A person's own pages: choices, password, devices, record; links to enter; forgotten passwords."""

import re

import pytest
import sqlalchemy as sa

from portal import clock
from portal.database import db
from portal.jobs.models import Job
from portal.people import actions, queries
from portal.people.models import Person
from tests.world import PASSWORD

NEW = "kuda terbang malam"


def person(portal, person_id: int) -> Person:
    with portal.app_context():
        return db.session.get(Person, person_id)


def test_a_person_chooses_language_zone_and_colours(portal, world, sign_in):
    client = sign_in("participant")
    data = {"language": "en", "zone": "Asia/Jayapura", "theme": "dark"}
    assert client.post("/profile", data=data).location == "/profile"
    text = client.get("/profile").text
    assert '<html lang="en" data-theme="dark"' in text
    assert '<option selected value="Asia/Jayapura">' in text
    found = person(portal, world.participant)
    assert (found.language, found.zone, found.theme) == ("en", "Asia/Jayapura", "dark")
    assert " WIT" in client.get("/profile/journal").text
    client.post("/profile", data={"language": "", "zone": "", "theme": ""})
    assert 'data-theme="dark"' not in client.get("/profile").text


def test_a_choice_that_does_not_exist_is_refused(portal, world, sign_in):
    client = sign_in("participant")
    data = {"language": "xx", "zone": "Europe/Atlantis", "theme": "pink"}
    assert client.post("/profile", data=data).status_code == 422
    assert person(portal, world.participant).zone is None


def change(client, present=PASSWORD, new=NEW, again=None):
    return client.post(
        "/profile/password",
        data={
            "current_password": present,
            "new_password": new,
            "repeat_password": new if again is None else again,
        },
    )


def test_a_new_password_signs_the_other_devices_out(portal, world, sign_in):
    here, there = sign_in("participant"), sign_in("participant")
    assert change(here).location == "/profile"
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 303)
    fresh = portal.test_client()
    tries = [
        fresh.post("/sign-in", data={"name": "participant", "password": one}).status_code
        for one in (PASSWORD, NEW)
    ]
    assert tries == [422, 303]


@pytest.mark.parametrize(
    ("present", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW, "something else"),
        (PASSWORD, "1234567890", "1234567890"),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa"),
        (PASSWORD, "participant", "participant"),
        (PASSWORD, "password2026", "password2026"),
        (PASSWORD, "Wulandari1999", "Wulandari1999"),
        (PASSWORD, "x" * 201, "x" * 201),
        ("", "", ""),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(portal, world, sign_in, present, new, again):
    before = person(portal, world.participant).password_hash
    answer = change(sign_in("participant"), present, new, again)
    assert answer.status_code == 422
    assert person(portal, world.participant).password_hash == before
    assert new not in answer.text or not new


def test_the_present_password_cannot_be_guessed_at_an_open_screen(sign_in):
    client = sign_in("participant")
    assert [change(client, "wrong").status_code for _ in range(6)] == [422] * 5 + [429]


def test_devices_are_listed_and_can_be_signed_out(portal, world, sign_in):
    here, there = sign_in("classmate"), sign_in("classmate")
    text = here.get("/profile/sign-ins").text
    numbers = re.findall(r'action="/profile/sign-ins/(\d+)/remove"', text)
    assert len(numbers) == 2
    here.post("/profile/sign-ins/others/remove")
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 303)
    [mine] = re.findall(
        r'action="/profile/sign-ins/(\d+)/remove"', here.get("/profile/sign-ins").text
    )
    assert here.post(f"/profile/sign-ins/{mine}/remove").location == "/sign-in"
    assert here.get("/").status_code == 303


def test_the_record_of_the_account_tells_in_words(world, sign_in):
    client = sign_in("classmate")
    change(client)
    text = client.get("/profile/journal").text
    assert "Kata sandi baru dipilih" in text
    assert "people." not in text


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/profile", 2),
        ("/profile/password", 1),
        ("/profile/journal", 3),
        ("/profile/sign-ins", 2),
        ("/kept", 2),
        ("/notices", 3),
        ("/help", 1),
        ("/privacy", 1),
    ],
)
def test_queries_of_own_pages(sign_in, queries, path, count):
    client = sign_in("participant")
    with queries() as seen:
        assert client.get(path).status_code == 200
    assert len(seen) == count


def invitation(portal, person_id: int) -> str:
    with portal.app_context():
        db.session.info["readonly"] = False
        token = actions.invite(queries.person_by_id(person_id), by=None)
        db.session.commit()
    return token


def enter(client, token: str, password: str = NEW):
    data = {"new_password": password, "repeat_password": password}
    return client.post(f"/welcome/{token}", data=data)


def test_an_invitation_leads_in_once(portal, world, visitor):
    token = invitation(portal, world.classmate)
    for _ in range(3):
        page = visitor.get(f"/welcome/{token}")
        assert (page.status_code, "classmate@example.org" in page.text) == (200, True)
    assert enter(visitor, token, "short").status_code == 422
    assert enter(visitor, token).location == "/"
    assert visitor.get("/profile").status_code == 200
    assert person(portal, world.classmate).first_entered_at is not None
    again = portal.test_client()
    assert (again.get(f"/welcome/{token}").status_code, enter(again, token).status_code) == (
        410,
        410,
    )


def test_an_invitation_opened_in_somebody_elses_browser_enters_as_the_invited(
    portal, world, sign_in
):
    client = sign_in("mentor")
    assert enter(client, invitation(portal, world.classmate)).location == "/"
    assert "Bayu Prasetyo" in client.get("/profile").text


def jobs(portal) -> list[dict]:
    with portal.app_context():
        return list(
            db.session.scalars(sa.select(Job.payload).where(Job.kind == "people.mail_reset_link"))
        )


def ask(client, name: str):
    return client.post("/forgotten-password", data={"name": name})


def test_without_mail_a_forgotten_password_leads_to_the_administrator(portal, world, visitor):
    assert "administrator" in visitor.get("/forgotten-password").text
    assert ask(visitor, "participant").location == "/forgotten-password/sent"
    assert jobs(portal) == []


def test_with_mail_the_answer_is_the_same_for_everybody(portal, world, visitor, mail):
    answers = [ask(visitor, name) for name in ("participant", "nobody")]
    assert [one.location for one in answers] == ["/forgotten-password/sent"] * 2
    assert jobs(portal) == [{"person_id": world.participant}]


def test_links_cannot_be_asked_for_without_end(portal, world, visitor, mail):
    assert [ask(visitor, "participant").status_code for _ in range(4)] == [303, 303, 303, 429]
    assert len(jobs(portal)) == 3


def test_the_mail_holds_a_link_that_works(portal, world, visitor, mail, scene):
    from portal.people.mail import mail_reset_link

    with scene():
        mail_reset_link(world.participant)
    [one] = mail.received
    assert one.message["From"] == "Sinau <sinau@example.org>"
    assert one.to == ["participant@example.org"]
    assert one.subject == "Pilih kata sandi baru untuk Sinau"
    [token] = re.findall(r"https://sinau\.example\.org/welcome/(\S+)", one.text)
    assert enter(visitor, token).location == "/"


def test_a_person_who_signs_in_is_told_of_kept_texts(portal, world, visitor):
    visitor.post("/sign-in", data={"name": "participant", "password": PASSWORD})
    assert f'href="/kept/{world.kept_text}"' in visitor.get("/").text
    assert clock.now() > person(portal, world.participant).created_at
