"""The fault matrix: whatever goes wrong, the text that comes back equals the text that was sent."""

import html
import re

import pytest
import sqlalchemy as sa

from portal import clock, create_app
from portal.cohorts.models import Enrolment
from portal.database import db
from portal.people.models import KeptText, SignIn
from tests.client import Inspector
from tests.submissions.work import JSON, drafts, submissions, typed_in
from tests.world import PASSWORD

TEXTS = {
    "plain": "Antrean di loket lama.\n\nWarga menunggu 47 menit.",
    "markup": '\n\n  </textarea><script>alert("1")</script> &amp; {{ 7*7 }} %s %(x)s \\n \n\n',
    "signs": "ꦱꦶꦤꦲꦸ \u202eterbalik\u202c e\u0301 👩🏽‍🏫 \u2028 \x0b\x0c\x1b[0m \x7f\t akhir ",
    "long": "Kalimat yang panjang sekali. " * 2000,
}


@pytest.fixture(params=TEXTS, ids=list(TEXTS))
def text(request) -> str:
    return TEXTS[request.param]


def stored(scene, world) -> list[str]:
    return [one.text for one in drafts(scene, world.classmate)]


def end_sign_ins(scene, person_id: int) -> None:
    with scene() as session:
        session.execute(
            sa.update(SignIn).where(SignIn.person_id == person_id).values(ended_at=clock.now())
        )


def fields_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form with this action, as a browser would send them again."""
    form = re.search(rf'<form action="{re.escape(action)}".*?</form>', page, re.S)[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]*name="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in hidden} | {
        name: typed_in(form, name) for name in areas
    }


def test_a_saved_text_comes_back_as_it_was_sent(desk, scene, world, text):
    work = desk()
    assert work.save(text).status_code == 303
    assert stored(scene, world) == [text]
    assert work.shown_text() == text


def test_browsers_send_other_line_ends_and_nothing_else_changes(desk, scene, world):
    desk().save("satu\r\ndua\rtiga\n")
    assert stored(scene, world) == ["satu\ndua\ntiga\n"]


def test_signed_out_meanwhile(desk, scene, world, text):
    work = desk()
    end_sign_ins(scene, world.classmate)
    answer = work.client.post(work.draft, data={"text": text, "revision": 0})
    assert answer.status_code == 303
    assert stored(scene, world) == []
    sign_in = {"name": "classmate", "password": PASSWORD}
    assert work.client.post(answer.location, data=sign_in).status_code == 303
    with scene() as session:
        (kept,) = session.scalars(
            sa.select(KeptText).where(KeptText.person_id == world.classmate)
        ).all()
    page = work.client.get(f"/kept/{kept.id}").text
    again = fields_of(page, work.draft)
    assert again["text"] == text
    assert work.client.post(work.draft, data=again).status_code == 303
    assert stored(scene, world) == [text]


def test_who_signs_in_next_never_sees_it(desk, scene, world):
    work = desk()
    end_sign_ins(scene, world.classmate)
    answer = work.client.post(work.draft, data={"text": "rahasia saya", "revision": 0})
    sign_in = {"name": "participant", "password": PASSWORD}
    work.client.post(answer.location, data=sign_in)
    with scene() as session:
        (kept,) = session.scalars(
            sa.select(KeptText).where(KeptText.person_id == world.classmate)
        ).all()
    assert work.client.get(f"/kept/{kept.id}").status_code == 404
    assert "rahasia saya" not in work.client.get("/kept").text
    assert "rahasia saya" not in work.page()


def test_never_signed_in_here(desk, visitor, scene, world, text):
    work = desk(client=visitor)
    answer = work.client.post(work.draft, data={"text": text, "revision": 0})
    assert answer.status_code == 401
    assert fields_of(answer.text, work.draft)["text"] == text
    visitor.sign_in(world.classmate)
    again = fields_of(answer.text, work.draft) | {"csrf_token": visitor.token()}
    assert visitor.post(work.draft, data=again).status_code == 303
    assert stored(scene, world) == [text]


@pytest.mark.parametrize("token", ["", "old", "IjEyMyI.aaaa.bbbb"])
def test_a_bad_or_old_token(desk, scene, world, text, token):
    work = desk()
    data = {"text": text, "revision": 0, "csrf_token": token}
    answer = work.client.post(work.draft, data=data, forged=True)
    assert answer.status_code == 400
    assert stored(scene, world) == []
    again = fields_of(answer.text, work.draft)
    assert again["text"] == text
    assert work.client.post(work.draft, data=again, forged=True).status_code == 303
    assert stored(scene, world) == [text]


def test_a_bad_token_of_the_autosave_is_answered_with_a_fresh_one(desk, scene, world, text):
    work = desk()
    data = {"text": text, "revision": 0, "csrf_token": "old"}
    answer = work.client.post(work.draft, data=data, headers=JSON, forged=True)
    assert answer.status_code == 400
    data["csrf_token"] = answer.json["token"]
    answer = work.client.post(work.draft, data=data, headers=JSON, forged=True)
    assert answer.status_code == 200
    assert stored(scene, world) == [text]


def test_an_autosave_after_the_sign_in_ended_is_kept_once(desk, scene, world):
    work = desk()
    work.page()
    end_sign_ins(scene, world.classmate)
    for text in ("Awal", "Awal dan lanjutan"):
        assert work.autosave(text, 0).status_code == 401
    with scene() as session:
        kept = session.scalars(
            sa.select(KeptText).where(KeptText.person_id == world.classmate)
        ).all()
    assert [dict(one.fields)["text"] for one in kept] == ["Awal dan lanjutan"]
    assert stored(scene, world) == []


def test_the_cut_off_passes_while_typing(desk, scene, world, set_dates, text):
    work = desk()
    work.save("Awal")
    set_dates(opens=-30, due=-20, closes=-1)
    assert work.save(text, revision=1).status_code == 303
    assert stored(scene, world) == [text]
    answer = work.hand_in()
    assert answer.status_code == 422
    assert "WA 0812 0000 0000" in answer.text
    assert submissions(scene, world.classmate) == []
    assert work.shown_text() == text


def test_the_person_has_left_the_cohort_meanwhile(desk, scene, world, text):
    work = desk()
    work.save("Awal")
    with scene() as session:
        session.execute(
            sa.update(Enrolment)
            .where(Enrolment.person_id == world.classmate)
            .values(left_at=clock.now())
        )
    answer = work.client.post(work.draft, data={"text": text, "revision": 1})
    assert answer.status_code == 404
    shown = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", answer.text, re.S)[1]
    assert html.unescape(shown).removeprefix("\n") == text
    assert stored(scene, world) == ["Awal"]
    with scene() as session:
        (kept,) = session.scalars(
            sa.select(KeptText).where(KeptText.person_id == world.classmate)
        ).all()
        assert dict(kept.fields)["text"] == text


def test_a_participant_who_became_a_mentor_meanwhile(desk, scene, world, text):
    work = desk()
    with scene() as session:
        session.execute(
            sa.update(Enrolment).where(Enrolment.person_id == world.classmate).values(role="mentor")
        )
    answer = work.client.post(work.draft, data={"text": text, "revision": 0})
    assert answer.status_code == 403
    with scene() as session:
        (kept,) = session.scalars(
            sa.select(KeptText).where(KeptText.person_id == world.classmate)
        ).all()
        assert dict(kept.fields)["text"] == text


def test_a_text_longer_than_the_assignment_takes_is_stored_and_not_handed_in(desk, scene, world):
    work = desk()
    text = "huruf " * 10_000
    assert work.save(text).status_code == 303
    assert work.shown_text() == text
    answer = work.hand_in()
    assert answer.status_code == 422
    assert "40.000 karakter" in answer.text or "40000 karakter" in answer.text
    assert stored(scene, world) == [text]


@pytest.mark.parametrize("headers", [None, JSON])
def test_more_than_the_server_takes_at_once(desk, scene, world, headers):
    work = desk()
    work.save("Sudah tersimpan")
    data = {"text": "x" * (27 * 1024 * 1024), "revision": 1}
    answer = work.client.post(work.draft, data=data, headers=headers)
    assert answer.status_code == 413
    assert stored(scene, world) == ["Sudah tersimpan"]
    if headers is None:
        assert "<h1>" in answer.text


def test_a_file_larger_than_the_assignment_takes(desk, scene, world):
    work = desk()
    work.save("Sudah tersimpan")
    answer = work.upload(b"%PDF-1.4 " + b"x" * (10 * 1024 * 1024))
    assert answer.status_code == 422
    assert typed_in(answer.text, "text") == "Sudah tersimpan"
    assert drafts(scene, world.classmate)[0].files == []
    answer = work.upload(b"%PDF-1.4 " + b"x" * (10 * 1024 * 1024), headers=JSON)
    assert (answer.status_code, " " in answer.json["error"]) == (422, True)


@pytest.mark.parametrize("headers", [None, JSON])
def test_a_file_larger_than_the_server_takes(desk, scene, world, headers):
    work = desk()
    work.save("Sudah tersimpan")
    answer = work.upload(b"%PDF-1.4 " + b"x" * (27 * 1024 * 1024), headers=headers)
    assert answer.status_code == 413
    if headers is None:
        assert 'href="/"' in answer.text
    else:
        assert " " in answer.json["error"]
    assert stored(scene, world) == ["Sudah tersimpan"]


def test_the_server_was_restarted_meanwhile(desk, portal, scene, world):
    text = TEXTS["markup"]
    work = desk()
    work.page()
    fresh = create_app(portal.config["SETTINGS"])
    fresh.test_client_class = Inspector
    client = fresh.test_client()
    old = work.client.get_cookie(portal.config["SESSION_COOKIE_NAME"])
    client.set_cookie(old.key, old.value)
    data = {"text": text, "revision": 0, "csrf_token": work.hidden("csrf_token")}
    answer = client.post(work.draft, data=data, forged=True)
    with fresh.app_context():
        db.engine.dispose()
    assert answer.status_code == 303
    assert stored(scene, world) == [text]


def test_a_request_without_its_text_empties_nothing(desk, scene, world, text):
    work = desk()
    work.save(text)
    answer = work.client.post(work.draft, data={"revision": 1})
    assert answer.status_code == 422
    assert stored(scene, world) == [text]


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999999999999", "7"])
def test_a_save_that_says_nothing_true_about_its_origin_overwrites_nothing(
    desk, scene, world, revision, text
):
    work = desk()
    work.save("Awal")
    answer = work.client.post(work.draft, data={"text": text, "revision": revision})
    assert answer.status_code == 409
    (draft,) = drafts(scene, world.classmate)
    assert (draft.text, [one.text for one in draft.copies]) == ("Awal", [text])


def test_a_double_click_saves_once_and_hands_in_once(desk, scene, world, text):
    work = desk()
    for _press in range(2):
        assert work.save(text[:15_000], revision=0).status_code == 303
    assert drafts(scene, world.classmate)[0].revision == 1
    new = f"{work.versions}/new"
    data = {"key": work.hidden("key", new), "seen": work.hidden("seen", new)}
    answers = [work.client.post(work.versions, data=data) for _press in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert [one.text for one in submissions(scene, world.classmate)] == [text[:15_000]]


def test_a_lost_reply_is_no_collision_with_oneself(desk, scene, world):
    work = desk()
    key = work.hidden("page_key")
    assert work.autosave("Awal", 0, page_key=key).status_code == 200
    answer = work.autosave("Awal dan lanjutan", 0, page_key=key)
    assert (answer.status_code, answer.json["revision"]) == (200, 2)
    answer = work.autosave("Awal yang diubah", 2, page_key=key)
    assert (answer.status_code, answer.json["revision"]) == (200, 3)
    (draft,) = drafts(scene, world.classmate)
    assert (draft.text, draft.copies) == ("Awal yang diubah", [])


def test_a_lost_reply_with_other_words_keeps_the_words_it_replaced(desk, scene, world):
    work = desk()
    key = work.hidden("page_key")
    work.autosave("Kalimat pertama", 0, page_key=key)
    assert work.autosave("Kalimat kedua", 0, page_key=key).status_code == 200
    (draft,) = drafts(scene, world.classmate)
    assert draft.text == "Kalimat kedua"
    assert [(one.text, one.settled_at is None) for one in draft.copies] == [
        ("Kalimat pertama", False)
    ]
    assert "Kalimat pertama" in work.page()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "besok", ""])
def test_a_day_that_cannot_be_is_no_error(desk, day):
    data = {"reason": "Tugas luar kota", "wanted_until": day}
    work = desk()
    answer = work.client.post(f"{work.work}/extension-requests", data=data)
    assert answer.status_code == (303 if day.startswith("9") else 422)
    assert work.client.get(f"{work.work}/extension-requests").status_code == 200


def test_an_error_in_the_middle_of_a_hand_in_leaves_nothing_half_done(desk, scene, world):
    work = desk()
    work.save("Siap dikumpulkan")
    work.upload()
    new = f"{work.versions}/new"
    data = {"key": work.hidden("key", new), "seen": work.hidden("seen", new)}
    rename = "ALTER TABLE {} RENAME TO {}"
    try:
        with scene() as session:
            session.execute(sa.text(rename.format("submission_file", "taken_away")))
        answer = work.client.post(work.versions, data=data)
        assert answer.status_code == 500
        assert "<h1>" in answer.text
    finally:
        with scene() as session:
            session.execute(sa.text(rename.format("taken_away", "submission_file")))
    assert submissions(scene, world.classmate) == []
    assert work.client.post(work.versions, data=data).status_code == 303
    assert [one.number for one in submissions(scene, world.classmate)] == [1]


def test_a_refused_request_for_more_time_comes_back(desk, text):
    work = desk()
    data = {"reason": text, "wanted_until": "2020-01-01"}
    answer = work.client.post(f"{work.work}/extension-requests", data=data)
    assert answer.status_code == 422
    assert typed_in(answer.text, "reason") == text
    assert 'value="2020-01-01"' in answer.text
