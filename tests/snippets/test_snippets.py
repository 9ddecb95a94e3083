"""The page of the comment bank: one's own snippets, and those that an organisation shares."""

import pytest
import sqlalchemy as sa

from portal.snippets import actions
from portal.snippets.models import MOST_SNIPPETS, Snippet
from portal.texts import Refused
from tests.reviews.test_claims import at_once


def snippets(scene, **wanted):
    with scene() as session:
        return session.scalars(sa.select(Snippet).filter_by(**wanted)).all()


def test_a_mentor_writes_changes_and_takes_out_their_own(sign_in, world, scene):
    coach = sign_in("coach")
    sent = {"text": "Lengkapi data {name}.", "criterion": "Kriteria 2", "level": "Kurang"}
    assert coach.post("/snippets", data=sent).location == "/snippets"
    assert "Lengkapi data {name}." in coach.get("/snippets").text
    [one] = snippets(scene, text=sent["text"])
    assert (one.owner_id, one.organisation_id, one.level) == (world.coach, None, "Kurang")
    place = f"/snippets/{one.id}"
    page = coach.get(f"{place}/edit").text
    assert "shared_with" not in page, "who administers nothing shares nothing"
    coach.post(place, data=sent | {"text": "Lengkapi.", "revision": "1"})
    [one] = snippets(scene, id=one.id)
    assert (one.text, one.revision) == ("Lengkapi.", 2)
    coach.post(f"{place}/removal", data={"revision": "1"})
    assert snippets(scene, id=one.id), "what changed since is not taken out unseen"
    coach.post(f"{place}/removal", data={"revision": "2"})
    assert snippets(scene, id=one.id) == []


def test_an_administrator_shares_with_the_mentors_of_the_organisation(sign_in, world, scene):
    administrator = sign_in("administrator")
    sent = {"text": "Rujuk pedoman.", "shared_with": str(world.organisation)}
    administrator.post("/snippets", data=sent)
    [one] = snippets(scene, text="Rujuk pedoman.")
    assert (one.owner_id, one.organisation_id) == (None, world.organisation)
    coach = sign_in("coach")
    assert "Rujuk pedoman." in coach.get("/snippets").text
    assert coach.get(f"/snippets/{one.id}/edit").status_code == 404
    assert coach.post(f"/snippets/{one.id}/uses").status_code == 303
    for who in ("strange_mentor", "strange_administrator", "participant"):
        client = sign_in(who)
        assert "Rujuk pedoman." not in client.get("/snippets").text
        assert client.post(f"/snippets/{one.id}/uses").status_code == 404
    chief = sign_in("chief")
    changed = sent | {"text": "Rujuk pedoman 2023.", "revision": "1"}
    assert chief.post(f"/snippets/{one.id}", data=changed).status_code == 303
    [one] = snippets(scene, id=one.id)
    assert (one.text, one.uses) == ("Rujuk pedoman 2023.", 1)


@pytest.mark.parametrize("place", ["strange_organisation", "nowhere"])
def test_nobody_shares_where_they_do_not_administer(sign_in, world, scene, place):
    there = "999" if place == "nowhere" else str(world.strange_organisation)
    before = len(snippets(scene))
    for who in ("coach", "administrator"):
        answer = sign_in(who).post("/snippets", data={"text": "Bagi.", "shared_with": there})
        assert answer.status_code == 422
        assert "Bagi." in answer.text
    assert len(snippets(scene)) == before


def test_who_was_slower_sees_both_texts_and_loses_none(sign_in, world, scene):
    coach, same = sign_in("coach"), sign_in("coach")
    place = f"/snippets/{world.here_snippet}"
    coach.post(place, data={"text": "Yang pertama.", "revision": "1"})
    answer = same.post(place, data={"text": "Yang kedua.", "revision": "1"})
    assert answer.status_code == 409
    assert "Yang pertama." in answer.text
    assert "Yang kedua." in answer.text
    assert 'name="revision" value="2"' in answer.text
    assert snippets(scene, id=world.here_snippet)[0].text == "Yang pertama."
    assert same.post(place, data={"text": "Yang kedua.", "revision": "2"}).status_code == 303


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_text_is_refused_and_comes_back(sign_in, scene, text):
    before = len(snippets(scene))
    answer = sign_in("coach").post("/snippets", data={"text": text, "criterion": "Tetap ada"})
    assert answer.status_code == 422
    assert "Tetap ada" in answer.text
    assert len(snippets(scene)) == before


def test_what_is_kept_or_used_at_the_same_moment_is_kept_once_and_counted_each_time(
    portal, world, scene
):
    kept = at_once(portal, lambda by: actions.keep(by, "Serentak.").id, [world.coach] * 12)
    assert len(set(kept)) == 1
    [one] = snippets(scene, text="Serentak.")
    at_once(portal, lambda _: actions.count_use(one), [world.coach] * 12)
    assert snippets(scene, id=one.id)[0].uses == 12


def test_a_bank_has_an_end(scene, world):
    with scene():
        for number in range(MOST_SNIPPETS):
            actions.keep(world.mentor, f"Catatan {number}")
        with pytest.raises(Refused):
            actions.keep(world.mentor, "Satu lagi")
        assert actions.keep(world.mentor, "Catatan 0").text == "Catatan 0"


@pytest.mark.parametrize("rows", [1, 35, 190])
def test_the_page_costs_the_same_however_much_is_kept(sign_in, world, scene, queries, rows):
    with scene():
        for number in range(rows):
            actions.keep(world.coach, f"Catatan {number}")
            actions.keep(world.coach, f"Bersama {number}", organisation_id=world.organisation)
    coach = sign_in("coach")
    with queries() as seen:
        page = coach.get("/snippets")
    assert len(seen) == 3
    assert page.text.count("row-title") == 2 * rows + 1
