"""Two windows, one draft: both texts are shown, and the person decides."""

import html
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from portal.submissions.models import Draft
from tests.submissions.work import JSON, drafts, typed_in

PC = "Naskah dari komputer\nbaris kedua"
PHONE = "Naskah dari telepon <b>"


@pytest.fixture
def collided(desk, scene, world):
    """The PC has saved; then the phone, which knew nothing of it."""
    work = desk()
    work.save(PC, revision=0)
    answer = work.save(PHONE, revision=0)
    assert answer.status_code == 409
    work.answer = answer.text
    (draft,) = drafts(scene, world.classmate)
    work.copy = f"{work.draft}/copies/{draft.copies[0].id}"
    return work


def test_both_texts_are_shown_side_by_side(collided):
    for page in (collided.answer, collided.page()):
        assert html.escape(PHONE) in page
        assert typed_in(page, "text") == PC
        assert page.count("compare-side") == 2


def test_pressing_save_again_makes_no_third_text(collided, scene, world):
    assert collided.save(PHONE, revision=0).status_code == 409
    assert len(drafts(scene, world.classmate)[0].copies) == 1


def test_more_words_on_the_same_page_replace_the_fewer(collided, scene, world):
    assert collided.save(f"{PHONE} dan lanjutan", revision=0).status_code == 409
    (draft,) = drafts(scene, world.classmate)
    assert [one.text for one in draft.copies] == [f"{PHONE} dan lanjutan"]


def test_the_same_text_from_two_windows_is_no_collision(desk, scene, world):
    work = desk()
    work.save(PC, revision=0)
    assert work.save(PC, revision=0).status_code == 303
    assert drafts(scene, world.classmate)[0].copies == []


def test_the_autosave_is_told_and_the_text_is_kept(desk, scene, world):
    work = desk()
    work.save(PC, revision=0)
    answer = work.autosave(PHONE, 0)
    assert (answer.status_code, "error" in answer.json) == (409, True)
    (draft,) = drafts(scene, world.classmate)
    assert (draft.text, [one.text for one in draft.copies]) == (PC, [PHONE])


@pytest.mark.parametrize(
    ("choice", "text", "aside"),
    [("keep", PC, {PHONE}), ("use", PHONE, {PHONE, PC}), ("join", f"{PC}\n\n{PHONE}", {PHONE})],
)
def test_the_choice_holds_and_nothing_is_thrown_away(collided, scene, world, choice, text, aside):
    answer = collided.client.post(collided.copy, data={"choice": choice, "revision": 1})
    assert answer.status_code == 303
    (draft,) = drafts(scene, world.classmate)
    assert draft.text == text
    assert {one.text for one in draft.copies} == aside
    assert all(one.settled_at for one in draft.copies)
    page = collided.page()
    assert typed_in(page, "text") == text
    for one in aside:
        assert html.escape(one) in page


@pytest.mark.parametrize(
    ("choice", "revision", "status"),
    [("keep", 0, 409), ("use", 7, 409), ("burn", 1, 422), ("", 1, 422)],
)
def test_a_choice_made_upon_an_older_draft_changes_nothing(
    collided, scene, world, choice, revision, status
):
    answer = collided.client.post(collided.copy, data={"choice": choice, "revision": revision})
    assert answer.status_code == status
    (draft,) = drafts(scene, world.classmate)
    assert (draft.text, [one.settled_at for one in draft.copies]) == (PC, [None])


def test_nobody_settles_for_somebody_else(collided, desk):
    other = desk("participant").client
    assert other.post(collided.copy, data={"choice": "use", "revision": 1}).status_code == 404


def test_handing_in_waits_for_no_collision_but_hands_in_only_what_is_shown(collided, scene, world):
    new = collided.client.get(f"{collided.versions}/new").text
    assert html.escape(PHONE) not in new
    assert collided.hand_in().status_code == 303


def test_the_saved_time_is_told_after_the_commit(desk, scene, world):
    answer = desk().client.post(desk().draft, data={"text": PC, "revision": 0}, headers=JSON)
    (draft,) = drafts(scene, world.classmate)
    assert answer.json["saved_at"] == draft.changed_at.isoformat()


def test_a_draft_saved_on_another_day_says_which(desk, scene, world):
    work = desk()
    work.save(PC, revision=0)
    with scene() as session:
        mine = sa.update(Draft).filter_by(person_id=world.classmate)
        session.execute(mine.values(changed_at=datetime(2026, 1, 1, 22, 57, tzinfo=UTC)))
    assert ">Tersimpan Jum, 2 Jan" in work.page()
