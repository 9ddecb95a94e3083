"""A sign-in from a device that was not used before is told, once."""

import sqlalchemy as sa

from portal.notices.models import Notice
from portal.people.models import Person
from tests.world import PASSWORD

CHROME = {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120.0"}


def sign_in_as(client, name: str):
    answer = client.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=CHROME)
    assert answer.status_code == 303
    return answer


def told(scene, person_id: int) -> list[str]:
    with scene() as session:
        rows = session.scalars(
            sa.select(Notice).filter_by(person_id=person_id, kind="new_device").order_by(Notice.id)
        )
        return [one.values["device"] for one in rows]


def test_the_first_sign_in_of_all_is_no_news(portal, world, scene):
    with scene() as session:
        session.get(Person, world.chief).first_entered_at = None
    sign_in_as(portal.test_client(), "chief")
    assert told(scene, world.chief) == []


def test_a_new_device_is_told_once(portal, world, scene):
    with scene() as session:
        session.get(Person, world.chief).first_entered_at = session.get(
            Person, world.chief
        ).created_at
    here, elsewhere = portal.test_client(), portal.test_client()
    sign_in_as(here, "chief")
    for _ in range(2):
        here.post("/sign-out")
        sign_in_as(here, "chief")
    assert told(scene, world.chief) == ["Chrome, Android"]
    sign_in_as(elsewhere, "chief")
    assert told(scene, world.chief) == ["Chrome, Android"] * 2


def test_a_device_that_several_share_knows_each_of_them(portal, world, scene):
    client = portal.test_client()
    with scene() as session:
        for person_id in (world.chief, world.coach):
            person = session.get(Person, person_id)
            person.first_entered_at = person.created_at
    for name in ("chief", "coach", "chief", "coach"):
        sign_in_as(client, name)
        client.post("/sign-out")
    assert len(told(scene, world.chief)) == len(told(scene, world.coach)) == 1


def test_a_forged_memory_of_a_device_counts_for_nothing(portal, world, scene):
    with scene() as session:
        person = session.get(Person, world.chief)
        person.first_entered_at = person.created_at
    client = portal.test_client()
    client.set_cookie("device", f"[{world.chief}].forged")
    sign_in_as(client, "chief")
    assert len(told(scene, world.chief)) == 1
