"""People and mentors of a cohort, by hand: added, gone, back, assigned, handed over."""

import threading

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Enrolment, Mentorship
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.people.models import Person

NIP = "198503152010012012"


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def here(world):
    return f"/cohorts/{world.here}"


def verbs(look):
    return look(sa.select(JournalEntry.verb).order_by(JournalEntry.id))


def add(client, here, **fields):
    return client.post(f"{here}/people", data={"role": "participant", **fields})


@pytest.mark.parametrize(("who", "is_new"), [("administrator", True), ("classmate", False)])
def test_somebody_known_is_enrolled_as_they_are(administrator, here, world, look, who, is_new):
    of = sa.select(Person.name, Person.unit).filter_by(id=getattr(world, who))
    known = look(of)
    sent = {"name": "B", "username": who, "unit": "Dinas lain"}
    assert add(administrator, here, **sent).status_code == 303
    page = administrator.get(f"{here}/people").text
    assert f"{known[0][0]} sudah punya akun" in page
    assert ("kini terdaftar" in page) == is_new
    assert look(of) == known


def test_a_new_person_is_added_and_found_in_the_list(administrator, here, look):
    assert ">No.<" not in administrator.get(f"{here}/people").text
    answer = add(administrator, here, name="Yuni Astuti", nip=NIP, list_number="9", unit="DKK")
    assert ">No.<" in administrator.get(f"{here}/people").text
    assert answer.status_code == 303
    assert "Yuni Astuti" in administrator.get(f"{here}/people").text
    assert look(
        sa.select(Enrolment.role, Enrolment.list_number).join(Person).filter_by(name="Yuni Astuti")
    ) == [("participant", 9)]
    assert verbs(look)[-1] == "cohorts.add_person"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"name": "Yuni"}, 'value="Yuni"'),
        ({"name": "Yuni", "nip": "123"}, 'value="123"'),
        ({"name": "", "nip": NIP}, f'value="{NIP}"'),
        ({"name": "Yuni", "email": "bukan surel"}, "bukan surel"),
        ({"name": "Dwi", "email": "mentor@example.org"}, "mentor@example.org"),
        ({"name": "Yuni", "nip": NIP, "list_number": "banyak"}, "banyak"),
        ({"name": "Lestari", "email": "leaver@example.org"}, "leaver@example.org"),
    ],
)
def test_a_refused_person_brings_everything_typed_back(administrator, here, look, fields, kept):
    before = look(sa.select(sa.func.count(Enrolment.id)))
    answer = add(administrator, here, **fields)
    assert answer.status_code == 422
    assert kept in answer.text
    assert look(sa.select(sa.func.count(Enrolment.id))) == before


def test_leaving_is_a_date_and_ends_the_mentorships(administrator, world, here, look):
    page = f"{here}/people/{world.participant}/leaving"
    assert administrator.post(page).status_code == 422
    assert "Dwi Santoso" in administrator.get(page).text
    assert administrator.post(page, data={"sure": "yes"}).status_code == 303
    mine = sa.select(Enrolment.left_at).filter_by(cohort_id=world.here, person_id=world.participant)
    assert look(mine)[0] is not None
    current = sa.select(sa.func.count(Mentorship.id)).where(
        Mentorship.participant_id == world.participant, Mentorship.ended_at.is_(None)
    )
    assert look(current) == [0]
    assert administrator.post(f"{here}/people/{world.participant}/return").status_code == 303
    assert look(mine) == [None]
    assert look(current) == [0]
    assert verbs(look)[-2:] == ["cohorts.leave", "cohorts.come_back"]


def test_a_mentor_is_assigned_once_and_both_are_told(administrator, world, here, look):
    capacity = look(sa.select(Mentorship.capacity_id).filter_by(id=world.here_mentorship))[0]
    fields = {
        "participant_id": world.classmate,
        "mentor_id": world.mentor,
        "capacity_id": capacity,
    }
    for _ in range(2):
        assert administrator.post(f"{here}/mentorships", data=fields).status_code == 303
    assert look(
        sa.select(Mentorship.mentor_id)
        .where(Mentorship.participant_id == world.classmate, Mentorship.capacity_id == capacity)
        .order_by(Mentorship.id)
    ) == [world.other_mentor, world.mentor]
    told = look(sa.select(Notice.person_id, Notice.kind).where(Notice.kind.like("ment%")))
    assert sorted(told) == sorted(
        [(world.classmate, "mentorship_begun"), (world.mentor, "mentee_assigned")]
    )


@pytest.mark.parametrize(
    ("participant", "mentor"),
    [("participant", "stranger"), ("stranger", "mentor"), ("leaver", "mentor"), ("", "mentor")],
)
def test_only_people_of_the_cohort_are_joined(
    administrator, world, here, look, participant, mentor
):
    before = look(sa.select(sa.func.count(Mentorship.id)))
    fields = {
        "participant_id": getattr(world, participant) if participant else "",
        "mentor_id": getattr(world, mentor),
        "capacity_id": look(sa.select(sa.func.min(Mentorship.capacity_id)))[0],
    }
    assert administrator.post(f"{here}/mentorships", data=fields).status_code == 422
    assert look(sa.select(sa.func.count(Mentorship.id))) == before


def test_handing_over_keeps_the_history(administrator, world, here, look):
    page = f"{here}/mentorships/{world.here_mentorship}/transfer"
    fields = {"mentor_id": world.other_mentor}
    assert administrator.post(page, data=fields).status_code == 303
    rows = look(
        sa.select(Mentorship.mentor_id, Mentorship.ended_at.is_(None))
        .where(Mentorship.participant_id == world.participant)
        .order_by(Mentorship.id)
    )
    assert rows == [(world.mentor, False), (world.coach, True), (world.other_mentor, True)]
    assert administrator.post(page, data=fields).status_code == 404
    assert "Dwi Santoso" in administrator.get(f"{here}/mentorships").text


def test_everybody_of_a_mentor_can_be_handed_over_at_once(administrator, world, here, look):
    coached = look(
        sa.select(Mentorship.id)
        .filter_by(cohort_id=world.here, mentor_id=world.coach)
        .order_by(Mentorship.id)
    )
    fields = {"mentor_id": world.mentor, "everybody": "y"}
    administrator.post(f"{here}/mentorships/{coached[0]}/transfer", data=fields)
    assert sorted(
        look(
            sa.select(Mentorship.participant_id).where(
                Mentorship.mentor_id == world.mentor,
                Mentorship.ended_at.is_(None),
                Mentorship.capacity_id
                == sa.select(Mentorship.capacity_id).filter_by(id=coached[0]).scalar_subquery(),
            )
        )
    ) == sorted([world.participant, world.classmate])


def test_ending_needs_to_be_meant(administrator, world, here, look):
    page = f"{here}/mentorships/{world.here_mentorship}/end"
    assert administrator.get(page).status_code == 200
    assert administrator.post(page).status_code == 422
    assert administrator.post(page, data={"sure": "yes"}).status_code == 303
    assert look(sa.select(Mentorship.ended_at).filter_by(id=world.here_mentorship)) != [None]


def test_who_has_no_mentor_is_easy_to_see(administrator, here):
    add(administrator, here, name="Yuni Astuti", nip=NIP)
    text = administrator.get(f"{here}/mentorships?who=alone").text
    assert "Yuni Astuti" in text
    assert "Ratna Wulandari" not in text


def test_two_administrators_hand_over_at_once_and_one_does_it(portal, world, sign_in, here, look):
    clients = [sign_in("administrator"), sign_in("chief")]
    for client in clients:
        client.token()
    barrier, answers = threading.Barrier(2), []

    def press(client, to):
        barrier.wait()
        page = f"{here}/mentorships/{world.here_mentorship}/transfer"
        answers.append(client.post(page, data={"mentor_id": to}).status_code)

    targets = [world.other_mentor, world.other_mentor]
    threads = [
        threading.Thread(target=press, args=pair) for pair in zip(clients, targets, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 303 in answers
    assert set(answers) <= {303, 404}
    current = look(
        sa.select(Mentorship.mentor_id).where(
            Mentorship.participant_id == world.participant, Mentorship.ended_at.is_(None)
        )
    )
    assert sorted(current) == sorted([world.coach, world.other_mentor])


@pytest.mark.parametrize("rows", [1, 3, 35, 350])
def test_the_lists_take_the_same_queries_for_any_number_of_people(
    portal, world, administrator, here, queries, rows
):
    crowd(portal, world, rows)
    counts = []
    for page in ("/people", "/mentorships", "/invitations", "/roster.csv", "/roster.xlsx"):
        with queries() as seen:
            assert administrator.get(f"{here}{page}").status_code == 200
        counts.append(len(seen))
    assert counts == [4, 4, 4, 5, 5]


def crowd(portal, world, rows):
    """That many further participants, each with a mentor, a NIP, and one who left."""
    from portal import clock
    from portal.cohorts.models import Capacity, Cohort
    from portal.database import db
    from portal.people.models import SignInName

    with portal.app_context():
        db.session.info["readonly"] = False
        cohort = db.session.get(Cohort, world.here)
        capacity = db.session.scalar(sa.select(Capacity.id).order_by(Capacity.position))
        now = clock.now()
        for number in range(rows):
            pair = [
                Person(name=f"{word} {number}", sort_name=f"{word} {number}", created_at=now)
                for word in ("peserta", "mentor", "mantan")
            ]
            db.session.add_all(pair)
            db.session.flush()
            ids = [person.id for person in pair]
            for person_id, role, left in zip(
                ids, ("participant", "mentor", "participant"), (None, None, now), strict=True
            ):
                db.session.add(
                    Enrolment(
                        cohort_id=cohort.id,
                        person_id=person_id,
                        role=role,
                        joined_at=now,
                        left_at=left,
                    )
                )
            name = f"{198503152010010000 + number}"
            db.session.add(SignInName(person_id=ids[0], kind="nip", name=name, folded=name))
            for ended in (None, now):
                db.session.add(
                    Mentorship(
                        cohort_id=cohort.id,
                        participant_id=ids[0],
                        mentor_id=ids[1],
                        capacity_id=capacity,
                        starts_at=now,
                        ended_at=ended,
                    )
                )
        db.session.commit()
        db.session.remove()
