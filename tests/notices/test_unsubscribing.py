"""Ending e-mails from the e-mail itself, signed in or not, and nothing else."""

import pytest
import sqlalchemy as sa

from portal.notices.events import EVENTS
from portal.notices.models import NoticeChoice
from portal.notices.queries import wishes_of
from portal.notices.unsubscribing import Scope, token_for
from portal.people.models import SignIn


@pytest.fixture
def address(portal, world, scene):
    def of(key: str | None) -> str:
        with scene():
            event = EVENTS[key] if key else None
            return f"/unsubscribe/{token_for(Scope(world.participant, event))}"

    return of


def channels(scene, person_id) -> dict[str, str]:
    with scene() as session:
        rows = session.execute(
            sa.select(NoticeChoice.event, NoticeChoice.mail).filter_by(person_id=person_id)
        )
        return dict(tuple(row) for row in rows)


def test_looking_ends_nothing(world, visitor, scene, address):
    answer = visitor.get(address("messages"))
    assert answer.status_code == 200
    assert "Pesan tentang sebuah tugas" in answer.text
    assert channels(scene, world.participant) == {}


def test_one_click_of_a_mail_program_ends_one_kind(world, visitor, scene, address):
    answer = visitor.post(
        address("messages"),
        data=b"List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200
    assert channels(scene, world.participant) == {"messages": "never"}
    visitor.post(address("messages"), forged=True)
    assert channels(scene, world.participant) == {"messages": "never"}


def test_a_digest_s_click_ends_all_but_the_safety_of_the_account(world, visitor, scene, address):
    assert visitor.post(address(None), forged=True).status_code == 200
    assert channels(scene, world.participant) == {
        key: "never" for key, one in EVENTS.items() if not one.is_vital
    }
    with scene():
        wishes = wishes_of([world.participant])
        assert wishes.mail(world.participant, EVENTS["account"]) == "now"


def test_it_keeps_what_was_chosen_for_the_portal(world, visitor, scene, address):
    from portal.notices import actions
    from portal.notices.rules import Rhythm

    with scene():
        actions.choose(world.participant, {"hand_ins": ("daily", True)}, Rhythm(9, None, None))
    visitor.post(address("hand_ins"), forged=True)
    with scene():
        wishes = wishes_of([world.participant])
        assert wishes.hides(world.participant, EVENTS["hand_ins"])
        assert wishes.rhythm(world.participant) == Rhythm(9, None, None)


def test_a_token_signs_nobody_in_and_shows_nobody(world, visitor, scene, address):
    page = visitor.get(address("messages")).text
    done = visitor.post(address("messages"), forged=True).text
    assert "Ratna" not in page + done
    assert "participant@example.org" not in page + done
    assert visitor.get("/profile/notices").status_code == 303
    with scene() as session:
        before = session.scalar(sa.select(sa.func.count(SignIn.id)))
    visitor.post(address("messages"), forged=True)
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(SignIn.id))) == before


def test_another_person_s_token_cannot_be_made(world, visitor, scene, address):
    token = address("messages").rsplit("/", 1)[1]
    other = address(None).rsplit("/", 1)[1]
    payload, _dot, signature = token.partition(".")
    for wrong in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        other.partition(".")[0] + "." + signature,
        payload,
        payload + ".",
        "." + signature,
        token + "x",
    ):
        assert visitor.post(f"/unsubscribe/{wrong}", forged=True).status_code == 404
        assert visitor.get(f"/unsubscribe/{wrong}").status_code == 404
    assert channels(scene, world.participant) == {}


def test_a_signature_made_for_something_else_opens_nothing(portal, world, visitor, scene):
    from itsdangerous import URLSafeSerializer

    serializer = URLSafeSerializer(portal.config["SECRET_KEY"], salt="something else")
    token = serializer.dumps([world.participant, "messages"])
    assert visitor.post(f"/unsubscribe/{token}", forged=True).status_code == 404


def test_it_is_the_only_address_that_asks_for_no_token_of_ours(portal):
    signed = {
        rule.rule
        for rule in portal.url_map.iter_rules()
        if getattr(portal.view_functions[rule.endpoint], "is_signed", False)
    }
    assert signed == {"/unsubscribe/<token>"}
