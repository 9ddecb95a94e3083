"""The participant's pages: where they stand, their feedback, action items and dialogue."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal import clock
from portal.reviews.models import ActionItemStep, Message
from portal.reviews.stages import stage_of
from tests.reviews.scene import hand_in, released_review


@pytest.fixture
def places(world):
    here = f"/cohorts/{world.here}"
    return {
        "own": f"{here}/assignments/{world.here_essay}",
        "told": f"{here}/assignments/{world.here_report}",
        "theirs": f"{here}/participants/{world.participant}/assignments/{world.here_report}",
        "step": f"{here}/action-items/{world.here_action_item}/steps",
    }


@pytest.mark.parametrize(
    ("known", "key"),
    [
        ({"deadline_state": "not_open"}, "not_open"),
        ({"deadline_state": "open"}, "not_begun"),
        ({"deadline_state": "open", "has_draft": True}, "draft"),
        ({"deadline_state": "late", "has_draft": True}, "late"),
        ({"deadline_state": "closed"}, "closed"),
        ({"deadline_state": "open", "is_handed_in": True}, "handed_in"),
        ({"deadline_state": "closed", "is_handed_in": True, "review_begun": True}, "in_review"),
        ({"deadline_state": "open", "is_handed_in": True, "decision": "revise"}, "revise"),
        ({"deadline_state": "closed", "is_handed_in": True, "decision": "revise"}, "unrevised"),
        ({"deadline_state": "open", "is_handed_in": True, "decision": "accepted"}, "accepted"),
    ],
)
def test_where_somebody_stands(known, key):
    assert stage_of(**({"has_draft": False, "is_handed_in": False} | known)).key == key


def where(client, place) -> str:
    found = re.search(r'id="where">(.*?)</p>', client.get(place).text, re.DOTALL)
    return " ".join(found[1].split())


def test_the_first_line_says_where_i_stand(sign_in, places):
    assert where(sign_in("participant"), places["own"]).startswith("Versi 1 sedang ditinjau.")
    assert where(sign_in("classmate"), places["own"]).startswith("Belum dikumpulkan. Tenggat")
    assert where(sign_in("classmate"), places["told"]).startswith("Belum dibuka. Dibuka")
    assert where(sign_in("participant"), places["told"]).startswith(
        "Mentor Anda meminta perbaikan versi 1"
    )


def test_what_closed_without_the_new_version_is_no_task_any_more(sign_in, places, world, scene):
    with time_machine.travel(clock.now() + timedelta(days=90), tick=False):
        own = sign_in("participant")
        said = where(own, places["told"])
        assert "sudah lewat" in said
        home = own.get("/").text
        assert "Perbaiki dan kumpulkan lagi" not in home
        assert "Ditutup, tidak diperbaiki" in home
        draft = own.get(f"{places['told']}/draft").text
    assert "Anda masih dapat menyimpan draf di sini, tetapi tidak dapat mengumpulkannya" in draft
    assert "WA 0812 0000 0000" in draft


def test_an_action_item_is_done_then_confirmed(sign_in, places, scene):
    own, coach = sign_in("participant"), sign_in("coach")
    assert own.post(places["step"], data={"state": "confirmed"}).status_code == 303
    own.post(places["step"], data={"state": "done", "note": "Lihat halaman 4"})
    own.post(places["step"], data={"state": "done", "note": "Lihat halaman 4"})
    theirs, mine = coach.get(places["theirs"]).text, own.get(places["told"]).text
    assert "Lihat halaman 4" in theirs
    assert "Selesai menurut peserta" in theirs
    assert "Selesai; akan dikonfirmasi mentor" in mine
    assert "Selesai menurut peserta" not in mine
    coach.post(places["step"], data={"state": "reopened", "note": "Belum lengkap"})
    assert "Belum lengkap" in own.get(places["told"]).text
    own.post(places["step"], data={"state": "done"})
    coach.post(places["step"], data={"state": "confirmed"})
    with scene() as session:
        steps = session.scalars(sa.select(ActionItemStep.state).order_by(ActionItemStep.id)).all()
    assert steps == ["done", "reopened", "done", "confirmed"]


def test_open_items_stand_beside_the_next_version(sign_in, world, scene):
    with scene():
        second = hand_in(number=2, assignment="report").id
    coach = sign_in("coach")
    address = f"/cohorts/{world.here}/submissions/{second}/review"
    assert "Tindak lanjut yang dirilis" in coach.get(address).text
    step = f"/cohorts/{world.here}/action-items/{world.here_action_item}/steps"
    answer = coach.post(step, data={"state": "confirmed", "submission_id": str(second)})
    assert answer.location == address
    page = coach.get(address).text
    assert 'value="confirmed"' not in page


def test_the_dialogue_keeps_every_line_once(sign_in, places, scene, world):
    own, coach = sign_in("participant"), sign_in("coach")
    key = re.search(r'name="key"[^>]* value="([^"]+)"', own.get(places["told"]).text)[1]
    line = {"text": "Bolehkah data **tahun lalu**?", "key": key}
    for _again in range(2):
        assert own.post(f"{places['told']}/messages", data=line).status_code == 303
    page = coach.get(places["theirs"]).text
    assert "Bolehkah data <strong>tahun lalu</strong>?" in page
    key = re.search(r'name="key"[^>]* value="([^"]+)"', page)[1]
    answer = coach.post(f"{places['theirs']}/messages", data={"text": "Boleh.", "key": key})
    assert answer.status_code == 303
    assert "Boleh." in own.get(places["told"]).text
    with scene() as session:
        assert session.scalars(sa.select(Message.text).order_by(Message.id)).all() == [
            "Bolehkah data **tahun lalu**?", "Boleh.",
        ]  # fmt: skip
    empty = own.post(f"{places['told']}/messages", data={"text": " ", "key": key})
    assert empty.status_code == 422


def test_what_was_written_too_long_comes_back(sign_in, places):
    text = "Panjang " * 2000
    answer = sign_in("participant").post(
        f"{places['told']}/messages", data={"text": text, "key": "k" * 43}
    )
    assert answer.status_code == 422
    assert text.strip() in answer.text


@pytest.mark.parametrize("who", ["mentor", "administrator"])
def test_others_read_the_history_and_administrators_write_nothing(sign_in, places, who):
    page = sign_in(who).get(places["theirs"])
    assert page.status_code == 200
    assert "Umpan balik yang dirilis." in page.text
    assert ('name="key"' in page.text) == (who == "mentor")


@pytest.mark.parametrize("rows", [1, 3, 35])
def test_pages_cost_the_same_however_much_was_said(sign_in, world, scene, queries, places, rows):
    with scene() as session:
        for number in range(2, rows + 2):
            told = hand_in(number=number, assignment="report").id
            released_review(told, "coach")
            session.add(
                Message(
                    cohort_id=world.here, assignment_id=world.here_report, key=f"{number:043}",
                    participant_id=world.participant, author_id=world.coach, text="Halo",
                    sent_at=clock.now() + timedelta(seconds=number),
                )
            )  # fmt: skip
    own, coach = sign_in("participant"), sign_in("coach")
    own.get("/notices")
    review = f"/cohorts/{world.here}/submissions/{told}/review"
    counts = []
    for client, place in (
        (own, places["told"]),
        (own, f"/cohorts/{world.here}/assignments"),
        (own, f"/cohorts/{world.here}/feedback"),
        (coach, review),
        (coach, f"{review}?correct=1"),
        (coach, places["theirs"]),
    ):
        client.get(place)
        with queries() as seen:
            assert client.get(place).status_code == 200
        counts.append([one for one in seen if not one.startswith(("INSERT", "UPDATE"))])
    assert [len(one) for one in counts] == [10, 7, 7, 10, 11, 10]
