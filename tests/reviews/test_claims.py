"""Who is at work on what: taken on, prolonged by work, taken over, let go, and never by looking."""

import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts.models import Enrolment, Mentorship
from portal.database import db
from portal.notices.models import Notice
from portal.people.models import Person
from portal.reviews import claims
from portal.reviews.desks import desk_of
from portal.reviews.models import Claim, ReviewSave
from portal.texts import Refused
from tests.reviews.scene import fill, hand_in, judged
from tests.reviews.test_flow import finish
from tests.reviews.test_queue import address, listed

JSON = {"Accept": "application/json"}
AT_ONCE = 50


def claimed(scene, submission_id: int) -> Claim | None:
    with scene() as session:
        return session.get(Claim, submission_id)


def expire(scene, submission_id: int) -> None:
    with scene() as session:
        session.execute(
            sa.update(Claim)
            .where(Claim.submission_id == submission_id)
            .values(until=clock.now() - timedelta(seconds=1))
        )


def line(client, place: str) -> str:
    return re.search(r'<div class="claim".*?</div>', client.get(place).text, re.DOTALL)[0]


def test_looking_and_fetching_ahead_claim_nothing(sign_in, waiting, scene):
    submission_id, place = waiting
    coach = sign_in("coach")
    coach.get("/reviews")
    coach.get(place, headers={"HX-Preloaded": "true"})
    coach.get(place)
    coach.get(f"{place}/release")
    assert claimed(scene, submission_id) is None


def test_a_claim_is_seen_by_others_in_queue_and_workspace(sign_in, waiting, world, scene):
    submission_id, place = waiting
    coach, supervisor = sign_in("coach"), sign_in("mentor")
    assert coach.post(f"{place}/claim").location == f"{place}#claim"
    held = claimed(scene, submission_id)
    assert held.person_id == world.coach
    assert held.until - held.since == timedelta(minutes=3)
    assert "Sri Mulyani Kusuma sedang mengerjakannya" in supervisor.get("/reviews").text
    assert "Sri Mulyani Kusuma" in line(supervisor, place)
    assert "sedang Anda kerjakan" in coach.get("/reviews").text
    supervisor.post(f"{place}/claim")
    assert claimed(scene, submission_id).person_id == world.coach
    coach.post(f"{place}/claim/end")
    assert claimed(scene, submission_id) is None


def test_only_the_holder_lets_go(sign_in, waiting, world, scene):
    submission_id, place = waiting
    sign_in("coach").post(f"{place}/claim")
    sign_in("mentor").post(f"{place}/claim/end")
    assert claimed(scene, submission_id).person_id == world.coach


def test_saving_begins_and_prolongs_a_claim(sign_in, waiting, world, scene):
    submission_id, place = waiting
    coach = sign_in("coach")
    answer = coach.post(place, data=judged(), headers=JSON)
    assert answer.json["holder"] == world.coach
    first = claimed(scene, submission_id)
    coach.post(place, data=judged(revision="1", feedback="Lagi."), headers=JSON)
    second = claimed(scene, submission_id)
    assert second.since == first.since
    assert second.until > first.until


def test_an_ended_claim_is_anybodys(sign_in, waiting, world, scene):
    submission_id, place = waiting
    sign_in("coach").post(f"{place}/claim")
    expire(scene, submission_id)
    supervisor = sign_in("mentor")
    assert "Sri Mulyani" not in line(supervisor, place)
    assert "sedang mengerjakannya" not in supervisor.get("/reviews").text
    supervisor.post(f"{place}/claim")
    assert claimed(scene, submission_id).person_id == world.mentor


def test_taking_over_tells_the_first_and_keeps_their_draft(sign_in, waiting, world, scene):
    submission_id, place = waiting
    coach, supervisor = sign_in("coach"), sign_in("mentor")
    coach.post(place, data=judged(feedback="Tulisan pertama."), headers=JSON)
    assert f'name="holder" value="{world.coach}"' in line(supervisor, place)
    supervisor.post(f"{place}/claim", data={"holder": str(world.coach)})
    assert claimed(scene, submission_id).person_id == world.mentor
    with scene() as session:
        [notice] = session.scalars(sa.select(Notice).filter_by(kind="claim_taken_over")).all()
    assert (notice.person_id, notice.path) == (world.coach, place)
    assert "Dwi Santoso mengambil alih" in coach.get("/notices").text

    # their next save tells them on their page, and is taken all the same
    answer = coach.post(place, data=judged(revision="1", feedback="Masih ada."), headers=JSON)
    assert (answer.status_code, answer.json["holder"]) == (200, world.mentor)
    assert claimed(scene, submission_id).person_id == world.mentor
    page = coach.get(place).text
    assert "Masih ada." in page
    assert "Dwi Santoso" in line(coach, place)
    with scene() as session:
        told = session.scalars(sa.select(ReviewSave.content).order_by(ReviewSave.id)).all()
    assert [one["feedback"] for one in told[-2:]] == ["Tulisan pertama.", "Masih ada."]


def test_what_changed_hands_is_not_taken_from_the_wrong_person(sign_in, waiting, world, scene):
    submission_id, place = waiting
    supervisor = sign_in("mentor")
    supervisor.post(f"{place}/claim")
    coach = sign_in("coach")
    coach.post(f"{place}/claim", data={"holder": "999"})
    coach.post(f"{place}/claim", data={"holder": "x"})
    assert claimed(scene, submission_id).person_id == world.mentor
    assert "dipegang orang lain" in coach.get(place).text


def test_a_release_ends_the_claim_and_passes_over_what_others_hold(sign_in, world, scene):
    with scene() as session:
        fill(session, 2)
        shared = hand_in(number=60, feedback_by=clock.now() - timedelta(days=1)).id
    coach = sign_in("coach")
    first, second, third = listed(coach)
    assert first == address(world, shared)
    sign_in("mentor").post(f"{first}/claim")
    assert finish(coach, second).location == third
    assert finish(coach, third).location == "/reviews"
    with scene() as session:
        assert session.scalars(sa.select(Claim.submission_id)).all() == [shared]


def test_the_queue_begins_with_the_first_that_is_free(sign_in, world, scene):
    with scene() as session:
        fill(session, 2)
        shared = hand_in(number=60, feedback_by=clock.now() - timedelta(days=1)).id
    coach = sign_in("coach")
    first, second, _third = listed(coach)
    sign_in("mentor").post(f"{first}/claim")
    assert coach.post("/reviews/first").location == second
    assert coach.post("/reviews/first").location == second, "what is mine already is the first"
    coach.post("/reviews/filter", data={"state": "revised"})
    assert coach.post("/reviews/first").location == "/reviews"
    expire(scene, shared)
    assert coach.post("/reviews/first").location == first
    assert sign_in("participant").post("/reviews/first").location == "/reviews"


@pytest.fixture
def crowd(scene, world) -> list[int]:
    """Fifty mentors who all mentor the same fifty participants, each with work that waits."""
    with scene() as session:
        fill(session, AT_ONCE)
        pairs = session.execute(
            sa.select(Mentorship.participant_id, Mentorship.capacity_id).where(
                Mentorship.mentor_id == world.coach, Mentorship.participant_id != world.classmate
            )
        ).all()
        now = clock.now()
        mentors = [
            Person(name=f"Mentor {number}", sort_name=f"mentor {number}", created_at=now)
            for number in range(AT_ONCE)
        ]
        session.add_all(mentors)
        session.flush()
        ids = [one.id for one in mentors]
        session.execute(
            sa.insert(Enrolment),
            [
                {"cohort_id": world.here, "person_id": id_, "role": "mentor", "joined_at": now}
                for id_ in ids
            ],
        )
        session.execute(
            sa.insert(Mentorship),
            [
                {
                    "cohort_id": world.here,
                    "participant_id": participant_id,
                    "mentor_id": id_,
                    "capacity_id": capacity_id,
                    "starts_at": now,
                }
                for id_ in ids
                for participant_id, capacity_id in pairs
            ],
        )
        return ids


def at_once(portal, act, people: list[int]) -> list:
    """What ``act(person_id)`` gave each, all at the same moment over connections of their own."""
    barrier, given, faults = threading.Barrier(len(people)), [], []

    def one(person_id: int) -> None:
        try:
            with portal.app_context():
                db.session.info["readonly"] = False
                barrier.wait(30)
                found = act(person_id)
                db.session.commit()
                given.append(found)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=one, args=(person_id,)) for person_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    return given


def test_fifty_at_once_on_fifty_get_one_each(portal, crowd, scene):
    given = at_once(portal, claims.claim_first, crowd)
    assert None not in given
    assert len({submission_id for _cohort, submission_id in given}) == AT_ONCE
    with scene() as session:
        held = session.execute(sa.select(Claim.submission_id, Claim.person_id)).all()
    assert len({one.submission_id for one in held}) == AT_ONCE
    assert {one.person_id for one in held} == set(crowd)


def test_fifty_at_once_on_one_give_it_to_one(portal, crowd, waiting, scene):
    submission_id, _place = waiting
    given = at_once(portal, lambda person_id: claims.claim(submission_id, person_id), crowd)
    assert sorted(given) == [False] * (AT_ONCE - 1) + [True]


def test_two_who_take_over_at_once_do_not_both_believe_it(portal, waiting, world, scene):
    submission_id, place = waiting
    with scene():
        claims.claim(submission_id, world.other_mentor)

    def take(person_id: int) -> bool:
        desk = desk_of(person_id, world.here, submission_id)
        try:
            claims.take_over(desk, person_id, holder_id=world.other_mentor, path=place)
        except Refused:
            return False
        return True

    assert sorted(at_once(portal, take, [world.coach, world.mentor])) == [False, True]
