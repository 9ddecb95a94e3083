"""Notices in the portal."""

import pytest

from portal.database import db
from portal.notices.actions import tell


def told(portal, person_id: int, *paths: str) -> None:
    with portal.app_context():
        db.session.info["readonly"] = False
        for number, path in enumerate(paths):
            tell(person_id, "announcement", f"key {number} {path}", path, cohort="A", title="B")
        db.session.commit()


def unread_in(answer) -> str:
    menu = answer.text.split('class="menu-name"')[1].split("</summary>")[0]
    return menu.split('class="badge">')[1].split("<")[0] if "badge" in menu else ""


def test_unread_notices_are_counted_in_the_frame_and_in_the_title(portal, world, sign_in):
    client = sign_in("participant")
    assert unread_in(client.get("/")) == ""
    told(portal, world.participant, "/help", "/privacy#who")
    assert unread_in(client.get("/")) == "2"
    assert "<title>(2) Pemberitahuan" in client.get("/notices").text


def test_opening_the_page_a_notice_leads_to_reads_it(portal, world, sign_in):
    client = sign_in("participant")
    told(portal, world.participant, "/help", "/privacy#who", "/helpful")
    client.get("/help", headers={"Sec-Purpose": "prefetch"})
    assert unread_in(client.get("/notices")) == "3"
    client.get("/help")
    assert unread_in(client.get("/notices")) == "2"
    client.get("/privacy?x=1")
    assert unread_in(client.get("/notices")) == "1"


def test_all_can_be_marked_as_read_and_nobody_elses(portal, world, sign_in):
    told(portal, world.participant, "/a", "/b")
    told(portal, world.mentor, "/a")
    client = sign_in("participant")
    assert client.post("/notices/readings").location == "/notices"
    assert unread_in(client.get("/notices")) == ""
    assert unread_in(sign_in("mentor").get("/")) == "1"


@pytest.mark.parametrize("count", [1, 3, 35, 350])
def test_the_list_asks_as_little_for_many_as_for_one(portal, world, sign_in, queries, count):
    told(portal, world.participant, *(f"/p/{number}" for number in range(count)))
    client = sign_in("participant")
    with queries() as seen:
        text = client.get("/notices").text
    # Sign-in, the frame, the list, its length.
    assert (len(seen), text.count('class="row-title"')) == (3, min(count, 50))


@pytest.mark.parametrize("start", ["-1", "x", "9" * 30, "49"])
def test_a_wild_place_in_the_list_is_a_page(portal, world, sign_in, start):
    told(portal, world.participant, "/a")
    assert sign_in("participant").get(f"/notices?from={start}").status_code == 200
