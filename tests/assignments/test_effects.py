"""Whom other dates of an assignment concern: seen before they are applied, told once afterwards."""

import re
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.assignments import rules
from portal.assignments.models import Schedule
from portal.cohorts.models import Enrolment
from portal.notices.models import Notice
from portal.people.models import Person

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
DAYS = st.lists(st.integers(-40, 40), min_size=3, max_size=3).map(sorted)


def dated(days):
    return rules.deadline(rules.Dates(*(NOW + timedelta(days=one, hours=1) for one in days)))


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ((-5, 5, 9), (-5, 5, 9), rules.UNCHANGED),
        ((-5, 5, 9), (-5, 7, 9), rules.LONGER),
        ((-5, 5, 9), (-5, 3, 9), rules.SHORTER),
        ((-5, 5, 9), (-5, -2, 9), rules.BECOMES_LATE),
        ((-5, 5, 9), (-5, -3, -2), rules.CLOSES),
        ((-5, 5, 9), (2, 5, 9), rules.SHUTS),
        ((-9, -7, -5), (-9, -7, 3), rules.REOPENS),
        ((-9, -7, 3), (-9, 2, 3), rules.BECOMES_TIMELY),
        ((3, 5, 9), (-3, 5, 9), rules.OPENS),
        ((-5, 5, 9), (-4, 5, 8), rules.MOVES),
    ],
)
def test_what_a_change_means_in_a_word(before, after, word):
    assert rules.effect(dated(before), dated(after), NOW, is_handed_in=False) == word


@given(DAYS, DAYS)
def test_work_that_was_handed_in_is_kept_whatever_the_dates(before, after):
    same = before == after
    word = rules.effect(dated(before), dated(after), NOW, is_handed_in=True)
    assert word == (rules.UNCHANGED if same else rules.KEPT)
    if word := rules.effect(dated(before), dated(after), NOW, is_handed_in=False):
        states = dated(before).state(NOW), dated(after).state(NOW)
        assert (states[0] != states[1]) == (
            word not in (rules.UNCHANGED, rules.MOVES, rules.LONGER, rules.SHORTER)
        )


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def edit(world):
    return lambda assignment: f"/cohorts/{world.here}/schedule/{assignment}/edit"


def dates(schedule, **changes):
    moments = {one: getattr(schedule, one) for one in ("opens_at", "due_at", "closes_at")}
    moments |= {one: moments[one] + change for one, change in changes.items()}
    typed = {one: f"{at.astimezone(JAKARTA):%Y-%m-%dT%H:%M}" for one, at in moments.items()}
    return {**typed, "feedback_days": schedule.feedback_days}


def schedule_of(scene, world, assignment_id):
    with scene() as session:
        return session.scalar(
            sa.select(Schedule).filter_by(cohort_id=world.here, assignment_id=assignment_id)
        )


def row_of(text, name):
    [row] = [one for one in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if name in one]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_who_handed_in_and_for_whom_it_becomes_late_is_seen_first(
    administrator, world, scene, edit
):
    schedule = schedule_of(scene, world, world.here_essay)
    wanted = dates(schedule, due_at=timedelta(days=-5))
    text = administrator.get(edit(world.here_essay), query_string=wanted).text
    assert "versi 1" in row_of(text, "Ratna Wulandari")
    assert "tetap memakai tenggatnya" in row_of(text, "Ratna Wulandari")
    assert "belum" in row_of(text, "Bayu Prasetyo")
    assert "langsung terlambat" in row_of(text, "Bayu Prasetyo")
    assert f'name="due_at" value="{wanted["due_at"]}"' in text
    assert schedule_of(scene, world, world.here_essay).due_at == schedule.due_at


def test_whose_extension_lasts_longer_is_not_told(administrator, world, scene, edit):
    """The classmate has two days more for the report, so one day more is nothing to them."""
    schedule = schedule_of(scene, world, world.here_report)
    wanted = dates(schedule, due_at=timedelta(days=1), closes_at=timedelta(days=1))
    text = administrator.get(edit(world.here_report), query_string=wanted).text
    assert "Ratna Wulandari" in text
    kept = text.split("Bagi orang-orang ini tidak ada yang berubah")[1]
    assert "Bayu Prasetyo" in kept
    wanted["revision"] = schedule.revision
    assert administrator.post(edit(world.here_report), data=wanted).status_code == 303
    with scene() as session:
        told = session.scalars(sa.select(Notice.person_id).filter_by(kind="deadline_moved")).all()
    assert told == [world.participant]


def test_another_opening_is_told_with_all_its_dates(administrator, world, scene, edit, sign_in):
    schedule = schedule_of(scene, world, world.here_report)
    wanted = {**dates(schedule, opens_at=timedelta(days=-1)), "revision": schedule.revision}
    assert administrator.post(edit(world.here_report), data=wanted).status_code == 303
    with scene() as session:
        told = session.scalars(sa.select(Notice.person_id).filter_by(kind="dates_moved")).all()
    assert sorted(told) == sorted([world.participant, world.classmate])
    assert "Tanggal Laporan berubah" in sign_in("participant").get("/notices").text


def test_a_wrong_date_comes_back_with_its_error_and_what_was_typed(
    administrator, world, scene, edit
):
    schedule = schedule_of(scene, world, world.here_essay)
    wanted = dates(schedule, due_at=timedelta(days=-30))
    answer = administrator.get(edit(world.here_essay), query_string=wanted)
    assert answer.status_code == 422
    assert wanted["due_at"] in answer.text
    assert "Yang terkena" not in answer.text


def test_two_administrators_press_at_once_and_everybody_is_told_once(world, scene, edit, sign_in):
    schedule = schedule_of(scene, world, world.here_essay)
    wanted = {**dates(schedule, due_at=timedelta(days=3)), "revision": schedule.revision}
    clients, codes = [sign_in("administrator"), sign_in("chief")], []
    barrier = threading.Barrier(2)
    for client in clients:
        client.token()

    def press(client):
        barrier.wait()
        codes.append(client.post(edit(world.here_essay), data=wanted).status_code)

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]
    with scene() as session:
        told = session.scalars(sa.select(Notice.person_id).filter_by(kind="deadline_moved")).all()
    assert sorted(told) == sorted([world.participant, world.classmate])


@pytest.mark.parametrize("people", [5, 35, 350])
def test_the_effects_take_the_same_queries_for_any_number_of_people(
    administrator, world, scene, edit, queries, people
):
    with scene() as session:
        for number in range(people):
            person = Person(
                name=f"Orang {number}", sort_name=f"orang {number}", created_at=clock.now()
            )
            session.add(person)
            session.flush()
            session.add(
                Enrolment(
                    cohort_id=world.here, person_id=person.id, role="participant",
                    joined_at=clock.now(),
                )
            )  # fmt: skip
    schedule = schedule_of(scene, world, world.here_essay)
    address = edit(world.here_essay)
    wanted = dates(schedule, due_at=timedelta(days=1))
    administrator.get(address)
    with queries() as seen:
        administrator.get(address, query_string=wanted)
    assert len(seen) == 6
