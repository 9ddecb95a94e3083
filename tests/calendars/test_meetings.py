"""Meetings on the calendar of a cohort, and the secret address of one's own."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.calendars.models import CalendarFeed, Meeting
from portal.cohorts.models import Enrolment
from portal.notices.models import Notice
from portal.people.models import Person


@pytest.fixture
def here(world):
    return f"/cohorts/{world.here}"


def meeting(**changes):
    day = (clock.now() + timedelta(days=10)).date().isoformat()
    return {"day": day, "begins": "08:00", "ends": "11:30", "subject": "Berpikir kreatif",
            "teacher": "Hadi Susilo", "place": "Aula", "link": "", "revision": "1",
            **changes}  # fmt: skip


def told(scene, kind):
    with scene() as session:
        return sorted(session.scalars(sa.select(Notice.person_id).filter_by(kind=kind)))


def everybody(scene, world):
    with scene() as session:
        return sorted(
            set(session.scalars(
                sa.select(Enrolment.person_id).filter_by(cohort_id=world.here, left_at=None)
            ))
        )  # fmt: skip


def test_everybody_sees_meetings_deadlines_and_days_off_on_one_page(sign_in, here, world):
    for who in ("participant", "mentor", "administrator"):
        text = sign_in(who).get(f"{here}/calendar").text
        assert "Wawasan kebangsaan" in text
        assert "Hadi Susilo · Aula BKPSDM" in text
        assert "Laporan" in text
        assert "Kelahiran Yesus Kristus" in text
        assert (f"{here}/meetings/" in text) == (who == "administrator")


def test_the_calendar_shows_the_deadline_that_holds_for_oneself(sign_in, here):
    assert "Dinas luar." in sign_in("classmate").get(f"{here}/calendar").text
    assert "Dinas luar." not in sign_in("participant").get(f"{here}/calendar").text


def test_the_calendar_names_its_zone_to_who_has_another(sign_in, here, world, scene):
    named = "Days and hours here are those of WIB."
    participant = sign_in("participant")
    for zone, is_named in (("Asia/Jayapura", True), ("Asia/Pontianak", False), (None, False)):
        with scene() as session:
            mine = sa.update(Person).filter_by(id=world.participant)
            session.execute(mine.values(zone=zone, language="en"))
        assert (named in participant.get(f"{here}/calendar").text) == is_named


def test_a_meeting_is_planned_once_moved_once_and_cancelled_once(sign_in, here, world, scene):
    administrator = sign_in("administrator")
    for _ in range(2):
        assert administrator.post(f"{here}/meetings", data=meeting()).status_code == 303
    with scene() as session:
        rows = session.scalars(sa.select(Meeting).filter_by(subject="Berpikir kreatif")).all()
    assert len(rows) == 1
    assert told(scene, "meeting_planned") == everybody(scene, world)
    page = f"{here}/meetings/{rows[0].id}"
    assert 'value="08:00"' in administrator.get(f"{page}/edit").text
    moved = meeting(begins="13:00", ends="15:00")
    assert administrator.post(f"{page}/edit", data=moved).status_code == 303
    again = administrator.post(f"{page}/edit", data=meeting(subject="Lain"))
    assert again.status_code == 409
    assert "Lain" in again.text
    assert told(scene, "meeting_changed") == everybody(scene, world)
    assert "13.00–15.00" in sign_in("participant").get(f"{here}/calendar").text
    sure = {"sure": "yes", "revision": "2"}
    assert administrator.post(f"{page}/cancellation", data={}).status_code == 422
    assert administrator.post(f"{page}/cancellation", data=sure).status_code == 303
    assert administrator.post(f"{page}/cancellation", data=sure).status_code == 409
    assert told(scene, "meeting_cancelled") == everybody(scene, world)
    assert "dibatalkan" in sign_in("participant").get(f"{here}/calendar").text


@pytest.mark.parametrize(
    "change",
    [{"day": ""}, {"day": "0001-01-01"}, {"ends": "07:00"}, {"ends": "08:00"}, {"subject": ""},
     {"link": "javascript:alert(1)"}, {"link": "https://"}, {"link": "https://[x"}],
)  # fmt: skip
def test_a_meeting_that_cannot_be_is_refused_and_what_was_typed_stays(sign_in, here, scene, change):
    answer = sign_in("administrator").post(f"{here}/meetings", data=meeting(**change))
    assert answer.status_code == 422
    assert "Hadi Susilo" in answer.text
    with scene() as session:
        assert session.scalars(sa.select(Meeting).filter_by(teacher="Hadi Susilo", place="Aula")
                               ).all() == []  # fmt: skip


def test_two_who_move_a_meeting_at_once_move_it_once(sign_in, here, world, scene):
    clients, codes, barrier = [sign_in("administrator"), sign_in("chief")], [], threading.Barrier(2)
    for client in clients:
        client.token()

    def press(client):
        barrier.wait()
        page = f"{here}/meetings/{world.here_meeting}/edit"
        codes.append(client.post(page, data=meeting()).status_code)

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]


def made(client) -> str:
    answer = client.post("/profile/calendar")
    assert answer.status_code == 200
    return answer.text.split('id="feed-address" value="http://localhost')[1].split('"')[0]


def test_a_feed_holds_meetings_and_ones_own_deadlines_and_nothing_else(sign_in, visitor, world):
    address = made(sign_in("classmate"))
    answer = visitor.get(address)
    assert answer.mimetype == "text/calendar"
    text = answer.text.replace("\r\n ", "")
    assert "SUMMARY:Wawasan kebangsaan" in text
    assert "SUMMARY:Tenggat: Esai" in text
    assert f"UID:meeting-{world.here_meeting}@sinau" in text
    assert f"UID:meeting-{world.elsewhere_meeting}@sinau" not in text
    assert "CANARY" not in text


def test_a_mentors_feed_holds_the_meetings(sign_in, visitor):
    text = visitor.get(made(sign_in("coach"))).text
    assert text.count("BEGIN:VEVENT") == 1


def test_a_new_address_ends_the_old_and_ending_leaves_none(sign_in, visitor, scene):
    participant = sign_in("participant")
    first = made(participant)
    second = made(participant)
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    with scene() as session:
        hashes = session.scalars(sa.select(CalendarFeed.token_hash)).all()
    assert not any(token in second for token in hashes)
    assert second.split("/")[-1] not in participant.get("/profile/calendar").text
    assert participant.post("/profile/calendar/removal").status_code == 303
    assert visitor.get(second).status_code == 404


def test_whoever_left_has_an_empty_feed(sign_in, visitor, scene, world):
    address = made(sign_in("classmate"))
    with scene() as session:
        session.execute(
            sa.update(Enrolment).filter_by(person_id=world.classmate).values(left_at=clock.now())
        )
    assert "BEGIN:VEVENT" not in visitor.get(address).text


@pytest.mark.parametrize("who", ["participant", "administrator"])
def test_the_calendar_takes_the_same_queries(sign_in, here, world, scene, queries, who):
    client, counts = sign_in(who), []
    for rows in (1, 3, 35, 350):
        with scene() as session:
            session.execute(sa.delete(Meeting))
            for number in range(rows):
                starts = clock.now() + timedelta(hours=number)
                session.add(
                    Meeting(cohort_id=world.here, subject=f"Materi {number}", starts_at=starts,
                            ends_at=starts + timedelta(hours=1), changed_at=starts)
                )  # fmt: skip
        with queries() as seen:
            assert client.get(f"{here}/calendar").status_code == 200
        counts.append(len(seen))
    assert counts == [6, 6, 6, 6]


def test_the_feed_takes_the_same_queries_in_two_cohorts_as_in_one(sign_in, visitor, queries, scene,
                                                                 world):  # fmt: skip
    address, counts = made(sign_in("participant")), []
    for cohort in (None, "sibling"):
        if cohort:
            with scene() as session:
                session.add(Enrolment(cohort_id=world.sibling, person_id=world.participant,
                                      role="participant", joined_at=clock.now()))  # fmt: skip
        with queries() as seen:
            assert visitor.get(address).status_code == 200
        counts.append(len(seen))
    assert counts == [6, 6]
