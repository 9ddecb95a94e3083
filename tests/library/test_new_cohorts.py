"""Opening a cohort: from a course, or with the set-up of another cohort."""

import re
import threading
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal.assignments.models import Assignment, Schedule
from portal.assignments.rules import moved_along
from portal.calendars.models import Meeting
from portal.cohorts.models import NUMBERS, Cohort, Enrolment
from portal.courses.models import Course
from portal.database import db
from portal.holidays.rules import WorkingDays
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.rubrics.models import RubricVersion

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def look(scene):
    def rows(statement):
        with scene() as session:
            found = session.execute(statement).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    return rows


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def address(world):
    return f"/organisations/{world.organisation}/cohorts"


def new_cohort(world, **changes):
    return {"course_id": world.here_course, "name": "Angkatan VIII", "starts_on": "2027-01-04",
            "ends_on": "2027-04-30", "counting": "all", **changes}  # fmt: skip


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Pengawas (PKP)", "Pengawas (PKP)"), ("Pengawas", "Pengawas (PKP)")],
)
def test_a_course_is_offered_with_its_code_once(administrator, world, address, scene, title, shown):
    with scene() as session:
        course = session.get(Course, world.here_course)
        course.title, course.code = title, "PKP"
    page = administrator.get(f"{address}/new").text
    assert re.findall(rf'<option[^>]*value="{world.here_course}">([^<]+)<', page) == [shown]


def test_the_schedule_is_shown_before_the_cohort_is_opened(administrator, world, look):
    address = f"/organisations/{world.organisation}/cohorts"
    before = look(sa.select(sa.func.count(Cohort.id)))
    text = administrator.get(f"{address}/new", query_string=new_cohort(world)).text
    assert "Esai" in text
    assert "18 Jan 2027 23.59 WIB" in text
    assert look(sa.select(sa.func.count(Cohort.id))) == before
    answer = administrator.post(address, data=new_cohort(world))
    cohort = look(sa.select(Cohort.id).filter_by(name="Angkatan VIII"))[0]
    assert answer.location == f"/cohorts/{cohort}/imports"
    made = look(sa.select(Schedule.due_at).filter_by(cohort_id=cohort).order_by(Schedule.id))
    assert made[0] == datetime(2027, 1, 18, 23, 59, tzinfo=JAKARTA)
    assert len(made) == 2
    assert "cohorts.create" in look(sa.select(JournalEntry.verb))


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""}, {"name": "Angkatan here"}, {"ends_on": "2026-01-01"}, {"course_id": "x"},
        {"starts_on": "0001-01-01"}, {"course_id": "elsewhere"},
    ],
)  # fmt: skip
def test_a_cohort_that_cannot_be_is_refused(administrator, world, look, change):
    if change.get("course_id") == "elsewhere":
        change = {"course_id": world.elsewhere_course}
    before = look(sa.select(sa.func.count(Cohort.id)))
    address = f"/organisations/{world.organisation}/cohorts"
    assert administrator.post(address, data=new_cohort(world, **change)).status_code == 422
    assert look(sa.select(sa.func.count(Cohort.id))) == before


def at(day, hour=23, minute=59):
    return datetime.combine(day, time(hour, minute), tzinfo=JAKARTA)


@pytest.fixture
def old(scene, world):
    """«here» began on Monday 2 March 2026: the essay was due on its tenth working day (19 March was
    a holiday), the report later; numbers of its own; two meetings, one of them cancelled."""
    begins = date(2026, 3, 2)
    with scene() as session:
        cohort = session.get_one(Cohort, world.here)
        cohort.starts_on, cohort.ends_on = begins, date(2026, 3, 31)
        cohort.silent_days, cohort.unanswered_days, cohort.group_size = 3, 4, 9
        essay, report = session.scalars(
            sa.select(Schedule).filter_by(cohort_id=world.here).order_by(Schedule.assignment_id)
        )
        essay.opens_at, essay.due_at = at(begins, 8, 0), at(date(2026, 3, 16), 16, 30)
        # Late until Sunday at noon; that counts as Monday.
        essay.closes_at, essay.feedback_days = at(date(2026, 3, 22), 12, 0), 9
        report.opens_at = report.due_at = report.closes_at = at(date(2026, 3, 30))
        session.execute(sa.delete(Meeting).where(Meeting.cohort_id == world.here))
        for day, gone in ((4, None), (5, at(begins))):
            session.add(
                Meeting(
                    cohort_id=world.here, subject="Wawasan kebangsaan", teacher="Hadi Susilo",
                    place="Aula", link="https://meet.example.org/lama", cancelled_at=gone,
                    starts_at=at(date(2026, 3, day), 9, 15), ends_at=at(date(2026, 3, day), 11, 0),
                    changed_at=at(begins),
                )
            )  # fmt: skip
    return world.here


def again(old, **changes):
    return {"like": old, "name": "Angkatan IX", "starts_on": "2026-10-05", "ends_on": "",
            "counting": "working", **changes}  # fmt: skip


def test_a_set_up_is_shown_and_then_copied_without_people(
    administrator, address, world, look, scene, old
):
    with scene() as session:
        essay = session.get_one(Assignment, world.here_essay)
        newest = RubricVersion(rubric_id=essay.rubric_id, number=2, created_at=at(date(2026, 4, 1)))
        session.add(newest)
        session.flush()
        newest = newest.id
        counts = {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in db.metadata.sorted_tables
        }
    settings = administrator.get(f"/cohorts/{old}/edit").text
    assert f"{address}/new?like={old}" in settings
    assert 'name="course_id"' not in administrator.get(f"{address}/new?like={old}").text
    shown = administrator.get(f"{address}/new", query_string=again(old)).text
    for words in ("19 Okt 2026 16.30 WIB", "Wawasan kebangsaan", "7 Okt 2026 09.15 WIB"):
        assert words in shown.replace("Oct", "Okt")
    assert look(sa.select(sa.func.count(Cohort.id))) == [counts["cohort"]]

    assert administrator.post(address, data=again(old)).status_code == 303
    new = look(sa.select(Cohort).filter_by(name="Angkatan IX"))[0]
    assert [getattr(new, one) for one in NUMBERS] == [3, 4, 9]
    assert new.course_id == world.here_course
    essay, report = look(
        sa.select(Schedule).filter_by(cohort_id=new.id).order_by(Schedule.assignment_id)
    )
    assert essay.opens_at == at(date(2026, 10, 5), 8, 0)
    assert essay.due_at == at(date(2026, 10, 19), 16, 30)
    assert (essay.feedback_days, essay.rubric_version_id) == (9, newest)
    assert report.due_at.astimezone(JAKARTA).time() == time(23, 59)
    meetings = look(sa.select(Meeting).filter_by(cohort_id=new.id))
    assert [(one.subject, one.place, one.teacher, one.link, one.starts_at, one.ends_at)
            for one in meetings] == [
        ("Wawasan kebangsaan", "Aula", "Hadi Susilo", "",
         at(date(2026, 10, 7), 9, 15), at(date(2026, 10, 7), 11, 0))
    ]  # fmt: skip
    assert look(sa.select(Enrolment).filter_by(cohort_id=new.id)) == []
    grown = {"cohort": 1, "schedule": 2, "meeting": 1, "journal_entry": 1}
    with scene() as session:
        for table in db.metadata.sorted_tables:
            if table.name not in ("sighting", "sign_in"):
                rows = session.scalar(sa.select(sa.func.count()).select_from(table))
                assert rows == counts[table.name] + grown.get(table.name, 0), table.name
    assert look(sa.select(JournalEntry.details).filter_by(verb="cohorts.create"))[0]["like"] == old
    assert look(sa.select(Notice.id).filter_by(kind="meeting_planned")) == []
    # Once more by a second press: the name is taken, and what was typed comes back.
    answer = administrator.post(address, data=again(old, ends_on="2026-11-30"))
    assert answer.status_code == 422
    assert 'value="2026-11-30"' in answer.text
    assert len(look(sa.select(Cohort).filter_by(name="Angkatan IX"))) == 1


def test_two_administrators_open_the_next_cohort_at_once(sign_in, address, look, old):
    clients, barrier, answers = (
        [sign_in("administrator"), sign_in("chief")],
        threading.Barrier(2),
        [],
    )
    for client in clients:
        client.get(f"{address}/new?like={old}")

    def press(client):
        barrier.wait()
        answers.append(client.post(address, data=again(old)).status_code)

    threads = [threading.Thread(target=press, args=(one,)) for one in clients]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303, 422]
    [cohort] = look(sa.select(Cohort.id).filter_by(name="Angkatan IX"))
    assert len(look(sa.select(Schedule.id).filter_by(cohort_id=cohort))) == 2
    assert len(look(sa.select(Meeting.id).filter_by(cohort_id=cohort))) == 1


def test_what_the_course_has_got_since_then_has_the_dates_of_the_course(
    administrator, address, world, look, scene, old
):
    with scene() as session:
        session.execute(sa.delete(Schedule).filter_by(assignment_id=world.here_report))
    shown = administrator.get(f"{address}/new", query_string=again(old, counting="all")).text
    assert "new in the course" in shown or "baru dalam pelatihan" in shown.lower()
    administrator.post(address, data=again(old, counting="all"))
    cohort = look(sa.select(Cohort).filter_by(name="Angkatan IX"))[0]
    assert cohort.ends_on == date(2026, 11, 3)
    schedules = look(sa.select(Schedule.due_at).filter_by(cohort_id=cohort.id))
    offset = look(sa.select(Assignment.due_offset).filter_by(id=world.here_report))[0]
    assert sorted(schedules) == sorted(
        [at(date(2026, 10, 19), 16, 30), at(date(2026, 10, 5) + timedelta(days=offset))]
    )


def test_without_a_course_the_way_to_one_is_shown(sign_in):
    chief = sign_in("chief")
    fields = {"name": "BKPSDM Kota Batu", "zone": "Asia/Jakarta", "contact": ""}
    chief.post("/organisations", data=fields)
    found = re.findall(r"/organisations/(\d+)/cohorts/new", chief.get("/cohorts").text)
    newest = max(map(int, found))
    page = chief.get(f"/organisations/{newest}/cohorts/new").text
    assert f'href="/organisations/{newest}/course-imports/new"' in page


def test_only_a_cohort_of_this_organisation_is_copied(administrator, address, world, look):
    before = look(sa.select(sa.func.count(Cohort.id)))
    for like in (world.elsewhere, 0, "x", 2**40):
        assert administrator.get(f"{address}/new?like={like}").status_code == 404
        assert administrator.post(address, data=again(like)).status_code == 404
    assert look(sa.select(sa.func.count(Cohort.id))) == before


def test_showing_a_set_up_takes_as_many_queries_for_many_meetings(
    administrator, address, scene, queries, old
):
    def seen():
        administrator.get(f"{address}/new", query_string=again(old))
        with queries() as statements:
            administrator.get(f"{address}/new", query_string=again(old))
        return len(statements)

    few = seen()
    with scene() as session:
        for number in range(35):
            session.add(
                Meeting(
                    cohort_id=old, subject=f"Pertemuan {number}", changed_at=at(date(2026, 3, 2)),
                    starts_at=at(date(2026, 3, 4), 9), ends_at=at(date(2026, 3, 4), 11),
                )
            )  # fmt: skip
    assert seen() == few


days = st.dates(date(2024, 1, 1), date(2030, 1, 1))


@given(
    days,
    days,
    st.integers(-30, 200),
    st.times(),
    st.frozensets(st.integers(-400, 800), max_size=40),
)
def test_what_is_moved_along_keeps_its_hour_and_its_working_days(old, new, count, hour, off):
    calendar = WorkingDays(frozenset(old + timedelta(days=one) for one in off))
    moment = datetime.combine(calendar.plus(calendar.at_or_after(old), count), hour, tzinfo=JAKARTA)
    moved = moved_along(moment, old, new, JAKARTA, calendar)
    assert moved.time() == hour
    assert moved.date() == calendar.plus(calendar.at_or_after(new), count)
    assert moved_along(moment, old, old, JAKARTA, calendar) == moment
    assert moved_along(moment, old, new, JAKARTA) - moment == new - old
