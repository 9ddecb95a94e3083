"""Mentorships as a whole: who has nobody or too many, conflicts, sharing out, handing over."""

import re
import threading
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.cohorts import sharing
from portal.cohorts.actions import enrol
from portal.cohorts.models import Capacity, Cohort, Enrolment, Mentorship
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.people.models import Person
from portal.reviews.models import Review
from portal.submissions.models import Submission
from tests.reviews.scene import CANARY

PARTICIPANTS = st.lists(st.integers(1, 60), unique=True, max_size=40)
LOADS = st.dictionaries(st.integers(100, 112), st.integers(0, 9), min_size=1, max_size=8)


@given(PARTICIPANTS, LOADS)
def test_shares_are_as_equal_as_can_be(participants, loads):
    found = sharing.shared_out(participants, loads, ())
    assert list(found) == participants
    after = Counter(loads) + Counter(found.values())
    grown = [after[mentor] for mentor in set(found.values())]
    assert all(count <= min(after[mentor] for mentor in loads) + 1 for count in grown)


@given(PARTICIPANTS, LOADS, st.sets(st.tuples(st.integers(1, 60), st.integers(100, 112))))
def test_a_barred_pair_is_never_made_and_nobody_else_is_left_out(participants, loads, barred):
    found = sharing.shared_out(participants, loads, barred)
    assert not set(found.items()) & barred
    stuck = {one for one in participants if all((one, mentor) in barred for mentor in loads)}
    assert set(participants) - set(found) == stuck


def mentorship(participant, mentor, capacity):
    return Mentorship(participant_id=participant, mentor_id=mentor, capacity_id=capacity)


def test_conflicts_are_named_once_for_each_pair():
    present = [mentorship(1, 5, 1), mentorship(1, 5, 2), mentorship(2, 3, 1), mentorship(3, 2, 1),
               mentorship(4, 6, 1), mentorship(7, 8, 1)]  # fmt: skip
    found = sharing.conflicts_among(present, {1, 2, 3, 4, 6, 7})
    assert {(one.participant_id, one.mentor_id, one.kind) for one in found} == {
        (1, 5, sharing.SAME_PERSON), (2, 3, sharing.EACH_OTHER), (3, 2, sharing.EACH_OTHER),
        (4, 6, sharing.TAKES_PART),
    }  # fmt: skip


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def page(world):
    return f"/cohorts/{world.here}/mentorships"


@pytest.fixture
def crowd(scene, world):
    """Seven more participants without any mentor, and the id of the capacity of coaches."""
    with scene() as session:
        cohort = session.get(Cohort, world.here)
        for number in range(7):
            name = f"Peserta {number}"
            person = Person(name=name, sort_name=name.lower(), created_at=clock.now())
            session.add(person)
            session.flush()
            enrol(person, cohort, "participant", number + 10)
        return session.scalar(sa.select(Capacity.id).filter_by(key="coach"))


def sending(text):
    """What the page that asks once more would send."""
    form = text.split('method="post">')[-1].split("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {
        name: [value for key, value in fields if key == name]
        for name, _value in fields
        if name != "csrf_token"
    }


def proposed(client, page, world, crowd, *mentors):
    words = {"capacity_id": crowd, "mentors": [getattr(world, one) for one in mentors]}
    return client.get(f"{page}/sharing", query_string=words)


def coached(look, world, crowd):
    return Counter(
        look(
            sa.select(Mentorship.mentor_id).where(
                Mentorship.cohort_id == world.here,
                Mentorship.capacity_id == crowd,
                Mentorship.ended_at.is_(None),
            )
        )
    )


def test_what_most_lack_is_chosen_and_who_has_fewest_comes_first(administrator, page, crowd):
    text = administrator.get(f"{page}/sharing").text
    chosen = re.search(r"<option selected[^>]*>([^<]*)</option>", text)
    lacking = [int(one) for one in re.findall(r"<option[^>]*>[^<]*\((\d+) belum punya\)", text)]
    assert chosen
    assert f"({max(lacking)} belum punya)" in chosen[1]
    assert lacking.index(max(lacking)) > 0
    held = [int(one) for one in re.findall(r"sekarang membimbing (\d+)", text)]
    assert held == sorted(held)
    assert held[-1] > held[0]


def test_the_proposal_is_seen_first_and_then_applied_once(
    administrator, world, page, crowd, look, sign_in
):
    before = coached(look, world, crowd)
    assert before == {world.coach: 2}
    text = proposed(administrator, page, world, crowd, "coach", "mentor", "other_mentor").text
    assert "Peserta 6" in text
    assert coached(look, world, crowd) == before
    fields = sending(text)
    for _ in range(2):
        assert administrator.post(f"{page}/sharing", data=fields).status_code == 303
    assert coached(look, world, crowd) == {world.coach: 3, world.mentor: 3, world.other_mentor: 3}
    told = look(sa.select(Notice.person_id).filter_by(kind="mentees_assigned"))
    assert sorted(told) == sorted([world.coach, world.mentor, world.other_mentor])
    assert len(look(sa.select(Notice.id).filter_by(kind="mentorship_begun"))) == 7
    assert look(sa.select(JournalEntry.verb)).count("cohorts.share_out") == 1
    assert "Anda sekarang membimbing 3 peserta" in sign_in("mentor").get("/notices").text


def test_what_somebody_assigned_meanwhile_is_not_overwritten(
    administrator, world, page, crowd, look, sign_in
):
    fields = sending(proposed(administrator, page, world, crowd, "mentor").text)
    first = int(fields["pair"][0].split("-")[0])
    given = {"participant_id": first, "mentor_id": world.other_mentor, "capacity_id": crowd}
    assert sign_in("chief").post(page, data=given).status_code == 303
    answer = administrator.post(f"{page}/sharing", data=fields)
    assert answer.status_code == 409
    assert "Peserta 6" in answer.text
    assert coached(look, world, crowd) == {world.coach: 2, world.other_mentor: 1}
    assert administrator.post(f"{page}/sharing", data=sending(answer.text)).status_code == 303
    assert coached(look, world, crowd)[world.mentor] == 6


def test_two_administrators_share_out_at_once_and_it_is_done_once(
    administrator, world, page, crowd, look, sign_in
):
    clients, codes = [administrator, sign_in("chief")], []
    sent = [
        sending(proposed(clients[0], page, world, crowd, "mentor", "other_mentor").text),
        sending(proposed(clients[1], page, world, crowd, "other_mentor", "mentor").text),
    ]
    barrier = threading.Barrier(2)
    for client in clients:
        client.token()

    def press(client, fields):
        barrier.wait()
        codes.append(client.post(f"{page}/sharing", data=fields).status_code)

    threads = [
        threading.Thread(target=press, args=both) for both in zip(clients, sent, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]
    assert sum(coached(look, world, crowd).values()) == 9


@pytest.mark.parametrize(
    "change",
    [{"mentors": []}, {"mentors": "9999"}, {"capacity_id": "x"}, {"pair": ["1-1"]},
     {"pair": ["999999-1"]}],
)  # fmt: skip
def test_what_cannot_be_shared_out_is_refused(administrator, world, page, crowd, look, change):
    fields = sending(proposed(administrator, page, world, crowd, "mentor").text)
    before = coached(look, world, crowd)
    answer = administrator.post(f"{page}/sharing", data={**fields, **change})
    assert answer.status_code in (409, 422)
    assert coached(look, world, crowd) == before


def test_nobody_gets_a_mentor_of_another_capacity_or_themselves(
    administrator, world, page, look, scene
):
    """The participant's supervisor may not become their examiner, too; the classmate's may."""
    with scene() as session:
        examiner = session.scalar(sa.select(Capacity.id).filter_by(key="examiner"))
    text = proposed(administrator, page, world, examiner, "mentor").text
    assert "Tidak satu pun mentor ini boleh membimbing: Ratna Wulandari." in text
    assert sending(text)["pair"] == [f"{world.classmate}-{world.mentor}"]


def test_the_board_says_who_lacks_whom_and_who_has_too_many(
    administrator, world, page, crowd, scene
):
    text = administrator.get(f"{page}?who=coach").text
    assert "Peserta 6" in text
    assert "Bayu Prasetyo" not in text.split("<tbody>")[1].split("</tbody>")[0]
    with scene() as session:
        session.get(Cohort, world.here).group_size = 1
    text = administrator.get(page).text
    assert "lebih dari sekitar 1" in text
    assert "Benturan kepentingan" not in text
    with scene() as session:
        session.add(
            Mentorship(
                cohort_id=world.here, participant_id=world.participant, mentor_id=world.mentor,
                capacity_id=crowd, starts_at=clock.now(),
            )
        )  # fmt: skip
    text = administrator.get(page).text
    assert "Dwi Santoso dan Ratna Wulandari: satu orang dalam dua peran" in text


def test_open_work_goes_to_the_new_mentor_and_what_was_released_stays(
    administrator, world, page, look, sign_in
):
    """The essay waits with a review begun by the supervisor; the report's review is released."""
    transfer = f"{page}/{world.here_mentorship}/transfer"
    text = administrator.get(transfer).text
    assert "Esai, versi 1" in text
    assert "umpan balik sudah dimulai" in text
    assert "Laporan" not in text
    review = f"/cohorts/{world.here}/submissions/{world.here_submission}/review"
    new = sign_in("other_mentor")
    assert new.get(review).status_code == 404
    released = look(sa.select(Review.released_by_id, Review.released_at).filter_by(
        submission_id=world.here_told))  # fmt: skip
    assert administrator.post(transfer, data={"mentor_id": world.other_mentor}).status_code == 303
    assert CANARY in new.get(review).text
    assert "Ratna Wulandari" in new.get("/reviews").text
    assert sign_in("mentor").get(review).status_code == 404
    after = look(sa.select(Review.released_by_id, Review.released_at).filter_by(
        submission_id=world.here_told))  # fmt: skip
    assert after == released
    told = look(sa.select(Notice.person_id).filter_by(kind="mentees_handed_over"))
    assert told == [world.mentor]
    assert "sekarang dibimbing Agus Hermawan" in sign_in("mentor").get("/notices").text


@pytest.mark.parametrize("people", [5, 35, 350])
def test_the_board_and_the_proposal_take_the_same_queries(
    administrator, world, page, scene, queries, people
):
    with scene() as session:
        now = clock.now()
        capacity = session.scalar(sa.select(Capacity.id).filter_by(key="coach"))
        for number in range(people):
            person = Person(name=f"Orang {number}", sort_name=f"orang {number}", created_at=now)
            session.add(person)
            session.flush()
            session.add(
                Enrolment(
                    cohort_id=world.here, person_id=person.id, role="participant", joined_at=now
                )
            )
            if number % 2:
                session.add(
                    Mentorship(
                        cohort_id=world.here, participant_id=person.id, mentor_id=world.coach,
                        capacity_id=capacity, starts_at=now,
                    )
                )  # fmt: skip
        assert session.scalar(sa.select(sa.func.count(Submission.id)))
    words = {"capacity_id": capacity, "mentors": [world.mentor, world.coach]}
    administrator.get(page)
    with queries() as seen:
        administrator.get(page)
    assert len(seen) == 4
    with queries() as seen:
        administrator.get(f"{page}/sharing", query_string=words)
    assert len(seen) == 4
