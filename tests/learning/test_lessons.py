"""Reading the course: outline, lesson, done."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.courses.models import Lesson, Module
from portal.learning.models import LessonCompletion


def test_a_participant_reads_and_marks_lessons_until_the_course_is_done(sign_in, world):
    client = sign_in("participant")
    place = f"/cohorts/{world.here}"
    assert "0 of 3" in client.get(f"{place}/course", headers={"Accept-Language": "en"}).text
    first, second, third = world.here_lesson_1_1, world.here_lesson_1_2, world.here_lesson_2_1
    assert client.post(f"{place}/lessons/{first}/done").location.endswith(f"/lessons/{second}")
    assert client.post(f"{place}/lessons/{second}/done").location.endswith(f"/lessons/{third}")
    assert client.post(f"{place}/lessons/{third}/done").location.endswith("/course")
    assert "3 of 3" in client.get(f"{place}/course", headers={"Accept-Language": "en"}).text


def test_done_twice_is_done_once_and_can_be_taken_back(sign_in, world, database_session):
    client = sign_in("participant")
    lesson = f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}"
    client.post(f"{lesson}/done")
    client.post(f"{lesson}/done")
    assert database_session.query(LessonCompletion).count() == 1
    database_session.rollback()
    client.post(f"{lesson}/undone")
    database_session.rollback()
    assert database_session.query(LessonCompletion).count() == 0


def test_a_locked_lesson_says_why_and_cannot_be_marked(sign_in, world, database_session):
    module = database_session.get(Module, world.here_module_2)
    module.opens_after_days = 60
    database_session.commit()
    client = sign_in("participant")
    lesson = f"/cohorts/{world.here}/lessons/{world.here_lesson_2_1}"
    answer = client.get(lesson, headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert "Opens on" in answer.text
    assert client.post(f"{lesson}/done").status_code == 404
    assert sign_in("mentor").get(lesson).status_code == 200


def test_a_hidden_lesson_is_not_there(sign_in, world, database_session):
    from portal import clock

    database_session.get(Lesson, world.here_lesson_1_1).hidden_at = clock.now()
    database_session.commit()
    answer = sign_in("participant").get(f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}")
    assert answer.status_code == 404


def test_a_lesson_offers_its_files_as_downloads(sign_in, world):
    client = sign_in("participant")
    assert "here.txt" in client.get(f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}").text
    answer = client.get(f"/cohorts/{world.here}/files/here.txt")
    assert answer.data == b"Lembar kerja."
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("lessons", [1, 3, 35, 350])
def test_the_queries_do_not_grow_with_the_lessons(
    sign_in, world, database_session, queries, lessons
):
    for place in range(lessons):
        database_session.add(
            Lesson(module_id=world.here_module_1, position=9, title=f"Pelajaran {place}", body="")
        )
    database_session.commit()
    client = sign_in("participant")
    with queries() as seen:
        client.get(f"/cohorts/{world.here}/course")
    assert len(seen) == 2
    with queries() as seen:
        client.get(f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}")
    assert len(seen) == 4  # the sighting after the answer included


def test_opening_a_lesson_is_noted_but_a_prefetch_is_not(sign_in, world, database_session):
    from portal.journal.models import Sighting

    client = sign_in("participant")
    lesson = f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}"
    client.get(lesson, headers={"Sec-Purpose": "prefetch"})
    assert database_session.scalars(sa.select(Sighting.subject)).all() == []
    database_session.rollback()
    client.get(lesson).close()
    database_session.rollback()
    assert database_session.scalars(sa.select(Sighting.subject)).all() == ["lesson"]


def test_turning_pages_back_and_forth_is_one_visit(sign_in, world, scene):
    from portal.journal.models import Sighting

    client = sign_in("participant")
    first, second = (
        f"/cohorts/{world.here}/lessons/{lesson}"
        for lesson in (world.here_lesson_1_1, world.here_lesson_1_2)
    )
    begin = clock.now()
    for minutes, lesson in ((0, first), (1, second), (2, first), (9, first), (11, first)):
        with clock.at(begin + timedelta(minutes=minutes)):
            client.get(lesson).close()
    with scene() as session:
        noted = session.execute(
            sa.select(Sighting.subject_id, Sighting.at).order_by(Sighting.at)
        ).all()
    assert [(lesson, at - begin) for lesson, at in noted] == [
        (world.here_lesson_1_1, timedelta(0)),
        (world.here_lesson_1_2, timedelta(minutes=1)),
        (world.here_lesson_1_1, timedelta(minutes=11)),
    ]
