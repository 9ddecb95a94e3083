"""The page «What I am told»."""

import dataclasses
import threading

import pytest
import sqlalchemy as sa

from portal.database import db
from portal.notices import actions
from portal.notices.events import BY_KIND, EVENTS, TABLE
from portal.notices.models import NoticeChoice, NoticeRhythm
from portal.notices.queries import wishes_of
from portal.notices.rules import Rhythm
from tests.forms import forms_of


def form_in(answer):
    [found] = [one for one in forms_of(answer.text) if one.action == "/profile/notices"]
    return found


def test_it_shows_the_defaults_of_what_concerns_the_person(portal, world, sign_in):
    values = form_in(sign_in("participant").get("/profile/notices")).values
    assert (values["digest_hour"], values["quiet_from"], values["quiet_until"]) == ("7", "21", "5")
    shown = {name.removeprefix("mail_") for name in values if name.startswith("mail_")}
    mine = {one.key for one in TABLE if {"participant", "everybody"} & set(one.whom)}
    assert shown == mine - {"account"}
    assert all(values[f"mail_{key}"] == EVENTS[key].mail for key in shown)


def test_an_administrator_chooses_about_requests(portal, world, sign_in):
    values = form_in(sign_in("administrator").get("/profile/notices")).values
    assert values["mail_requests"] == "now"
    assert "mail_hand_ins" not in values


def test_what_was_chosen_holds_and_is_shown_again(portal, world, sign_in, scene):
    client = sign_in("coach")
    values = form_in(client.get("/profile/notices")).values
    chosen = {"mail_hand_ins": "weekly", "digest_hour": "16", "quiet_from": ""}
    values = {**values, **chosen}
    values.pop("shown_hand_ins", None)
    answer = client.post("/profile/notices", data=values)
    assert (answer.status_code, answer.location) == (303, "/profile/notices")
    again = form_in(client.get("/profile/notices")).values
    assert {name: again[name] for name in chosen} == chosen
    with scene():
        wishes = wishes_of([world.coach])
        hand_ins = EVENTS["hand_ins"]
        assert wishes.mail(world.coach, hand_ins) == "weekly"
        assert wishes.hides(world.coach, hand_ins)
        assert wishes.rhythm(world.coach) == Rhythm(16, None, None)
        assert wishes.mail(world.mentor, hand_ins) == "daily"


@pytest.mark.parametrize(
    ("field", "text"), [("mail_messages", "hourly"), ("digest_hour", "24"), ("quiet_from", "x")]
)
def test_a_choice_that_is_none_is_refused_beside_its_field(portal, world, sign_in, field, text):
    client = sign_in("participant")
    values = {**form_in(client.get("/profile/notices")).values, field: text}
    answer = client.post("/profile/notices", data=values)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_nobody_can_choose_not_to_be_told_of_the_safety_of_the_account(
    portal, world, sign_in, scene
):
    client = sign_in("participant")
    values = {**form_in(client.get("/profile/notices")).values, "mail_account": "never"}
    assert client.post("/profile/notices", data=values).status_code == 303
    with scene():
        assert wishes_of([world.participant]).mail(world.participant, EVENTS["account"]) == "now"


def test_it_says_that_there_is_no_address_or_no_server(portal, world, sign_in, scene, mail):
    client = sign_in("participant")
    assert "participant@example.org" in client.get("/profile/notices").text
    mailless = dataclasses.replace(portal.config["SETTINGS"], smtp_url="")
    portal.config["SETTINGS"], kept = mailless, portal.config["SETTINGS"]
    assert "belum mempunyai server surel" in client.get("/profile/notices").text
    portal.config["SETTINGS"] = kept
    with scene() as session:
        session.execute(sa.text("DELETE FROM sign_in_name WHERE kind = 'email'"))
    assert "Alamat surel Anda belum diketahui" in client.get("/profile/notices").text


def test_two_who_save_at_once_leave_one_choice(portal, world, scene):
    together = threading.Barrier(2)

    def save(channel):
        with portal.app_context():
            db.session.info["readonly"] = False
            together.wait()
            actions.choose(world.coach, {"hand_ins": (channel, False)}, Rhythm())
            db.session.commit()

    threads = [threading.Thread(target=save, args=(one,)) for one in ("never", "weekly")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(NoticeChoice)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(NoticeRhythm)) == 1


def test_the_profile_leads_there(portal, world, sign_in):
    assert 'href="/profile/notices"' in sign_in("participant").get("/profile").text


def test_no_event_stands_twice_in_the_table():
    assert len(EVENTS) == len(TABLE)
    assert len(BY_KIND) == sum(len(one.kinds) for one in TABLE)


def test_every_kind_of_notice_has_its_event_and_its_sentence(portal):
    """What features tell stands in the table and in the sentences, and nothing else does."""
    import ast
    import re

    from portal.config import ROOT

    told = set()
    for path in (ROOT / "portal").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"tell", "tell_all"}:
                kind = node.args[1]
                words = [kind] if isinstance(kind, ast.Constant) else []
                if isinstance(kind, ast.IfExp):
                    words = [kind.body, kind.orelse]
                told |= {ast.literal_eval(one) for one in words}
    sentences = (ROOT / "templates" / "notices" / "_sentence.html").read_text()
    written = set(re.findall(r'kind == "(\w+)"', sentences))
    assert written == set(BY_KIND)
    assert told - set(BY_KIND) == set()
