"""Reviews that one mentor hands over to another: who then has them, and that nobody loses them."""

import contextlib
import random
import re
import threading

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts.membership import close
from portal.cohorts.models import Cohort, Enrolment, Mentorship
from portal.database import db
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.people.models import Person
from portal.progress.coming import promises_until
from portal.progress.turnaround import turnaround_in
from portal.reviews import hand_overs
from portal.reviews.models import Claim, HandOver, Review, ReviewSave
from portal.reviews.queue import waiting_count
from portal.submissions.models import Submission
from portal.texts import Refused
from tests.reviews.scene import fill, hand_in, judged, seen
from tests.reviews.test_claims import JSON, at_once
from tests.reviews.test_queue import listed

NEW = "/reviews/hand-overs/new"


def send(client, to: int, *ids: int):
    return client.post("/reviews/hand-overs", data={"to": str(to), "take": [str(i) for i in ids]})


@pytest.fixture
def three(scene, world):
    """Another mentor of the participant, so that three may review their work."""
    with scene() as session:
        capacity_id = session.scalar(
            sa.select(Mentorship.capacity_id).filter_by(id=world.here_mentorship)
        )
        session.add(
            Mentorship(
                cohort_id=world.here, participant_id=world.participant,
                mentor_id=world.other_mentor, capacity_id=capacity_id, starts_at=clock.now(),
            )
        )  # fmt: skip
    return [world.mentor, world.coach, world.other_mentor]


def test_it_waits_for_the_other_with_all_that_was_saved(sign_in, waiting, world, scene):
    submission_id, place = waiting
    coach, mentor = sign_in("coach"), sign_in("mentor")
    coach.post(place, data=judged(feedback="Sudah separuh."), headers=JSON)
    kept = [
        sa.select(one).order_by(*one.primary_key)
        for one in (Review.__table__, ReviewSave.__table__, Claim.__table__)
    ]
    with scene() as session:
        before = [session.execute(one).all() for one in kept]
    page = coach.get(NEW).text
    assert "Dwi Santoso</option>" in page
    answer = send(coach, world.mentor, submission_id)
    assert answer.location == "/reviews/hand-overs"
    assert listed(coach) == []
    assert listed(mentor) == [place]
    assert "dialihkan oleh Sri Mulyani Kusuma" in mentor.get("/reviews").text
    assert "mengalihkan tinjauan ini kepada Anda" in mentor.get(place).text
    assert "Sudah separuh." in mentor.get(place).text
    mine = coach.get(place).text
    assert "Anda mengalihkan tinjauan ini kepada Dwi Santoso" in mine
    with scene() as session:
        assert [session.execute(one).all() for one in kept] == before
        now = clock.now()
        counted = {one.person_id: one.waiting for one in turnaround_in(world.here, now)}
        assert (counted[world.coach], counted[world.mentor]) == (0, 1)
        promised = promises_until([world.here], now, now + 30 * (now - now.replace(hour=0)))
        assert world.coach not in {one.mentor_id for one in promised}
        assert [waiting_count(one) for one in (world.coach, world.mentor)] == [0, 1]
        told = session.execute(sa.select(Notice.person_id, Notice.kind)).all()
    assert told == [(world.mentor, "reviews_handed_over")]
    assert "mengalihkan 1 tinjauan kepada Anda" in mentor.get("/notices").text


def test_taken_back_it_waits_as_before(sign_in, waiting, world, scene):
    submission_id, place = waiting
    coach, mentor = sign_in("coach"), sign_in("mentor")
    send(coach, world.mentor, submission_id)
    page = coach.get("/reviews/hand-overs").text
    assert "dialihkan kepada Dwi Santoso" in page
    [row] = set(re.findall(r'name="hand_over" value="(\d+)"', page))
    assert mentor.post("/reviews/hand-overs/removal", data={"hand_over": row}).status_code == 303
    assert listed(coach) == [], "only who handed it over takes it back"
    coach.post("/reviews/hand-overs/removal", data={"hand_over": [row, "x", "999999999"]})
    assert listed(coach) == listed(mentor) == [place]
    assert "dialihkan oleh" not in mentor.get("/reviews").text
    assert "Tidak ada yang Anda alihkan" in coach.get("/reviews/hand-overs").text
    with scene() as session:
        verbs = session.scalars(sa.select(JournalEntry.verb).order_by(JournalEntry.id)).all()
        kinds = session.scalars(sa.select(Notice.kind).order_by(Notice.id)).all()
    assert verbs[-2:] == ["reviews.hand_over", "reviews.take_back_hand_over"]
    assert kinds == ["reviews_handed_over", "reviews_taken_back"]


@pytest.mark.parametrize("gone", ["mentorship", "enrolment", "days", "account"])
def test_when_the_other_may_no_longer_it_comes_back_by_itself(sign_in, waiting, world, scene, gone):
    submission_id, place = waiting
    coach = sign_in("coach")
    send(coach, world.mentor, submission_id)
    with scene() as session:
        now = clock.now()
        if gone == "enrolment":
            session.execute(
                sa.update(Enrolment)
                .where(Enrolment.person_id == world.mentor, Enrolment.role == "mentor")
                .values(left_at=now)
            )
        elif gone == "account":
            session.get(Person, world.mentor).deactivated_at = now
        else:
            ended = {"ended_at": now, "stands_in_for_id": None}
            if gone == "days":
                ended["stands_in_for_id"] = world.other_mentor
            session.execute(
                sa.update(Mentorship).where(Mentorship.mentor_id == world.mentor).values(ended)
            )
    assert listed(coach) == [place]
    assert "Anda mengalihkan" not in coach.get(place).text
    assert send(coach, world.mentor, submission_id).status_code == 422


def test_in_a_closed_cohort_nothing_is_taken_back(sign_in, waiting, world, scene):
    submission_id, _place = waiting
    coach = sign_in("coach")
    send(coach, world.mentor, submission_id)
    with scene() as session:
        session.get(Cohort, world.here).closed_at = clock.now()
        [row] = session.scalars(sa.select(HandOver.id)).all()
    assert "Tidak ada yang Anda alihkan" in coach.get("/reviews/hand-overs").text
    coach.post("/reviews/hand-overs/removal", data={"hand_over": str(row)})
    with scene() as session:
        assert session.get(HandOver, row).ended_at is None


@pytest.mark.parametrize("act", ["hand over", "take back"])
def test_what_comes_while_the_cohort_is_being_closed_waits_and_is_refused(
    sign_in, waiting, world, scene, act
):
    submission_id, _place = waiting
    coach, answers = sign_in("coach"), []
    coach.get("/reviews/hand-overs")
    sent = {}
    if act == "take back":
        send(coach, world.mentor, submission_id)
        with scene() as session:
            sent["hand_over"] = str(session.scalar(sa.select(HandOver.id)))

    def write() -> None:
        answers.append(
            coach.post("/reviews/hand-overs/removal", data=sent)
            if sent
            else send(coach, world.mentor, submission_id)
        )

    thread = threading.Thread(target=write)
    with scene() as session:
        close(session.get_one(Cohort, world.here), world.administrator)
        session.flush()
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the closing, which is not committed yet"
    thread.join(60)
    assert answers[0].status_code in ([303] if sent else [409, 422])
    with scene() as session:
        still = session.scalars(sa.select(HandOver.ended_at)).all()
    assert still == ([None] if sent else [])


def test_what_is_refused_changes_nothing_and_keeps_the_ticks(sign_in, waiting, world, scene):
    submission_id, _place = waiting
    with scene():
        other = hand_in("classmate", number=4).id
        strange = hand_in("stranger", number=9, place="elsewhere").id
    coach = sign_in("coach")
    both = listed(coach)
    some = send(coach, world.mentor, submission_id, other)
    assert some.status_code == 422
    assert "Dwi Santoso tidak meninjau karya: Bayu Prasetyo" in some.text
    assert some.text.count("checked") == 2
    assert f'<option selected value="{world.mentor}">' in some.text
    for to, ids in (
        (world.coach, [submission_id]),
        (world.participant, [submission_id]),
        (world.strange_mentor, [submission_id]),
        (world.mentor, []),
        (world.mentor, [strange]),
        ("", [submission_id]),
        ("x", ["y"]),
    ):
        assert send(coach, to, *ids).status_code == 422, (to, ids)
    assert send(sign_in("strange_mentor"), world.coach, submission_id).status_code == 422
    assert listed(coach) == both
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(HandOver.id))) == 0
        assert session.scalars(sa.select(Notice.id)).all() == []


def test_what_was_reviewed_meanwhile_is_handed_over_no_more(sign_in, waiting, world, scene):
    submission_id, place = waiting
    coach = sign_in("coach")
    coach.post(place, data=judged())
    coach.post(f"{place}/release", data=seen())
    page = coach.get(f"{NEW}?submission={submission_id}").text
    assert "Tidak ada yang menunggu Anda di sini" in page
    assert send(coach, world.mentor, submission_id).status_code == 422
    with scene(), pytest.raises(Refused) as refused:
        hand_overs.hand_over(world.coach, world.mentor, [submission_id])
    assert refused.value.conflict


def test_a_single_one_is_ticked_from_its_own_address(sign_in, waiting, world, scene):
    submission_id, _place = waiting
    with scene():
        hand_in("classmate", number=4)
    page = sign_in("coach").get(f"{NEW}?submission={submission_id}").text
    assert re.findall(r'name="take"[^>]* value="(\d+)"', page) == [str(submission_id)]
    assert page.count("checked") == 1


def test_however_it_is_handed_round_somebody_always_has_it(waiting, three, scene):
    """Random hand-overs and takings-back among three: it waits for one of them at least, for who
    got it last among them, and for nobody who passed it on and did not get it back."""
    submission_id, _place = waiting
    chance = random.Random(7)
    with scene() as session:
        for _turn in range(60):
            giver, to = chance.sample(three, 2)
            had = {one for one in three if waiting_count(one)}
            if chance.random() < 0.2:
                ids = session.scalars(sa.select(HandOver.id).filter_by(from_id=giver)).all()
                hand_overs.take_back(giver, ids)
                assert waiting_count(giver)
            elif giver in had:
                assert hand_overs.hand_over(giver, to, [submission_id]) == 1
                assert {one for one in three if waiting_count(one)} == (had | {to}) - {giver}
            else:
                with pytest.raises(Refused):
                    hand_overs.hand_over(giver, to, [submission_id])
            assert any(waiting_count(one) for one in three)


def test_two_at_once_to_two_give_it_to_one(portal, waiting, three, scene):
    submission_id, _place = waiting
    mentor, coach, other = three

    def give(to: int) -> int:
        try:
            return hand_overs.hand_over(coach, to, [submission_id])
        except Refused:
            return 0

    assert sorted(at_once(portal, give, [mentor, other])) == [0, 1]
    with scene() as session:
        [row] = session.scalars(sa.select(HandOver)).all()
        assert (row.from_id, row.ended_at) == (coach, None)
        assert session.scalars(sa.select(Notice.person_id)).all() == [row.to_id]


def test_two_who_give_it_to_each_other_at_once_do_not_lose_it(portal, waiting, three, scene):
    submission_id, _place = waiting
    pairs = dict(zip(three, (*three[1:], three[0]), strict=True))

    def give(giver: int) -> int:
        try:
            return hand_overs.hand_over(giver, pairs[giver], [submission_id])
        except Refused:
            return 0

    at_once(portal, give, three)
    with scene() as session:
        assert [one for one in three if waiting_count(one)]
        still = sa.select(sa.func.count(HandOver.id)).where(HandOver.ended_at.is_(None))
        assert session.scalar(still) < len(three)


def test_handed_over_while_it_is_released_both_hold(portal, waiting, world, scene, sign_in):
    submission_id, place = waiting
    mentor = sign_in("mentor")
    coach = sign_in("coach")
    coach.post(place, data=judged())
    done = []

    def act(who: int) -> None:
        if who == world.coach:
            done.append(coach.post(f"{place}/release", data=seen()).status_code)
        else:
            with contextlib.suppress(Refused):
                hand_overs.hand_over(world.mentor, world.coach, [submission_id])

    at_once(portal, act, [world.coach, world.mentor])
    assert done == [303]
    assert listed(coach) == listed(mentor) == []


def hand_over_half(session, world, rows):
    """So many more submissions that the coach and the mentor both review; the coach hands the
    first half of them over to the mentor. Their ids."""
    before = session.scalar(sa.select(sa.func.max(Submission.id)))
    fill(session, rows)
    own = session.scalars(
        sa.select(Mentorship).where(
            Mentorship.mentor_id == world.coach, Mentorship.cohort_id == world.here
        )
    ).all()
    session.add_all(
        Mentorship(
            cohort_id=one.cohort_id, participant_id=one.participant_id,
            mentor_id=world.mentor, capacity_id=one.capacity_id, starts_at=one.starts_at,
        )
        for one in own
    )  # fmt: skip
    given = session.scalars(
        sa.select(Submission.id)
        .where(Submission.id > before)
        .order_by(Submission.feedback_by)
        .limit(rows // 2)
    ).all()
    now = clock.now()
    session.add_all(
        HandOver(submission_id=one, from_id=world.coach, to_id=world.mentor, made_at=now)
        for one in given
    )
    return given


@pytest.mark.parametrize(("rows", "counting"), [(3, 0), (35, 0), (350, 1)])
def test_the_pages_cost_the_same_however_many(sign_in, scene, world, queries, rows, counting):
    with scene() as session:
        given = hand_over_half(session, world, rows)
    coach, mentor = sign_in("coach"), sign_in("mentor")
    counts = []
    for client, page in (
        (coach, "/reviews"), (mentor, "/reviews"), (coach, NEW), (coach, "/reviews/hand-overs"),
    ):  # fmt: skip
        with queries() as asked:
            assert client.get(page).status_code == 200
        counts.append(len(asked))
    assert counts == [4 + counting, 4 + counting, 4 + counting, 2]
    assert len(listed(coach)) == min(50, 1 + rows - len(given))
    assert "dialihkan oleh" in mentor.get("/reviews").text


@pytest.mark.parametrize("known", ["assignment_capacity", "claim", "review"])
def test_the_queue_answers_although_its_tables_grew_since_they_were_analysed(
    sign_in, scene, world, portal, database, queries, known
):
    if database != "postgresql":
        pytest.skip("SQLite plans the same either way")
    with portal.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    with scene() as session:
        hand_over_half(session, world, 350)
    with portal.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"ANALYZE {known}")
        engine = db.engine
    coach = sign_in("coach")
    engine.dispose()
    sa.event.listen(engine, "connect", _give_up_soon)
    try:
        for page in ("/reviews", NEW):
            with queries() as asked:
                assert coach.get(page).status_code == 200
            assert len(asked) == 5  # what was cut off would have been asked again
    finally:
        sa.event.remove(engine, "connect", _give_up_soon)
        engine.dispose()


def _give_up_soon(connection, _record):
    """Joined in the wrong order it took minutes, where a tenth of a second does."""
    connection.execute("SET statement_timeout = '5s'")
    connection.commit()
