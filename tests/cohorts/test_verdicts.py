"""What a roster would do: every verdict, and that carrying it out leaves nothing to do."""

from dataclasses import replace
from datetime import date

import pytest

from portal.cohorts.details import Details
from portal.cohorts.plan import Known, Snapshot
from portal.cohorts.roster import roster_in
from portal.cohorts.sheets import Row, Sheet
from portal.cohorts.verdicts import plan_of

TODAY = date(2026, 11, 23)
SITI, BUDI, DEWI = "198503152010011012", "197901012005011003", "196805121990032004"
HEADER = ["Nama", "NIP", "E-mail", "Jabatan", "Peran", "Mentor", "NIP Mentor", "Coach"]


def planned(*rows, header=HEADER, snapshot=None):
    table = [header, *(r + [""] * (len(header) - len(r)) for r in rows)]
    sheet = Sheet("", tuple(Row(n, tuple(r)) for n, r in enumerate(table, 1)))
    return plan_of(roster_in([sheet], TODAY), snapshot or Snapshot())


def kinds(plan):
    return [v.kind for v in plan.verdicts]


def keys(plan):
    return [[p.key for p in v.problems] for v in plan.verdicts]


def carried_out(plan, snapshot):
    """The portal after the plan, as a database would have it."""
    ids = {key: 1000 + n for n, key in enumerate(plan.create)}
    people = {p.id: p for p in snapshot.people}
    for key, details in plan.create.items():
        people[ids[key]] = Known(ids[key], details)
    for who, values in plan.update.items():
        people[who] = replace(people[who], details=replace(people[who].details, **values))
    for who, (role, number) in plan.enrol.items():
        person = ids.get(who, who)
        people[person] = replace(people[person], role=role, list_number=number)
    for who, number in plan.renumber.items():
        people[who] = replace(people[who], list_number=number)
    pairs = {(ids.get(p, p), c, ids.get(m, m)) for p, c, m in plan.mentor}
    return replace(
        snapshot,
        people=tuple(people.values()),
        mentorships=snapshot.mentorships | pairs,
    )


def test_new_people_are_created_enrolled_and_joined():
    plan = planned(
        ["Siti", SITI, "s@x.id", "Kasi", "", "Budi", BUDI, "Dewi"], ["Dewi", DEWI, "", "", "Coach"]
    )
    assert [(v.kind, v.name, v.implied) for v in plan.verdicts] == [
        ("new", "Siti", False),
        ("new", "Budi", True),
        ("new", "Dewi", False),
    ]
    assert plan.verdicts[0].changes == (("supervisor", "", "Budi"), ("coach", "", "Dewi"))
    assert list(plan.create) == [f"nip:{SITI}", f"nip:{DEWI}", f"nip:{BUDI}"]
    assert plan.enrol[f"nip:{BUDI}"] == ("mentor", "")
    assert plan.mentor == [
        (f"nip:{SITI}", "supervisor", f"nip:{BUDI}"),
        (f"nip:{SITI}", "coach", f"nip:{DEWI}"),
    ]


def test_carrying_it_out_twice_changes_nothing():
    rows = (
        ["Siti", SITI, "s@x.id", "Kasi", "", "Budi", BUDI, "Dewi"],
        ["Dewi", DEWI, "", "", "Coach"],
        ["SITI", SITI, "", "", "", "", "", "Dewi"],
    )
    first = planned(*rows)
    after = carried_out(first, Snapshot())
    second = planned(*rows, snapshot=after)
    assert kinds(second) == ["same", "same", "same"]
    assert not second.changes_something


KNOWN = Known(1, Details("Siti", SITI, "old@x.id", position="Staf"), "participant", "3")


def test_a_known_person_is_same_or_changed_and_empty_cells_change_nothing():
    snapshot = Snapshot(people=(KNOWN,))
    assert kinds(planned(["Siti", SITI], snapshot=snapshot)) == ["same"]
    plan = planned(["Siti, S.E.", SITI, "new@x.id", "Kasi"], snapshot=snapshot)
    assert kinds(plan) == ["changed"]
    assert plan.verdicts[0].changes == (
        ("name", "Siti", "Siti, S.E."),
        ("email", "old@x.id", "new@x.id"),
        ("position", "Staf", "Kasi"),
    )
    assert plan.update == {1: {"name": "Siti, S.E.", "email": "new@x.id", "position": "Kasi"}}
    assert not plan.enrol


def test_somebody_who_belongs_elsewhere_is_enrolled_and_left_as_they_are():
    snapshot = Snapshot(people=(replace(KNOWN, role=None, editable=False),))
    plan = planned(["Siti Baru", SITI, "new@x.id"], snapshot=snapshot)
    assert (kinds(plan), keys(plan)) == (["new"], [["details-stay"]])
    assert plan.enrol == {1: ("participant", "")}
    assert not plan.update
    assert "old@x.id" not in str(plan.verdicts)


@pytest.mark.parametrize(
    ("person", "row", "key"),
    [
        (replace(KNOWN, role="mentor"), ["Siti", SITI], "enrolled-otherwise"),
        (KNOWN, ["Siti", SITI, "", "", "Mentor"], "enrolled-otherwise"),
        (replace(KNOWN, left=TODAY), ["Siti", SITI], "left-cohort"),
        (replace(KNOWN, closed=True), ["Siti", SITI], "closed-account"),
        (KNOWN, ["Siti", BUDI, "old@x.id"], "other-nip"),
    ],
)
def test_a_row_that_would_do_harm_is_refused(person, row, key):
    plan = planned(row, snapshot=Snapshot(people=(person,)))
    assert (kinds(plan), keys(plan)) == (["refused"], [[key]])
    assert not plan.changes_something


def test_two_people_in_one_row_are_refused():
    other = Known(2, Details("Budi", BUDI, "b@x.id"))
    plan = planned(["Siti", SITI, "b@x.id"], snapshot=Snapshot(people=(KNOWN, other)))
    assert keys(plan) == [["identities-differ"]]
    strangers = tuple(replace(one, editable=False) for one in (KNOWN, other))
    plan = planned(["Siti", SITI, "b@x.id"], snapshot=Snapshot(people=strangers))
    assert keys(plan) == [["identities-differ"]]
    assert "Budi" not in str(plan.verdicts)


def test_a_mentor_named_without_number_must_be_the_only_one_of_that_name():
    mentors = (
        Known(2, Details("Dr. Budi Santoso, M.Si", BUDI), "mentor"),
        Known(3, Details("Dewi", DEWI), "mentor"),
        Known(4, Details("DEWI", "196905121990032004"), "mentor"),
    )
    row = ["Andi", "198003152010011013", "", "", "", "Budi Santoso", "", "Dewi"]
    plan = planned(row, snapshot=Snapshot(people=mentors))
    assert plan.mentor == [("nip:198003152010011013", "supervisor", 2)]
    assert keys(plan) == [["mentor-ambiguous"]]
    assert keys(planned(row)) == [["mentor-unknown", "mentor-unknown"]]


def test_a_roster_never_replaces_a_mentor():
    mentors = (Known(2, Details("Budi", BUDI), "mentor"), Known(3, Details("Dewi", DEWI), "mentor"))
    snapshot = Snapshot((KNOWN, *mentors), frozenset({(1, "supervisor", 2)}))
    same = planned(["Siti", SITI, "", "", "", "Budi", BUDI], snapshot=snapshot)
    assert (kinds(same), keys(same)) == (["same"], [[]])
    other = planned(["Siti", SITI, "", "", "", "Dewi", DEWI], snapshot=snapshot)
    assert (kinds(other), keys(other)) == (["same"], [["has-mentor"]])
    assert not other.changes_something


def test_a_participant_is_not_made_a_mentor_by_being_named_as_one():
    plan = planned(
        ["Siti", SITI, "", "", "", "Budi", BUDI], ["Budi", BUDI], snapshot=Snapshot((KNOWN,))
    )
    assert keys(plan) == [["mentor-is-participant"], []]
    assert plan.mentor == []


def test_a_capacity_is_one_the_portal_has():
    header = ["Nama", "NIP", "Peran", "Kapasitas"]
    plan = planned(["Budi", BUDI, "Mentor", "Narasumber"], header=header)
    assert keys(plan) == [["capacity-unknown"]]
    wider = Snapshot(capacities=(("resource", "Narasumber"),))
    assert keys(planned(["Budi", BUDI, "Mentor", "Narasumber"], header=header, snapshot=wider)) == [
        []
    ]
