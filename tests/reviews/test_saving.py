"""Saving a review draft over HTTP: alone, by autosave, with a slip, together with others."""

import re

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Mentorship
from portal.reviews.models import ActionItem, Review, ReviewSave
from tests.reviews.scene import CANARY, hand_in, judged, seen

JSON = {"Accept": "application/json"}


def rows(scene, what, **where):
    with scene() as session:
        return session.scalars(sa.select(what).filter_by(**where)).all()


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)[1]


def test_looking_writes_nothing(sign_in, waiting, scene):
    submission_id, address = waiting
    sign_in("coach").get(address)
    assert rows(scene, Review, submission_id=submission_id) == []


def test_an_empty_autosave_begins_nothing(sign_in, waiting, scene):
    submission_id, address = waiting
    answer = sign_in("coach").post(address, data=seen(revision=0), headers=JSON)
    assert (answer.status_code, answer.json["revision"]) == (200, 0)
    assert rows(scene, Review, submission_id=submission_id) == []


def test_the_autosave_answers_with_what_was_stored(sign_in, waiting, scene):
    submission_id, address = waiting
    answer = sign_in("coach").post(address, data=judged(), headers=JSON)
    assert answer.status_code == 200
    assert sorted(answer.json) == ["holder", "number", "revision", "saved_at", "saved_text"]
    assert answer.json["revision"] == 1
    [review] = rows(scene, Review, submission_id=submission_id)
    assert (review.feedback, review.revision, review.released_at) == ("Kerja yang rapi.", 1, None)


def test_a_first_save_asks_for_nothing_that_cannot_be_there(sign_in, waiting, queries):
    """The second one reads what the first wrote, to compare it and to change it."""
    _id, address = waiting
    coach = sign_in("coach")
    coach.get(address)
    counts = []
    for number, text in enumerate(("Pertama.", "Kedua.")):
        with queries() as asked:
            answer = coach.post(address, data=judged(feedback=text, revision=number), headers=JSON)
        assert answer.json["revision"] == number + 1
        counts.append(sum(one.startswith("SELECT") for one in asked))
    assert counts == [8, 15]


def test_what_was_typed_stands_in_the_page_again(sign_in, waiting, world):
    _id, address = waiting
    coach = sign_in("coach")
    data = judged(
        value="85,5",
        decision="revise",
        revise_by="2031-05-06",
        item_0_text="Tambah data",
        item_0_due="2031-05-01",
        item_0_thread="x" * 22,
    )
    data[f"remark_{world.here_criterion_1}"] = "Catatan <b>saya</b>"
    assert coach.post(address, data=data).status_code == 303
    page = coach.get(address).text
    for words in ("85,5", "2031-05-06", "Tambah data", "2031-05-01", "Catatan &lt;b&gt;saya"):
        assert words in page
    assert hidden(page, "revision") == "1"


@pytest.mark.parametrize("value", ["delapan", "101", "85,123", "-1", "NaN"])
def test_a_wrong_number_brings_everything_back(sign_in, waiting, scene, value):
    submission_id, address = waiting
    answer = sign_in("coach").post(address, data=judged(value=value, feedback="Jangan hilang"))
    assert answer.status_code == 422
    assert value in answer.text
    assert "Jangan hilang" in answer.text
    assert rows(scene, Review, submission_id=submission_id) == []


def test_a_number_outside_its_level_is_kept_and_pointed_at(sign_in, waiting):
    _id, address = waiting
    coach = sign_in("coach")
    assert coach.post(address, data=judged(value="12")).status_code == 303
    assert "80,01" in coach.get(f"{address}/release").text
    assert 'action="' + address + '/release"' not in coach.get(f"{address}/release").text


def test_who_may_not_mark_does_not(sign_in, waiting, scene):
    submission_id, address = waiting
    supervisor = sign_in("mentor")
    assert 'type="radio" name="level_' not in supervisor.get(address).text
    answer = supervisor.post(address, data=judged(feedback="Tetap ada"))
    assert answer.status_code == 422
    assert "Tetap ada" in answer.text
    assert rows(scene, Review, submission_id=submission_id) == []
    plain = seen(revision=0) | {"feedback": "Dari atasan"}
    assert supervisor.post(address, data=plain).status_code == 303


def test_two_mentors_choose_part_by_part(sign_in, waiting, world, scene):
    submission_id, address = waiting
    coach, supervisor = sign_in("coach"), sign_in("mentor")
    assert coach.post(address, data=judged(feedback="Dari coach")).status_code == 303
    mine = seen(revision=0) | {
        "feedback": "Dari atasan",
        "decision": "revise",
        "revise_by": "2031-01-02",
        f"remark_{world.here_criterion_1}": "Catatan atasan",
    }
    answer = supervisor.post(address, data=mine)
    assert answer.status_code == 409
    for words in ("Dari coach", "Dari atasan", "Catatan atasan", "2031-01-02"):
        assert words in answer.text
    [review] = rows(scene, Review, submission_id=submission_id)
    assert (review.feedback, review.revision) == ("Dari coach", 1)
    kept = rows(scene, ReviewSave, review_id=review.id, revision=None)
    assert [one.content["feedback"] for one in kept] == ["Dari atasan"]

    again = mine | {
        "settle": "1",
        "number": hidden(answer.text, "number"),
        "revision": hidden(answer.text, "revision"),
        "choice_feedback": "both",
        "choice_decision": "theirs",
    }
    unsure = supervisor.post(address, data=again)
    assert unsure.status_code == 422, "the remark is not chosen yet"
    assert "Catatan atasan" in unsure.text
    again[f"choice_remark_{world.here_criterion_1}"] = "mine"
    assert supervisor.post(address, data=again).status_code == 303
    [review] = rows(scene, Review, submission_id=submission_id)
    assert (review.revision, review.decision) == (2, "accepted")
    assert "Dari coach" in review.feedback
    assert "Dari atasan" in review.feedback


def test_a_newer_version_is_told_before_anything_is_saved(sign_in, waiting, scene):
    submission_id, address = waiting
    coach = sign_in("coach")
    coach.post(address, data=judged(feedback="Sebelum"))
    with scene():
        hand_in(number=51)
    data = judged(revision="1", feedback="Sesudah", page_key="p" * 22)
    answer = coach.post(address, data=data, headers=JSON)
    assert (answer.status_code, answer.json) == (409, {"error": "conflict"})
    page = coach.post(address, data=data)
    assert page.status_code == 409
    for words in ("Versi yang lebih baru", "Sebelum", "Sesudah", "Lihat versi 51"):
        assert words in page.text
    [review] = rows(scene, Review, submission_id=submission_id)
    assert (review.feedback, review.revision) == ("Sebelum", 1)
    again = data | {"settle": "1", "newest": hidden(page.text, "newest"), "choice_feedback": "mine"}
    assert coach.post(address, data=again).status_code == 303
    [review] = rows(scene, Review, submission_id=submission_id)
    assert (review.feedback, review.revision) == ("Sesudah", 2)


def test_a_form_of_another_rubric_is_not_taken(sign_in, waiting, world, scene):
    submission_id, address = waiting
    coach = sign_in("coach")
    coach.post(address, data=judged(feedback="Benar"))
    other = judged(revision="1", feedback="Lain", rubric=str(world.elsewhere_rubric_version))
    assert coach.post(address, data=other).status_code == 409
    release = seen() | {"rubric": str(world.elsewhere_rubric_version)}
    assert coach.post(f"{address}/release", data=release).status_code == 409
    [review] = rows(scene, Review, submission_id=submission_id)
    assert (review.feedback, review.released_at) == ("Benar", None)


def test_the_autosave_of_the_slower_is_told_of_the_conflict(sign_in, waiting):
    _id, address = waiting
    sign_in("coach").post(address, data=judged())
    late = seen(revision=0) | {"feedback": "Terlambat"}
    answer = sign_in("mentor").post(address, data=late, headers=JSON)
    assert (answer.status_code, answer.json) == (409, {"error": "conflict"})


def test_a_lost_answer_is_no_conflict(sign_in, waiting, scene):
    submission_id, address = waiting
    coach = sign_in("coach")
    for words in ("satu", "satu", "satu dua"):
        answer = coach.post(address, data=judged(feedback=words, page_key="p" * 22), headers=JSON)
        assert answer.status_code == 200
    assert answer.json["revision"] == 2
    other_tab = judged(feedback="tab lain", page_key="q" * 22)
    assert coach.post(address, data=other_tab, headers=JSON).status_code == 409
    [review] = rows(scene, Review, submission_id=submission_id)
    assert review.feedback == "satu dua"


def test_an_item_keeps_its_name_and_forgets_a_foreign_one(sign_in, world, waiting, scene):
    _id, address = waiting
    coach = sign_in("coach")
    coach.post(address, data=judged(item_0_text="Satu", item_0_thread="a" * 22, add_item="1"))
    page = coach.get(address + "?rows=2").text
    assert page.count('name="item_') == 9, "three rows of three fields"
    removed = judged(revision="1", item_0_text="Satu", item_0_thread="a" * 22, remove_item="0")
    assert coach.post(address, data=removed).status_code == 303
    with scene() as session:
        foreign = session.scalar(sa.select(ActionItem.thread).filter_by(id=world.here_action_item))
    coach.post(address, data=judged(revision="2", item_0_text="Dua", item_0_thread=foreign))
    with scene() as session:
        found = session.scalars(sa.select(ActionItem.id).filter_by(thread=foreign)).all()
    assert found == [world.here_action_item], "an item of other work keeps its name to itself"


def test_after_the_mentorship_ended_nothing_is_written_and_the_text_is_shown(
    sign_in, waiting, world, scene
):
    submission_id, address = waiting
    coach = sign_in("coach")
    with scene() as session:
        session.execute(
            sa.update(Mentorship)
            .where(Mentorship.mentor_id == world.coach)
            .values(ended_at=Mentorship.starts_at)
        )
    answer = coach.post(address, data=judged(feedback="Tulisan yang panjang"))
    assert answer.status_code == 404
    assert "Tulisan yang panjang" in answer.text
    assert rows(scene, Review, submission_id=submission_id) == []


def test_the_history_of_saves_shows_all(sign_in, waiting):
    _id, address = waiting
    coach = sign_in("coach")
    coach.post(address, data=judged(feedback="Pertama"))
    coach.post(address, data=judged(revision="1", feedback="Kedua"))
    page = coach.get(f"{address}/saves").text
    assert "Pertama" in page
    assert "Kedua" in page
    assert CANARY not in page
