"""Action items: beside the next version, on to the next assignment, until they are confirmed."""

import re
import threading

import pytest
import sqlalchemy as sa

from portal.assignments.models import Assignment, Schedule
from portal.database import db
from portal.reviews import dialogue
from portal.reviews.models import ActionItem, ActionItemStep, Review
from portal.texts import Refused
from tests.reviews.scene import hand_in, judged, released_review, seen
from tests.world import IDS


@pytest.fixture
def threaded(scene, world):
    """The essay and the report are one thread, both open; the essay's second version was sent back:
    (the id of the item, the address of the essay, that of the report)."""
    with scene() as session:
        session.execute(
            sa.update(Assignment)
            .where(Assignment.id.in_([world.here_essay, world.here_report]))
            .values(thread="aksi")
        )
        opens = session.scalar(
            sa.select(Schedule.opens_at).filter_by(assignment_id=world.here_essay)
        )
        session.execute(
            sa.update(Schedule)
            .where(Schedule.assignment_id == world.here_report)
            .values(opens_at=opens)
        )
        told = hand_in(number=50)
        item_id = released_review(told.id, "coach", words="Lengkapi datanya")
    place = f"/cohorts/{world.here}/assignments"
    return item_id, f"{place}/{world.here_essay}", f"{place}/{world.here_report}"


def step(client, world, item_id, state, **fields):
    address = f"/cohorts/{world.here}/action-items/{item_id}/steps"
    return client.post(address, data={"state": state} | fields)


def test_open_items_stand_beside_the_draft_of_the_next_version(sign_in, world, threaded):
    _item, essay, report = threaded
    own = sign_in("participant")
    page = own.get(f"{essay}/draft").text
    assert "Tindak lanjut Lengkapi datanya" in page
    assert f'href="{essay}#items"' in page
    assert f'href="{essay}#feedback-50">Umpan balik atas versi 50</a>' in page
    assert "Ubahlah hanya bila" not in page, "a new version is what the mentor asks for"
    later = own.get(f"{report}/draft").text
    assert "Tindak lanjut Lengkapi datanya" in later
    assert "dari Esai" in later
    assert "Lengkapi datanya" not in sign_in("classmate").get(f"{essay}/draft").text


def test_an_item_follows_to_the_next_assignment_until_it_is_confirmed(
    sign_in, world, threaded, scene
):
    item_id, essay, report = threaded
    own, coach = sign_in("participant"), sign_in("coach")
    assert "2 tindak lanjut perlu dikerjakan" in own.get(report).text, "its own and the one before"
    answer = step(
        own, world, item_id, "done", note="Tabel 2 di halaman 4", followed_to=world.here_report
    )
    assert answer.location == f"{report}#items"
    page = own.get(report).text
    assert "1 tindak lanjut perlu dikerjakan, 1 selesai, menunggu konfirmasi" in page
    for mine in (page, own.get(f"{report}/draft").text):
        assert "Selesai; akan dikonfirmasi mentor" in mine
        assert "Selesai menurut peserta" not in mine
    with scene():
        review = hand_in(number=2, assignment="report").id
    review = f"/cohorts/{world.here}/submissions/{review}/review"
    beside = coach.get(review).text
    assert "Tabel 2 di halaman 4" in beside
    assert "dari Esai, versi 50" in beside
    step(coach, world, item_id, "confirmed")
    for client, place in ((own, report), (coach, review), (own, f"{report}/draft")):
        assert "Lengkapi datanya" not in client.get(place).text
    assert "Semua tindak lanjut sudah dikonfirmasi" in own.get(essay).text
    step(coach, world, item_id, "reopened")
    assert "Lengkapi datanya" in own.get(report).text


def test_the_remark_on_a_criterion_becomes_an_action_item_once(sign_in, waiting, world, scene):
    submission_id, address = waiting
    key = world.here_criterion_1
    data = judged() | {f"remark_{key}": "Sebutkan sumber data.", "make_item": str(key)}
    coach = sign_in("coach")
    answer = coach.post(address, data=data)
    assert answer.location.endswith("#items")
    page = coach.get(address).text
    assert page.count("Sebutkan sumber data.") == 2, "as the remark, and as the item"
    thread = re.search(r'name="item_0_thread"[^>]* value="([^"]+)"', page)[1]
    item = {"item_0_text": "Sebutkan sumber data.", "item_0_thread": thread}
    coach.post(address, data=data | item | seen(revision=1))
    with scene() as session:
        items = session.scalars(
            sa.select(ActionItem.text)
            .join(Review, Review.id == ActionItem.review_id)
            .where(Review.submission_id == submission_id)
        ).all()
    assert items == ["Sebutkan sumber data."]


def test_nothing_follows_without_a_thread_or_backwards(sign_in, world, threaded, scene):
    _item, essay, report = threaded
    own = sign_in("participant")
    assert "yang dirilis" not in own.get(essay).text, "the report comes later"
    with scene() as session:
        session.execute(
            sa.update(Assignment).where(Assignment.id == world.here_report).values(thread="lain")
        )
    assert "Lengkapi datanya" not in own.get(report).text
    assert "Lengkapi datanya" not in own.get(f"{report}/draft").text


def test_both_sides_see_how_many_are_open(sign_in, world, threaded, scene):
    item_id, _essay, _report = threaded
    with scene():
        hand_in(number=51)
    own, coach = sign_in("participant"), sign_in("coach")
    index = own.get(f"/cohorts/{world.here}/assignments").text
    assert "1 tindak lanjut perlu dikerjakan" in index, "at the essay"
    assert "2 tindak lanjut perlu dikerjakan" in index, "at the report"
    assert "Tindak lanjut (2)" in own.get("/").text
    for page in ("/reviews", "/"):
        assert "1 tindak lanjut perlu dikerjakan" in coach.get(page).text
    step(own, world, item_id, "done")
    assert "1 selesai, menunggu konfirmasi" in coach.get("/reviews").text
    assert "Tindak lanjut (1)" in own.get("/").text


def test_a_new_version_shows_its_mentor_at_once_what_was_asked_and_what_changed(
    sign_in, world, threaded, scene
):
    item_id, essay, _report = threaded
    with scene():
        newer = hand_in(number=51).id
    own, version = sign_in("participant"), f"{essay}/versions/{newer}"
    assert f'<a href="{essay}#items">' in own.get(f"{version}/receipt").text
    step(own, world, item_id, "done")
    assert "Tidak ada lagi yang perlu" in own.get(f"{version}/receipt").text
    page = sign_in("coach").get(f"/cohorts/{world.here}/submissions/{newer}/review").text
    head = page.split('class="panes"')[0]
    assert f'href="{version}/comparison">Yang berubah sejak versi 50</a>' in head
    assert 'href="#asked"' in head
    assert "1 selesai, menunggu konfirmasi" in head
    for part in ("asked", "earlier"):
        assert f'id="{part}"' in page


@pytest.mark.parametrize("rows", [1, 35])
def test_counting_costs_one_question_however_many_wait(sign_in, world, scene, queries, rows):
    with scene():
        for number in range(60, 60 + rows):
            released_review(hand_in(number=number).id, "coach", words=str(number))
        hand_in(number=60 + rows)
    coach = sign_in("coach")
    coach.get("/reviews")
    with queries() as seen:
        assert coach.get("/reviews").status_code == 200
    assert sum("action_item_step" in one for one in seen) == 1


def test_two_steps_at_once_never_contradict(portal, world, threaded, scene):
    """A mentor reopens and another confirms in the same moment: one is told to look again."""
    item_id = threaded[0]
    for _turn in range(10):
        with scene() as session:
            session.execute(sa.delete(ActionItemStep))
            item = session.get(ActionItem, item_id)
            dialogue.take_step(item, world.participant, "done", "")
        barrier, results = threading.Barrier(2), []

        def go(who, state, barrier=barrier, results=results):
            with portal.app_context():
                db.session.info["readonly"] = False
                item = db.session.get(ActionItem, item_id)
                db.session.commit()
                barrier.wait(20)
                try:
                    dialogue.take_step(item, IDS[who], state, "")
                    results.append(state)
                except Refused:
                    results.append("refused")
                db.session.commit()

        pair = [
            threading.Thread(target=go, args=one)
            for one in (("mentor", "reopened"), ("coach", "reopened"))
        ]
        for one in pair:
            one.start()
        for one in pair:
            one.join(30)
        with scene() as session:
            states = session.scalars(
                sa.select(ActionItemStep.state).order_by(ActionItemStep.id)
            ).all()
        assert states == ["done", "reopened"], "never the same twice in a row"
