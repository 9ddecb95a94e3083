"""The first page: what to do next, for each thing that a person is."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Schedule
from portal.cohorts.actions import enrol, pair
from portal.cohorts.models import Announcement, Cohort, Enrolment, Mentorship
from portal.database import db
from portal.people.actions import create_person
from portal.people.models import Person
from portal.submissions.models import Submission
from tests.reviews.scene import hand_in, released_review


@pytest.fixture
def scene(portal):
    """Rows of a test, committed before the client asks."""
    import contextlib

    @contextlib.contextmanager
    def rows():
        with portal.app_context():
            db.session.info["readonly"] = False
            yield db.session
            db.session.commit()

    return rows


def part(answer, heading: str) -> str:
    """What stands under a heading."""
    return answer.text.split(f">{heading}</h2>")[1].split("</section>")[0]


def test_the_next_task_says_until_when_and_why(world, sign_in):
    text = sign_in("classmate").get("/").text
    card = text.split('class="card card-next"')[1].split("</section>")[0]
    assert '<h2 class="card-title">Esai</h2>' in card
    assert "sisa 3 hari" in card or "sisa 4 hari" in card
    assert f'href="/cohorts/{world.here}/assignments/{world.here_essay}"' in card
    assert "Mulai" in card


def test_what_is_not_open_yet_stands_under_later(world, sign_in):
    assert "Laporan" in part(sign_in("classmate").get("/"), "Nanti")


def test_the_greeting_is_the_title(world, sign_in):
    assert "<h1>Halo, Bayu Prasetyo</h1>" in sign_in("classmate").get("/").text


def test_new_feedback_and_its_action_items_stand_at_home(world, sign_in, scene):
    with scene():
        released_review(hand_in("classmate").id, "coach")
    answer = sign_in("classmate").get("/")
    assert "Perlu diperbaiki" in part(answer, "Umpan balik baru")
    assert "Tindak lanjut yang dirilis" in part(answer, "Tindak lanjut (1)")
    card = answer.text.split('class="card card-next"')[1].split("</section>")[0]
    assert "Perbaiki dan kumpulkan lagi" in card


def test_what_is_handed_in_waits_and_is_not_to_do(world, sign_in, scene):
    with scene():
        hand_in("classmate")
    answer = sign_in("classmate").get("/")
    assert "Esai" in part(answer, "Menunggu umpan balik")
    assert "Dijanjikan sampai" in part(answer, "Menunggu umpan balik")
    assert "Tidak ada yang jatuh tempo" in answer.text


def test_what_closed_without_a_hand_in_is_told_with_whom_to_ask(world, sign_in, scene):
    past = clock.now() - timedelta(days=40)
    with scene() as session:
        session.execute(
            sa.update(Schedule)
            .where(Schedule.cohort_id == world.here, Schedule.assignment_id == world.here_essay)
            .values(opens_at=past, due_at=past, closes_at=past)
        )
    text = sign_in("classmate").get("/").text
    assert "Ditutup tanpa pengumpulan" in text
    assert "mintalah waktu tambahan" in text


def test_the_course_shows_how_far_one_is(world, sign_in):
    text = sign_in("classmate").get("/").text
    assert "0 dari 3" in text
    assert "Lanjut membaca: Pelajaran 1.1" in text


def test_announcements_of_own_cohorts_only(world, sign_in, scene):
    with scene() as session:
        for place in ("here", "elsewhere"):
            session.add(
                Announcement(
                    cohort_id=getattr(world, place),
                    author_id=world.chief,
                    title=f"Pengumuman {place}",
                    body="Isi.",
                    published_at=clock.now(),
                )
            )
    text = sign_in("classmate").get("/").text
    assert ("Pengumuman here" in text, "Pengumuman elsewhere" in text) == (True, False)


def test_a_mentor_sees_what_waits_the_most_overdue_first_and_the_count_in_the_title(
    world, sign_in, scene
):
    with scene():
        late = clock.now() - timedelta(days=9)
        hand_in("classmate", received_at=late, feedback_by=late + timedelta(days=5))
    answer = sign_in("other_mentor").get("/")
    assert "<title>(1) Halo, Agus Hermawan" in answer.text
    rows = answer.text.split('id="mentor"')[1].split("</section>")[0]
    assert "Bayu Prasetyo" in rows
    assert "row-marked is-late" in rows
    assert "Dijanjikan sampai" in rows


def test_a_mentor_sees_the_load_by_the_promised_day_as_in_the_queue(world, sign_in, scene):
    now = clock.now()
    assert "legend" not in sign_in("other_mentor").get("/").text, "nothing waits for them"
    with scene():
        hand_in("classmate", feedback_by=now - timedelta(hours=1))
        hand_in("participant", number=60, feedback_by=now + timedelta(days=5))
        hand_in("participant", assignment="report", number=60, feedback_by=now + timedelta(days=9))
    coach = sign_in("coach")

    def counted(path: str) -> list[int]:
        legend = re.search(r'<ul class="legend".*?</ul>', coach.get(path).text, re.DOTALL)
        return [int(one) for one in re.findall(r'class="number">(\d+)<', legend[0])]

    assert counted("/") == counted("/reviews") == [1, 0, 1, 1]


def test_somebody_elses_mentees_do_not_wait_here(world, sign_in, scene):
    with scene():
        hand_in("classmate")
    rows = sign_in("mentor").get("/").text.split('id="mentor"')[1].split("</section>")[0]
    assert "Bayu Prasetyo" not in rows


def test_a_person_with_two_standings_has_one_page(world, sign_in):
    text = sign_in("mentor").get("/").text
    assert text.index('id="participant"') < text.index('id="mentor"')


def test_an_administrator_sees_the_cohorts_and_three_things(world, sign_in, scene):
    with scene():
        late = clock.now() - timedelta(days=9)
        hand_in("classmate", received_at=late, feedback_by=late + timedelta(days=5))
    text = sign_in("administrator").get("/").text
    whole = text.split('id="administrator"')[1]
    assert "Angkatan here" in whole
    assert "Angkatan elsewhere" not in whole
    assert "Umpan balik melewati janji" in whole
    assert "Orang yang belum masuk" in whole


def test_a_cohort_without_people_needs_a_list(world, sign_in, scene):
    with scene() as session:
        session.execute(sa.delete(Enrolment).where(Enrolment.cohort_id == world.sibling))
    text = sign_in("administrator").get("/").text
    assert f'href="/cohorts/{world.sibling}/imports"' in text
    assert f'href="/cohorts/{world.here}/imports"' not in text


def test_a_participant_of_a_closed_cohort_is_told_so(world, sign_in, scene):
    with scene() as session:
        session.get_one(Cohort, world.here).closed_at = clock.now()
    text = sign_in("participant").get("/").text
    assert "Angkatan Anda sudah ditutup" in text
    assert "sudah mengumpulkan semua" not in text


def test_the_chief_sees_every_organisation(world, sign_in):
    text = sign_in("chief").get("/").text
    assert ("BKPSDM Kota Malang</h2>" in text, "BKPSDM Denpasar</h2>" in text) == (True, True)


def test_who_is_nothing_anywhere_is_told_so(world, sign_in):
    assert "Anda belum masuk angkatan mana pun" in sign_in("leaver").get("/").text


def fill(session, world, many: int) -> None:
    """``many`` more mentees, hand-ins, announcements and cohorts for the mentor and the chief."""
    here = session.get(Cohort, world.here)
    mentor = session.get(Person, world.mentor)
    capacity = session.get(Mentorship, 1).capacity_id
    from portal.cohorts.models import Capacity

    for number in range(many):
        person = create_person(f"Peserta {number}", {"username": f"peserta{number}"})
        enrol(person, here, "participant")
        pair(here, person, mentor, session.get(Capacity, capacity))
        from tests.world import IDS

        IDS[f"peserta{number}"] = person.id
        hand_in(f"peserta{number}")
        session.add(
            Announcement(
                cohort_id=here.id,
                author_id=mentor.id,
                title=f"P{number}",
                body="Isi.",
                published_at=clock.now(),
            )
        )
    assert session.scalar(sa.select(sa.func.count(Submission.id))) >= many


@pytest.mark.parametrize("many", [1, 3, 35, 350])
@pytest.mark.parametrize(
    ("who", "count"), [("participant", 7), ("mentor", 10), ("administrator", 2), ("chief", 2)]
)
def test_queries_of_the_home_page(world, sign_in, scene, queries, who, count, many):
    """What waits is counted by a query of its own once it is more than the page shows."""
    with scene() as session:
        fill(session, world, many)
    client = sign_in(who)
    with queries() as seen:
        assert client.get("/").status_code == 200
    assert len(seen) == count + (who == "mentor" and many > 12)
