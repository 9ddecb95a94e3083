"""A cohort at a glance over HTTP: what it shows, what it never shows, and what it costs."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts.models import Enrolment, Mentorship
from portal.cohorts.sheets import read_sheets
from portal.database import db
from portal.learning.models import LessonCompletion
from portal.people.models import Person
from portal.reviews.models import Review
from portal.submissions.models import Draft, Submission


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def page(world):
    return f"/cohorts/{world.here}/progress"


@pytest.fixture
def scene(portal):
    """``scene(rows...)``: put rows into the database."""

    def put(*rows):
        with portal.app_context():
            db.session.info["readonly"] = False
            db.session.add_all(rows)
            db.session.commit()
            db.session.remove()

    return put


def handed_in(cohort, assignment, person, number=1, key=""):
    now = clock.now()
    return Submission(
        cohort_id=cohort, assignment_id=assignment, person_id=person, number=number,
        text="Rahasia", text_sha256="0" * 64, hand_in_key=f"{key}k{person}-{number}",
        receipt_code=f"{key}R{person}-{number}", received_at=now, draft_changed_at=now, due_at=now,
        deadline={}, punctuality="in_time", feedback_by=now + timedelta(days=5),
    )  # fmt: skip


def row_of(text, name):
    [row] = [one for one in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if name in one]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def reviewed(submission_id, **values):
    now = clock.now()
    return Review(submission_id=submission_id, started_at=now, saved_at=now, **values)


def test_what_is_read_handed_in_and_got_back_is_seen(administrator, world, page, scene):
    work = handed_in(world.here, world.here_essay, world.classmate, key="x")
    scene(
        work,
        LessonCompletion(
            cohort_id=world.here, person_id=world.classmate, lesson_id=world.here_lesson_1_1,
            done_at=clock.now(),
        ),
    )  # fmt: skip
    text = administrator.get(page).text
    assert "1 / 3" in row_of(text, "Bayu Prasetyo")
    assert "menunggu umpan balik" in row_of(text, "Bayu Prasetyo")
    scene(
        reviewed(
            work.id, decision="accepted", mark=Decimal("90.01"), feedback="Bagus",
            released_at=clock.now(), released_by_id=world.coach,
        )
    )  # fmt: skip
    row = row_of(administrator.get(page).text, "Bayu Prasetyo")
    assert "diterima" in row
    assert "90,01" in row


def test_a_review_draft_is_never_seen(administrator, world, page, scene):
    work = handed_in(world.here, world.here_essay, world.classmate, key="x")
    scene(work)
    scene(reviewed(work.id, decision="revise", mark=Decimal("12.34"), feedback="Belum"))
    for address in (page, f"{page}/marks.csv", f"{page}/progress.csv",
                    f"/cohorts/{world.here}/people/{world.classmate}/record"):  # fmt: skip
        text = administrator.get(address).get_data(as_text=True)
        assert "12,34" not in text
        assert "Rahasia" not in text


def test_a_correction_replaces_the_mark_it_corrects(administrator, world, page, scene):
    work = handed_in(world.here, world.here_essay, world.classmate, key="x")
    scene(work)
    for number, mark in ((1, "70.00"), (2, "75.50")):
        scene(
            reviewed(
                work.id, number=number, decision="accepted", mark=Decimal(mark),
                released_at=clock.now(), released_by_id=world.coach,
            )
        )  # fmt: skip
    assert "75,50" in row_of(administrator.get(page).text, "Bayu Prasetyo")


def test_who_left_and_mentors_are_not_in_the_table(administrator, page):
    text = administrator.get(page).text
    assert "Lestari Handayani" not in text
    assert "Dwi Santoso" not in text


def test_the_table_is_sorted_and_narrowed_by_plain_links(administrator, world, page):
    def names(query):
        return re.findall(r'record">([^<]+)<', administrator.get(f"{page}{query}").text)

    assert names("?sort=name") == ["Bayu Prasetyo", "Ratna Wulandari"]
    assert names("?sort=name&down=1") == ["Ratna Wulandari", "Bayu Prasetyo"]
    assert names("?words=BAYU") == ["Bayu Prasetyo"]
    assert names("?show=alone") == []
    assert len(names("?sort=nonsense&show=nonsense")) == 2


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_marks_are_numbers_and_nothing_is_nought(administrator, world, page, scene, form):
    work = handed_in(world.here, world.here_essay, world.classmate, key="x")
    scene(work)
    scene(
        reviewed(
            work.id, decision="accepted", mark=Decimal("90.01"), released_at=clock.now(),
            released_by_id=world.coach,
        )
    )  # fmt: skip
    [sheet] = read_sheets(administrator.get(f"{page}/marks.{form}").data, f"m.{form}")
    rows = {row.cells[1]: row.cells[3:] for row in sheet.rows[1:]}
    assert rows["Bayu Prasetyo"][0] == ("90,01" if form == "csv" else "90.01")
    assert rows["Ratna Wulandari"][0] == ""


def test_a_name_that_is_a_formula_stays_a_name(administrator, world, page, scene, portal):
    with portal.app_context():
        db.session.info["readonly"] = False
        db.session.get(Person, world.classmate).name = "=cmd|' /C calc'!A0"
        db.session.commit()
        db.session.remove()
    assert "\"'=cmd" in administrator.get(f"{page}/progress.csv").get_data(as_text=True)
    assert "\"'=cmd" in administrator.get(f"/cohorts/{world.here}/roster.csv").get_data(
        as_text=True
    )


def test_the_record_has_everything_of_one_person(administrator, world):
    text = administrator.get(f"/cohorts/{world.here}/people/{world.participant}/record").text
    for words in ("Dwi Santoso", "Sri Mulyani Kusuma", "Esai", "Laporan", "Modul 1"):
        assert words in text
    for who in ("mentor", "stranger"):
        answer = administrator.get(f"/cohorts/{world.here}/people/{getattr(world, who)}/record")
        assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 35, 350])
def test_the_same_queries_for_any_number_of_participants(
    portal, world, administrator, page, queries, rows
):
    fill(portal, world, rows)
    counts = []
    record = f"/cohorts/{world.here}/people/{world.classmate}/record"
    for address in (page, f"{page}/progress.csv", f"{page}/marks.xlsx", record):
        with queries() as seen:
            assert administrator.get(address).status_code == 200
        counts.append(len(seen))
    assert counts == [5, 5, 5, 10]


def fill(portal, world, rows):
    """That many further participants, each with a draft, two versions, a review, a lesson read."""
    with portal.app_context():
        db.session.info["readonly"] = False
        now = clock.now()
        capacity = db.session.scalar(sa.select(sa.func.min(Mentorship.capacity_id)))
        for number in range(rows):
            person = Person(name=f"Peserta {number}", sort_name=f"peserta {number}", created_at=now)
            db.session.add(person)
            db.session.flush()
            work = [handed_in(world.here, world.here_essay, person.id, n, "f") for n in (1, 2)]
            db.session.add_all(
                [
                    *work,
                    Enrolment(
                        cohort_id=world.here, person_id=person.id, role="participant",
                        joined_at=now, list_number=number + 10,
                    ),
                    Mentorship(
                        cohort_id=world.here, participant_id=person.id, mentor_id=world.mentor,
                        capacity_id=capacity, starts_at=now,
                    ),
                    Draft(
                        cohort_id=world.here, assignment_id=world.here_report, text="x",
                        person_id=person.id, changed_at=now, hand_in_key="k",
                    ),
                    LessonCompletion(
                        cohort_id=world.here, person_id=person.id,
                        lesson_id=world.here_lesson_1_1, done_at=now,
                    ),
                ]
            )  # fmt: skip
            db.session.flush()
            db.session.add(
                reviewed(
                    work[0].id, decision="revise", mark=Decimal(60), released_at=now,
                    released_by_id=world.mentor,
                )
            )  # fmt: skip
        db.session.commit()
        db.session.remove()
