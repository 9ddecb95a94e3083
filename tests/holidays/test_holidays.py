"""The calendar in the browser: adding, moving, taking out, and who sees which layer."""

import threading
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Schedule
from portal.cohorts.models import Cohort
from portal.holidays.models import Holiday
from portal.holidays.queries import working_days_of
from portal.journal.models import JournalEntry
from portal.submissions.models import Submission
from tests.submissions.work import Desk

JAKARTA = ZoneInfo("Asia/Jakarta")
CHRISTMAS_LEAVE = date(2026, 12, 24)


@pytest.fixture
def place(world):
    return f"/organisations/{world.organisation}/holidays"


def day_off(day="2026-12-28", **changes):
    return {"day": day, "name": "Hari jadi kota", "kind": "own", "source": "", "moved_from": "",
            "revision": "0", **changes}  # fmt: skip


def worked(scene, organisation_id, *days):
    with scene():
        calendar = working_days_of(organisation_id)
    return [calendar.is_working(one) for one in days]


def test_the_shipped_year_is_shown_with_what_is_provisional(sign_in, place):
    administrator = sign_in("administrator")
    text = administrator.get(f"{place}?year=2026").text
    assert "Cuti bersama Natal" in text
    assert "SKB 3 Menteri 1497/2025, 2/2025, 5/2025" in text
    assert "sementara" not in text
    later = administrator.get(f"{place}?year=2027").text
    assert "Idulfitri 1448 Hijriah" in later
    assert later.count("state-due") == 13


def test_a_day_is_added_changed_moved_and_taken_out(sign_in, place, world, scene):
    administrator = sign_in("administrator")
    monday, tuesday = date(2026, 12, 28), date(2026, 12, 29)
    assert administrator.post(place, data=day_off()).status_code == 303
    assert worked(scene, world.organisation, monday, tuesday) == [False, True]
    assert "Hari jadi kota" in administrator.get(f"{place}/edit?day=2026-12-28").text
    moved = day_off("2026-12-29", moved_from="2026-12-28", revision="1")
    assert administrator.post(place, data=moved).status_code == 303
    assert worked(scene, world.organisation, monday, tuesday) == [True, False]
    out = {"day": "2026-12-29", "revision": "1"}
    assert administrator.post(f"{place}/removal", data=out).status_code == 303
    assert worked(scene, world.organisation, monday, tuesday) == [True, True]
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(Holiday.id))) == 0
        verbs = session.scalars(sa.select(JournalEntry.verb).order_by(JournalEntry.id)).all()
    assert [one for one in verbs if one.startswith("holidays")] == [
        "holidays.set_day_off", "holidays.give_back", "holidays.set_day_off", "holidays.give_back",
    ]  # fmt: skip


def test_a_shipped_day_is_taken_out_and_comes_back(sign_in, place, world, scene):
    administrator = sign_in("administrator")
    out = {"day": "2026-12-24", "revision": "0"}
    assert administrator.post(f"{place}/removal", data=out).status_code == 303
    assert worked(scene, world.organisation, CHRISTMAS_LEAVE) == [True]
    assert worked(scene, world.strange_organisation, CHRISTMAS_LEAVE) == [False]
    back = {"day": "2026-12-24", "revision": "1"}
    assert administrator.post(f"{place}/restoration", data=back).status_code == 303
    assert worked(scene, world.organisation, CHRISTMAS_LEAVE) == [False]


def test_what_the_portal_changes_holds_for_every_organisation_that_says_nothing(
    sign_in, place, world, scene
):
    own = sign_in("administrator").post(place, data=day_off("2027-05-18"))
    assert own.status_code == 303
    chief = sign_in("chief")
    assert chief.post("/holidays", data=day_off("2027-05-17", kind="public")).status_code == 303
    for day in ("2027-05-17", "2027-05-18"):
        revision = "1" if day == "2027-05-17" else "0"
        chief.post("/holidays/removal", data={"day": day, "revision": revision})
    monday, tuesday = date(2027, 5, 17), date(2027, 5, 18)
    assert worked(scene, world.organisation, monday, tuesday) == [True, False]
    assert worked(scene, world.strange_organisation, monday, tuesday) == [True, True]
    assert "Hari jadi kota" in sign_in("administrator").get(f"{place}?year=2027").text


@pytest.mark.parametrize(
    "change", [{"day": ""}, {"day": "0001-01-01"}, {"name": ""}, {"kind": "x"}, {"name": "x" * 201}]
)
def test_a_day_that_cannot_be_is_refused_and_what_was_typed_stays(sign_in, place, scene, change):
    answer = sign_in("administrator").post(place, data=day_off(source="Edaran 7", **change))
    assert answer.status_code == 422
    assert "Edaran 7" in answer.text
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(Holiday.id))) == 0


def test_whoever_saw_an_older_calendar_is_told(sign_in, place):
    administrator, chief = sign_in("administrator"), sign_in("chief")
    assert chief.post(place, data=day_off()).status_code == 303
    answer = administrator.post(place, data=day_off(name="Libur lain"))
    assert answer.status_code == 409
    assert "Libur lain" in answer.text
    out = {"day": "2026-12-28", "revision": "0"}
    assert administrator.post(f"{place}/removal", data=out).status_code == 409


def test_two_who_add_the_same_day_at_once_add_it_once(portal, sign_in, place, scene):
    clients, codes, barrier = [sign_in("administrator"), sign_in("chief")], [], threading.Barrier(2)
    for client in clients:
        client.token()

    def press(client):
        barrier.wait()
        codes.append(client.post(place, data=day_off()).status_code)

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(Holiday.id))) == 1


def test_a_cohort_is_laid_out_around_the_holidays(sign_in, world, scene):
    fields = {"course_id": world.here_course, "name": "Angkatan IX", "starts_on": "2026-12-14",
              "ends_on": "2027-04-30", "counting": "working"}  # fmt: skip
    administrator = sign_in("administrator")
    address = f"/organisations/{world.organisation}/cohorts"
    assert "7 Jan 2027 23.59 WIB" in administrator.get(f"{address}/new", query_string=fields).text
    assert administrator.post(address, data=fields).status_code == 303
    with scene() as session:
        due = session.scalars(
            sa.select(Schedule.due_at)
            .join(Cohort, Cohort.id == Schedule.cohort_id)
            .where(Cohort.name == "Angkatan IX")
            .order_by(Schedule.id)
        ).first()
    # Fourteen working days after 14 December; 24, 25 December, 1 and 5 January are off.
    assert due == datetime(2027, 1, 7, 23, 59, tzinfo=JAKARTA)


def test_feedback_is_promised_around_the_holidays(sign_in, world, scene):
    today = clock.now().astimezone(JAKARTA).date()
    with scene() as session:
        calendar = working_days_of(world.organisation)
        first = calendar.plus(today, 1)
        session.add(
            Holiday(organisation_id=world.organisation, day=first, kind="own", name="Libur",
                    changed_at=clock.now())
        )  # fmt: skip
    desk = Desk(sign_in("classmate"), world.here, world.here_essay)
    desk.save("Esai saya.")
    assert desk.hand_in().status_code == 303
    with scene() as session:
        newest = session.scalars(sa.select(Submission).order_by(Submission.id.desc())).first()
        assert newest.feedback_by.astimezone(JAKARTA).date() == calendar.plus(first, 5)


def test_the_calendar_takes_the_same_queries(sign_in, place, world, scene, queries):
    administrator, counts = sign_in("administrator"), []
    for rows in (1, 3, 35, 300):
        with scene() as session:
            session.execute(sa.delete(Holiday))
            for number in range(rows):
                session.add(
                    Holiday(organisation_id=world.organisation, day=date(2030, 1, 1).replace(
                        month=number % 12 + 1, day=number // 12 + 1), kind="own", name="Libur",
                        changed_at=clock.now())
                )  # fmt: skip
        with queries() as seen:
            assert administrator.get(f"{place}?year=2030").status_code == 200
        counts.append(len(seen))
    assert counts == [3, 3, 3, 3]
