"""Release is the only door: before it nothing reaches the participant, after it exactly what was
previewed."""

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.queries import task_of
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.reviews.models import Review
from tests.reviews.scene import CANARY, hand_in, judged, seen
from tests.world import address_of


def released(client, address, **fields):
    client.post(address, data=judged(**fields))
    return client.post(f"{address}/release", data=seen())


@pytest.mark.parametrize("who", ["participant", "classmate", "administrator"])
def test_no_page_shows_what_is_not_released(portal, sign_in, world, who):
    client = sign_in(who)
    leaking = []
    for rule in portal.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        address = address_of(rule.rule, world)
        answer = client.get(address)
        if CANARY.encode() in answer.data:
            leaking.append(address)
    assert leaking == []


@pytest.mark.parametrize("who", ["participant", "classmate", "administrator"])
def test_no_search_finds_what_is_not_released(sign_in, world, who):
    found = sign_in(who).get(f"/cohorts/{world.here}/search?q=unreleased")
    assert CANARY not in found.text


def test_no_notice_and_no_journal_line_shows_what_is_not_released(scene):
    with scene() as session:
        values = session.scalars(sa.select(Notice.values)).all()
        values += session.scalars(sa.select(JournalEntry.details)).all()
    assert CANARY not in str(values)


def test_the_participant_sees_exactly_what_was_previewed(sign_in, waiting, world):
    _id, address = waiting
    coach = sign_in("coach")
    coach.post(address, data=judged(feedback="Kalimat **tebal**.", item_0_text="Perbaiki tabel"))
    preview = coach.get(f"{address}/release").text
    shown = preview.split('id="preview">', 1)[1].split("</h2>", 1)[1].split("</section>\n", 1)[0]
    coach.post(f"{address}/release", data=seen())
    page = sign_in("participant").get(f"/cohorts/{world.here}/assignments/{world.here_essay}").text
    first = shown.strip().split("<section")[0]
    assert "Kalimat <strong>tebal</strong>." in first
    assert first in page


def test_who_wrote_nothing_but_the_feedback_is_named(sign_in, waiting, world):
    _id, address = waiting
    coach = sign_in("coach")
    said = judged(decision="revise", revise_by="2031-05-06")
    coach.post(
        address, data={k: v for k, v in said.items() if not k.startswith(("level", "value"))}
    )
    assert coach.post(f"{address}/release", data=seen()).status_code == 303
    page = sign_in("participant").get(f"/cohorts/{world.here}/assignments/{world.here_essay}").text
    assert '<span class="message-author">Sri Mulyani Kusuma</span>' in page


def test_a_release_tells_the_participant_once_and_stands_in_the_journal(
    sign_in, waiting, world, scene
):
    _id, address = waiting
    coach = sign_in("coach")
    assert released(coach, address).status_code == 303
    again = coach.post(f"{address}/release", data=seen())
    assert again.status_code == 303, "pressing twice releases once"
    with scene() as session:
        told = session.scalars(sa.select(Notice).filter_by(kind="feedback_released")).all()
        assert [one.person_id for one in told] == [world.participant]
        assert (
            session.scalar(
                sa.select(sa.func.count(JournalEntry.id)).filter_by(
                    verb="reviews.release", person_id=world.coach, cohort_id=world.here
                )
            )
            == 2
        ), "one in the world, one here"
    assert "diterima" in sign_in("participant").get("/notices").text


def test_the_stored_mark_is_the_printed_sum(sign_in, waiting, world, scene):
    submission_id, address = waiting
    data = judged(value="85,55")
    data[f"value_{world.here_criterion_2}"] = "91,11"
    coach = sign_in("coach")
    coach.post(address, data=data)
    assert "87,77" in coach.get(f"{address}/release").text
    coach.post(f"{address}/release", data=seen())
    with scene() as session:
        [review] = session.scalars(sa.select(Review).filter_by(submission_id=submission_id)).all()
        assert str(review.mark) == "87.77"


@pytest.mark.parametrize(
    "change", [{"decision": ""}, {"decision": "revise"}, {"value": ""}, {"feedback": " "}]
)
def test_an_incomplete_review_stays_a_draft(sign_in, waiting, scene, change):
    submission_id, address = waiting
    answer = released(sign_in("coach"), address, **change)
    assert answer.status_code == 422
    with scene() as session:
        [review] = session.scalars(sa.select(Review).filter_by(submission_id=submission_id)).all()
        assert review.released_at is None


def test_what_changed_since_the_preview_is_shown_and_not_released(sign_in, waiting, scene):
    submission_id, address = waiting
    coach = sign_in("coach")
    coach.post(address, data=judged())
    sign_in("mentor").post(address, data=seen() | {"feedback": "Diubah", "decision": "accepted"})
    answer = coach.post(f"{address}/release", data=seen())
    assert answer.status_code == 409
    assert "Diubah" in answer.text
    with scene() as session:
        [review] = session.scalars(sa.select(Review).filter_by(submission_id=submission_id)).all()
        assert review.released_at is None


def test_a_revision_keeps_the_assignment_open_until_its_day(sign_in, waiting, world, portal):
    _id, address = waiting
    released(sign_in("coach"), address, decision="revise", revise_by="2031-05-06")
    with portal.app_context():
        deadline = task_of(world.here, world.here_essay, world.participant).deadline
        assert deadline.closes_at.isoformat() == "2031-05-06T16:59:00+00:00"
        assert deadline.state(clock.now()) == "open"
        assert task_of(world.here, world.here_essay, world.classmate).deadline.kind == "schedule"
    page = sign_in("participant").get(f"/cohorts/{world.here}/assignments/{world.here_essay}")
    assert "6 Mei 2031 23.59 WIB" in page.text


def test_a_correction_is_the_next_review_and_both_stay(sign_in, waiting, world, scene):
    submission_id, address = waiting
    coach = sign_in("coach")
    released(coach, address, feedback="Keliru")
    stale = coach.post(address, data=judged(revision="1", feedback="Menyusul"))
    assert stale.status_code == 409, "it was released meanwhile"
    assert "Menyusul" in stale.text
    assert "Keliru" in coach.get(f"{address}?correct=1").text
    correction = judged(number="2", feedback="Yang benar")
    assert coach.post(address, data=correction).status_code == 303
    own = sign_in("participant")
    place = f"/cohorts/{world.here}/assignments/{world.here_essay}"
    assert "Yang benar" not in own.get(place).text
    coach.post(f"{address}/release", data=seen(2))
    for page in (own.get(place).text, coach.get(address).text):
        assert "Yang benar" in page
        assert "Keliru" in page
    with scene() as session:
        kept = session.scalars(
            sa.select(Review.feedback)
            .filter_by(submission_id=submission_id)
            .order_by(Review.number)
        ).all()
    assert kept == ["Keliru", "Yang benar"]


def test_feedback_on_an_older_version_says_so(sign_in, waiting, scene):
    _id, address = waiting
    coach = sign_in("coach")
    coach.post(address, data=judged())
    with scene():
        hand_in(number=51)
    late = coach.post(f"{address}/release", data=seen())
    assert late.status_code == 409, "the newer version was not on the page that was looked at"
    assert "Versi yang lebih baru" in late.text
    assert "51" in late.text
    assert "versi 51 sudah dikumpulkan" in coach.get(address).text
    assert coach.post(f"{address}/release", data=seen(newest=51)).status_code == 303
