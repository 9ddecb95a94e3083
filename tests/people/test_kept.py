"""Nothing typed is lost: signed out meanwhile, bad token, standing changed meanwhile."""

import re

import pytest
import sqlalchemy as sa

from portal import clock
from portal.database import db
from portal.people.models import KeptText, SignIn
from tests.world import PASSWORD

TEXT = "Baris satu.\n\n  Baris dua «tanda» <b>&amp;</b> 🙂\t\\ %s {{ 7*7 }}\n"


def rows(portal, person_id: int) -> list[tuple]:
    with portal.app_context():
        found = db.session.scalars(
            sa.select(KeptText).filter_by(person_id=person_id).order_by(KeptText.id)
        ).all()
        return [(one.id, one.action, one.page, one.fields, one.reason) for one in found]


def end_sign_ins(portal, person_id: int) -> None:
    with portal.app_context(), db.engine.begin() as connection:
        now = sa.func.current_timestamp()
        connection.execute(
            sa.update(SignIn).where(SignIn.person_id == person_id).values(ended_at=now)
        )


@pytest.fixture
def kept(portal, world, sign_in):
    """The classmate's profile form, sent after the sign-in ended: (client, answer)."""
    client = sign_in("classmate")
    end_sign_ins(portal, world.classmate)
    answer = client.post(
        "/profile",
        data={"text": TEXT, "revision": "7"},
        headers={"Referer": "http://localhost/profile?from=here"},
    )
    return client, answer


def test_a_post_after_the_sign_in_ended_is_kept_and_leads_through_the_sign_in_page(
    portal, world, kept
):
    _client, answer = kept
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/profile?from%3Dhere")
    [(_id, action, page, fields, reason)] = rows(portal, world.classmate)
    assert (action, page, reason) == ("/profile", "/profile?from=here", "signed out")
    assert sorted(fields) == [["revision", "7"], ["text", TEXT]]


def test_after_signing_in_the_page_that_held_the_form_shows_the_way_to_the_text(
    portal, world, kept
):
    client, answer = kept
    data = {"name": "classmate", "password": PASSWORD, "next": "/profile?from=here"}
    answer = client.post("/sign-in", data=data)
    assert answer.location == "/profile?from=here"
    [(text_id, *_rest)] = rows(portal, world.classmate)
    assert f'href="/kept/{text_id}"' in client.get("/profile?from=here").text
    shown = client.get(f"/kept/{text_id}").text
    area = re.search(r'<textarea[^>]* name="text"[^>]*>\n(.*?)</textarea>', shown, re.S).group(1)
    assert area.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == TEXT
    assert '<input type="hidden" name="revision" value="7">' in shown
    assert 'action="/profile"' in shown


def test_another_person_who_signs_in_never_sees_it(portal, world, kept):
    client, _answer = kept
    client.post("/sign-in", data={"name": "stranger", "password": PASSWORD, "next": "/profile"})
    [(text_id, *_rest)] = rows(portal, world.classmate)
    pages = [client.get(path) for path in ("/profile", "/kept", f"/kept/{text_id}")]
    assert [one.status_code for one in pages] == [200, 200, 404]
    assert [("Baris satu" in one.text, 'href="/kept/' in one.text) for one in pages] == [
        (False, False)
    ] * 3
    assert client.post(f"/kept/{text_id}/remove").status_code == 404
    assert len(rows(portal, world.classmate)) == 1


def test_a_kept_text_that_was_sent_again_is_kept_no_longer(portal, world, sign_in):
    client = sign_in("participant")
    [(text_id, action, *_rest)] = rows(portal, world.participant)
    answer = client.post(action, data={"text": "x", "next": "/", "kept_text": str(text_id)})
    assert answer.status_code == 303
    assert rows(portal, world.participant) == []


@pytest.mark.parametrize("kept_text", ["", "x", "9" * 30, "-1", "999999"])
def test_a_wrong_number_of_a_kept_text_harms_nobody(portal, world, sign_in, kept_text):
    answer = sign_in("participant").post("/language", data={"kept_text": kept_text})
    assert answer.status_code == 303
    assert len(rows(portal, world.participant)) == 1


def test_sending_somebody_elses_number_leaves_their_text(portal, world, sign_in):
    [(text_id, *_rest)] = rows(portal, world.participant)
    sign_in("classmate").post("/language", data={"kept_text": str(text_id)})
    assert len(rows(portal, world.participant)) == 1


def test_a_kept_text_can_be_thrown_away(portal, world, sign_in):
    client = sign_in("participant")
    [(text_id, *_rest)] = rows(portal, world.participant)
    assert client.post(f"/kept/{text_id}/remove").location == "/kept"
    assert rows(portal, world.participant) == []


def test_the_same_text_twice_is_kept_once(portal, world, kept):
    client, _answer = kept
    client.post(
        "/profile",
        data={"text": TEXT, "revision": "7"},
        headers={"Referer": "http://localhost/profile?from=here"},
    )
    assert len(rows(portal, world.classmate)) == 1


def test_a_form_with_nothing_typed_is_not_kept(portal, world, sign_in):
    client = sign_in("classmate")
    end_sign_ins(portal, world.classmate)
    assert client.post("/profile", data={"revision": "3"}).location == "/sign-in?next=/"
    assert rows(portal, world.classmate) == []


def test_a_visitor_whom_we_do_not_know_keeps_the_page_with_the_text(portal, visitor):
    answer = visitor.post("/profile", data={"text": TEXT})
    assert answer.status_code == 401
    assert "Baris dua «tanda» &lt;b&gt;&amp;amp;&lt;/b&gt;" in answer.text


def test_a_text_for_a_place_that_is_closed_to_the_person_now_is_kept(portal, world, sign_in):
    client = sign_in("leaver")
    answer = client.post(f"/cohorts/{world.here}/imports", data={"reason": TEXT})
    assert answer.status_code == 404
    [(text_id, action, _page, fields, reason)] = rows(portal, world.leaver)
    assert (action, fields, reason) == (
        f"/cohorts/{world.here}/imports",
        [["reason", TEXT]],
        "refused",
    )
    assert f'href="/kept/{text_id}"' in answer.text
    assert "Baris satu." in answer.text


def test_a_password_is_never_kept(portal, world, sign_in):
    client = sign_in("classmate")
    end_sign_ins(portal, world.classmate)
    client.post(
        "/profile/password",
        data={"current_password": "a", "new_password": "b", "repeat_password": "b", "note": "x"},
    )
    [(_id, _action, _page, fields, _reason)] = rows(portal, world.classmate)
    assert fields == [["note", "x"]]


def test_a_bad_token_brings_everything_back_with_a_fresh_one(portal, world, sign_in):
    client = sign_in("participant")
    answer = client.post("/profile", data={"language": "en", "text": TEXT}, forged=True)
    assert answer.status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text).group(1)
    assert "Baris dua «tanda»" in answer.text
    again = {"csrf_token": token, "language": "en", "zone": "", "theme": ""}
    assert client.post("/profile", data=again, forged=True).status_code == 303


JSON = {"Accept": "application/json"}


def test_a_script_gets_a_fresh_token_or_the_way_to_sign_in(portal, world, sign_in):
    client = sign_in("classmate")
    answer = client.post("/profile", data={"text": TEXT}, headers=JSON, forged=True)
    assert (answer.status_code, sorted(answer.json)) == (400, ["error", "token"])
    fresh = {"csrf_token": answer.json["token"], "language": "", "zone": "", "theme": ""}
    assert client.post("/profile", data=fresh, forged=True).status_code == 303
    end_sign_ins(portal, world.classmate)
    for number in range(3):
        answer = client.post("/profile", data={"text": f"{number} {TEXT}"}, headers=JSON)
        assert (answer.status_code, answer.json["location"]) == (401, "/sign-in?next=/")
    [(_id, _action, _page, fields, reason)] = rows(portal, world.classmate)
    assert (fields, reason) == ([["text", f"2 {TEXT}"]], "unsaved")
    client.post("/profile", data={"text": f"3 {TEXT}"})
    [(_id, _action, _page, fields, reason)] = rows(portal, world.classmate)
    assert (fields, reason) == ([["text", f"3 {TEXT}"]], "signed out")


def test_what_two_devices_send_by_themselves_stands_side_by_side(portal, world, sign_in):
    client = sign_in("classmate")
    end_sign_ins(portal, world.classmate)
    for text, page_key in (("Telepon", "a"), ("Kantor", "b"), ("Telepon, lebih", "a")):
        client.post("/profile", data={"text": text, "page_key": page_key}, headers=JSON)
    kept = [fields for _id, _action, _page, fields, _reason in rows(portal, world.classmate)]
    assert sorted(dict(fields)["text"] for fields in kept) == ["Kantor", "Telepon, lebih"]


def test_the_list_asks_as_little_for_fifty_as_for_one(portal, world, sign_in, queries):
    client = sign_in("participant")
    counts = []
    for more in (0, 49):
        with portal.app_context(), db.engine.begin() as connection:
            for number in range(more):
                connection.execute(
                    sa.insert(KeptText).values(
                        person_id=world.participant,
                        action="/x",
                        page="/x",
                        fields=[["text", f"Teks {number}"]],
                        reason="refused",
                        created_at=clock.now(),
                    )
                )
        with queries() as seen:
            assert client.get("/kept").status_code == 200
        counts.append(len(seen))
    assert counts == [2, 2]
