"""Invitations, reset links and deactivation, as actions that other pages use."""

from datetime import timedelta

import pytest

from portal import clock
from portal.database import db
from portal.people import actions, queries
from portal.texts import Refused


def test_an_invitation_is_good_until_it_expires(database_session, world):
    person = queries.person_by_id(world.participant)
    token = actions.invite(person, by=world.administrator)
    now = clock.now()
    assert queries.good_link(token, now).person is person
    assert queries.good_link(token, now + timedelta(days=14, seconds=1)) is None
    assert queries.good_link(token + "x", now) is None


def test_a_new_invitation_leaves_the_printed_one_good_and_a_new_reset_link_ends_the_old(
    database_session, world
):
    person = queries.person_by_id(world.participant)
    made = [actions.invite(person, by=None) for _ in range(2)]
    made += [actions.reset_link(person, by=None) for _ in range(2)]
    good = [queries.good_link(token, clock.now()) is not None for token in made]
    assert good == [True, True, False, True]


def test_a_new_password_ends_links_and_other_devices(database_session, world):
    person = queries.person_by_id(world.participant)
    token = actions.invite(person, by=None)
    devices = [actions.open_sign_in(person, address="192.0.2.1", device="x") for _ in range(2)]
    month = timedelta(days=30)
    shown = [queries.shown(one, now=clock.now(), idle=month, most=month) for one in devices]
    here = queries.live_sign_in(shown[0])
    actions.set_password(person, "hash", by=person.id, but=here.id)
    alive = [queries.live_sign_in(one) for one in shown]
    assert [one and one.id for one in alive] == [here.id, None]
    assert queries.good_link(token, clock.now()) is None


def test_a_deactivated_person_cannot_enter_by_any_door(portal, world, sign_in):
    client = sign_in("participant")
    with portal.app_context():
        db.session.info["readonly"] = False
        person = queries.person_by_id(world.participant)
        token = actions.invite(person, by=None)
        actions.deactivate(person, by=world.administrator)
        db.session.commit()
        assert queries.good_link(token, clock.now()) is None
        with pytest.raises(Refused):
            actions.invite(person, by=None)
    assert client.get("/").location == "/sign-in?next=/"
    with portal.app_context():
        db.session.info["readonly"] = False
        actions.reactivate(queries.person_by_id(world.participant), by=world.administrator)
        db.session.commit()
    assert client.get("/").location == "/sign-in?next=/"
    assert sign_in("participant").get("/").status_code == 200
