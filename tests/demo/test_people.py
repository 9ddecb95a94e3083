"""The people of the demo and their rosters: pure, and the same for the same seed."""

from collections import Counter
from datetime import date

import pytest

from portal.cohorts.roster import read_roster
from portal.demo.people import COHORTS, cast
from portal.demo.rosters import workbook

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def people():
    return cast()


def test_two_cohorts_of_35_with_50_supervisors_and_7_coaches(people):
    assert [len(people.of(cohort)) for cohort in COHORTS] == [35, 35]
    assert len(people.supervisors) == 50
    assert Counter(member.coach for member in people.members) == dict.fromkeys(people.coaches, 10)
    assert len(people.administrators) == 2


def test_some_supervisors_have_several_participants_across_cohorts(people):
    cohorts = {}
    for member in people.members:
        cohorts.setdefault(member.supervisor, []).append(member.cohort)
    assert Counter(map(len, cohorts.values())) == {1: 35, 2: 10, 3: 5}
    assert sum(set(them) == set(COHORTS) for them in cohorts.values()) >= 10


def test_names_and_numbers_are_each_used_once(people):
    everybody = [one.person for one in people.members]
    everybody += [*people.supervisors, *people.coaches, *people.administrators]
    for attribute in ("name", "nip", "email", "phone"):
        assert len({getattr(one, attribute) for one in everybody}) == 129


def test_the_three_sign_ins(people):
    participant = next(one for one in people.members if one.person.username == "participant")
    assert (participant.cohort, participant.coach.username) == ("Angkatan VI", "mentor")
    assert [one.username for one in people.administrators] == ["administrator", ""]


def test_the_same_seed_gives_the_same_people_and_the_same_bytes(people):
    assert cast() == people != cast(7)
    assert workbook(cast(), COHORTS[0]) == workbook(people, COHORTS[0])


@pytest.mark.parametrize("cohort", COHORTS)
def test_the_roster_is_read_without_a_problem(people, cohort):
    roster = read_roster(workbook(people, cohort), f"{cohort}.xlsx", TODAY)
    assert [row.problems for row in roster.rows if row.problems] == []
    assert roster.unused_columns == []
    roles = Counter(row.role for row in roster.rows)
    assert roles["participant"] == 35
    assert {row.details.nip for row in roster.rows if row.role == "participant"} == {
        member.person.nip for member in people.of(cohort)
    }
