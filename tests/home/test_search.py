"""Search: only what the person may read, and only their own work."""

import pytest

from portal import clock
from portal.courses.models import Lesson, Module
from portal.courses.rendering import folded
from portal.courses.snippets import snippet
from portal.submissions.models import Draft


@pytest.fixture
def texts(scene, world):
    with scene() as session:
        for number, words in (
            (world.here_lesson_1_1, "Standar pelayanan dan keluhan warga"),
            (world.here_lesson_2_1, "Keluhan warga yang terkunci"),
            (world.elsewhere_lesson_1_1, "Keluhan warga di tempat lain"),
        ):
            lesson = session.get(Lesson, number)
            lesson.html, lesson.search_text = f"<p>{words} <b>100%</b></p>", folded(words + " 100%")
        session.get(Module, world.here_module_2).opens_after_days = 365
        for person in (world.participant, world.classmate):
            session.query(Draft).filter_by(
                cohort_id=world.here, assignment_id=world.here_essay, person_id=person
            ).delete()
            session.add(
                Draft(
                    cohort_id=world.here,
                    assignment_id=world.here_essay,
                    person_id=person,
                    text=f"Keluhan <i>warga</i> nomor {person}",
                    changed_at=clock.now(),
                    hand_in_key=f"kunci {person}",
                )
            )


def found(client, world, words: str) -> list[str]:
    import re

    answer = client.get(f"/cohorts/{world.here}/search", query_string={"q": words})
    assert answer.status_code == 200
    return re.findall(r'<p class="row-title"><a href="([^"]+)"', answer.text)


def test_one_finds_open_lessons_and_ones_own_work_only(texts, sign_in, world):
    lesson = f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}"
    locked = f"/cohorts/{world.here}/lessons/{world.here_lesson_2_1}"
    draft = f"/cohorts/{world.here}/assignments/{world.here_essay}/draft"
    assert found(sign_in("participant"), world, "KELUHAN warga") == [lesson, draft]
    assert found(sign_in("mentor"), world, "keluhan warga") == [lesson, locked]
    assert found(sign_in("participant"), world, "keluhan tidak-ada") == []
    assert found(sign_in("participant"), world, f"nomor {world.classmate}") == []


def test_marks_of_the_database_are_plain_letters(texts, sign_in, world):
    lesson = f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}"
    client = sign_in("participant")
    assert found(client, world, "100%") == [lesson]
    assert (
        found(client, world, "_") == found(client, world, "%%") == found(client, world, "\\") == []
    )
    assert found(client, world, "") == found(client, world, "\x00") == []


def test_the_place_is_shown_and_nothing_in_it_runs(texts, sign_in, world):
    page = sign_in("participant").get(f"/cohorts/{world.here}/search?q=warga").text
    assert "&lt;i&gt;<mark>warga</mark>&lt;/i&gt;" in page


def test_snippet():
    text = "Awal. " * 40 + "Éksklusif <b> akhir " + "lagi " * 60
    shown = snippet(text, "eksklusif")
    assert shown.startswith("… ")
    assert "<mark>Éksklusif</mark> &lt;b&gt;" in shown
    assert snippet("pendek", "tidak") == "pendek"
    assert snippet("", "x") == ""


def test_the_number_of_queries_is_small(texts, sign_in, world, queries):
    client = sign_in("participant")
    with queries() as seen:
        assert client.get(f"/cohorts/{world.here}/search?q=warga").status_code == 200
    assert len(seen) == 5
