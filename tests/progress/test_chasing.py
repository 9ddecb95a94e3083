"""Who lacks what: whom the board shows, what it costs, and that each is reminded once."""

import re
import threading
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Schedule
from portal.cohorts.models import Cohort, Enrolment, Mentorship
from portal.cohorts.sheets import read_sheets
from portal.journal.models import JournalEntry, Sighting
from portal.notices.models import Notice
from portal.people.models import Person
from portal.reviews.hand_overs import hand_over
from portal.submissions.models import Draft, Submission


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def board(world):
    return f"/organisations/{world.organisation}/chasing"


@pytest.fixture
def overdue(scene, world):
    """The essay was due yesterday; the participant handed it in, the classmate did not."""
    with scene() as session:
        session.execute(
            sa.update(Schedule)
            .where(Schedule.cohort_id == world.here, Schedule.assignment_id == world.here_essay)
            .values(due_at=clock.now() - timedelta(days=1))
        )


def rows(text):
    found = re.findall(r"<tr>.*?</tr>", text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def row_of(text, name):
    return next((one for one in rows(text) if name in one.split(" Angkatan ")[0]), None)


def back(session, world, days):
    """Make everything anybody did as old as this."""
    then = clock.now() - timedelta(days=days)
    session.execute(sa.update(Enrolment).values(joined_at=then))
    session.execute(sa.update(JournalEntry).values(at=then))
    session.execute(sa.update(Draft).values(changed_at=then))
    session.execute(sa.update(Submission).values(received_at=then))
    session.execute(sa.delete(Sighting))
    session.execute(sa.update(Cohort).values(starts_on=(then - timedelta(days=5)).date()))


def test_who_did_not_hand_in_is_shown_and_who_did_is_not(administrator, world, board, overdue):
    text = administrator.get(board).text
    assert "Esai" in row_of(text, "Bayu Prasetyo")
    assert "lewat tenggat" in row_of(text, "Bayu Prasetyo")
    assert row_of(text, "Ratna Wulandari") is None
    assert row_of(text, "Lestari Handayani") is None
    assert row_of(text, "Made Suardana") is None


def test_an_extension_takes_a_person_off_the_board(administrator, world, board, overdue, scene):
    """The board asks the same function as the hand-in does."""
    assert row_of(administrator.get(board).text, "Bayu Prasetyo")
    due_at = clock.now() + timedelta(days=2)
    fields = {"assignment_id": world.here_essay, "people": [world.classmate], "revision": 1,
              "due_at": f"{due_at:%Y-%m-%dT%H:%M}", "reason": "Dinas luar."}  # fmt: skip
    answer = administrator.post(f"/cohorts/{world.here}/extensions", data=fields)
    assert answer.status_code == 303
    assert row_of(administrator.get(board).text, "Bayu Prasetyo") is None
    assert row_of(administrator.get(f"{board}?what=open").text, "Bayu Prasetyo")


def test_who_lacks_one_assignment_stands_ticked_in_the_form_for_more_time(
    administrator, world, board, overdue
):
    assert "/extensions/new" not in administrator.get(f"{board}?cohort={world.here}").text
    narrowed = f"{board}?cohort={world.here}&assignment={world.here_essay}"
    [link] = re.findall(r'href="([^"]*/extensions/new[^"]*)"', administrator.get(narrowed).text)
    form = administrator.get(unescape(link)).text
    assert re.search(rf'checked[^>]*value="{world.classmate}"', form)
    assert f'selected value="{world.here_essay}"' in form
    assert not re.search(rf'checked[^>]*value="{world.participant}"', form)


@pytest.mark.parametrize(("days", "is_shown"), [(6, False), (8, True)])
def test_seven_days_without_a_trace_are_silence(administrator, world, board, scene, days, is_shown):
    with scene() as session:
        back(session, world, days)
    text = administrator.get(board).text
    assert (row_of(text, "Bayu Prasetyo") is not None) == is_shown
    if is_shown:
        assert "diam" in row_of(text, "Bayu Prasetyo")


def test_who_never_entered_was_not_seen_lately(administrator, world, board, overdue, scene):
    for moment, words in ((None, "belum pernah masuk"), (clock.now(), "yang lalu")):
        with scene() as session:
            session.get_one(Person, world.classmate).first_entered_at = moment
            back(session, world, 3)
        assert words in row_of(administrator.get(board).text, "Bayu Prasetyo")


def test_the_number_of_days_is_a_setting_of_the_cohort(administrator, world, board, scene):
    with scene() as session:
        back(session, world, 8)
        cohort = session.get(Cohort, world.here)
        fields = {"name": cohort.name, "starts_on": cohort.starts_on, "ends_on": cohort.ends_on,
                  "silent_days": 9, "unanswered_days": 9, "group_size": 7,
                  "revision": cohort.revision}  # fmt: skip
    assert row_of(administrator.get(board).text, "Dwi Santoso")
    assert administrator.post(f"/cohorts/{world.here}/edit", data=fields).status_code == 303
    text = administrator.get(f"{board}?cohort={world.here}").text
    assert row_of(text, "Bayu Prasetyo") is None
    assert row_of(text, "Sri Mulyani Kusuma") is None


def test_opening_a_lesson_ends_the_silence(administrator, world, board, scene, sign_in):
    with scene() as session:
        back(session, world, 8)
    sign_in("classmate").get(f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}")
    assert row_of(administrator.get(board).text, "Bayu Prasetyo") is None


@pytest.mark.parametrize(("days", "is_shown"), [(4, False), (6, True)])
def test_work_that_waits_five_days_shows_its_mentors(
    administrator, world, board, scene, days, is_shown
):
    with scene() as session:
        back(session, world, days)
    text = administrator.get(board).text
    for name in ("Dwi Santoso", "Sri Mulyani Kusuma"):
        assert (row_of(text, name) is not None) == is_shown
    assert row_of(text, "Agus Hermawan") is None


def test_who_handed_the_work_over_is_not_late_with_it(administrator, world, board, scene):
    with scene() as session:
        back(session, world, 6)
        hand_over(world.coach, world.mentor, [world.here_submission])
    text = administrator.get(board).text
    assert row_of(text, "Dwi Santoso") is not None
    assert row_of(text, "Sri Mulyani Kusuma") is None


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("cohort={here}", True), ("cohort={sibling}", False), ("unit=Dinas Kesehatan", True),
        ("unit=Dinas Sosial", False), ("mentor={other_mentor}", True), ("mentor={mentor}", False),
        ("assignment={here_essay}", True), ("assignment={here_report}", False),
        ("what=arrears", True), ("what=silent", False), ("what=nothing&cohort=x", True),
    ],
)  # fmt: skip
def test_the_board_is_narrowed(administrator, world, board, overdue, query, is_shown):
    names = ("here", "sibling", "mentor", "other_mentor", "here_essay", "here_report")
    words = query.format(**{name: getattr(world, name) for name in names})
    text = administrator.get(f"{board}?{words}").text
    assert (row_of(text, "Bayu Prasetyo") is not None) == is_shown


def test_a_closed_cohort_is_left_out(administrator, world, board, overdue):
    administrator.post(f"/cohorts/{world.here}/closing", data={"sure": "yes"})
    assert row_of(administrator.get(board).text, "Bayu Prasetyo") is None


def sending(text):
    """What the page that asks once more would send."""
    form = text.split('/chasing/notices"')[1].split("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    found = {name: value for name, value in fields if name not in ("csrf_token", "who")}
    return {**found, "who": [value for name, value in fields if name == "who"]}


def told(scene, kind="reminder"):
    with scene() as session:
        return session.scalars(sa.select(Notice.person_id).filter_by(kind=kind)).all()


def test_those_ticked_are_told_once_and_only_after_a_second_look(
    administrator, world, board, overdue, scene, sign_in
):
    ticks = {"who": [f"p{world.here}-{world.classmate}", f"p{world.here}-{world.participant}"]}
    page = administrator.post(f"{board}/messages", data=ticks)
    assert page.status_code == 200
    assert told(scene) == []
    fields = {**sending(page.text), "note": "Hubungi Bu Indah."}
    assert fields["who"] == [f"p{world.here}-{world.classmate}"]
    for _ in range(2):
        assert administrator.post(f"{board}/notices", data=fields).status_code == 303
    assert told(scene) == [world.classmate]
    text = sign_in("classmate").get("/notices").text
    assert "Belum dikumpulkan: Esai" in text
    assert "Hubungi Bu Indah." in text
    assert f"/cohorts/{world.here}/assignments/{world.here_essay}" in text
    assert "diingatkan" in row_of(administrator.get(board).text, "Bayu Prasetyo")


def test_who_handed_in_meanwhile_is_not_told(administrator, world, board, overdue, scene):
    tick = f"p{world.here}-{world.classmate}"
    page = administrator.post(f"{board}/messages", data={"who": tick}).text
    with scene() as session:
        session.execute(
            sa.update(Schedule)
            .where(Schedule.assignment_id == world.here_essay)
            .values(due_at=clock.now() + timedelta(days=1))
        )
    answer = administrator.post(f"{board}/notices", data=sending(page))
    assert answer.status_code == 303
    assert told(scene) == []


def test_a_mentor_is_told_how_much_waits(administrator, world, board, scene, sign_in):
    with scene() as session:
        back(session, world, 6)
    tick = f"m{world.here}-{world.mentor}"
    page = administrator.post(f"{board}/messages", data={"who": tick}).text
    assert administrator.post(f"{board}/notices", data=sending(page)).status_code == 303
    assert told(scene, "mentor_reminder") == [world.mentor]
    assert "1 tugas menunggu umpan balik Anda" in sign_in("mentor").get("/notices").text


def test_nobody_ticked_and_a_note_too_long_are_said_and_nothing_is_sent(
    administrator, world, board, overdue, scene
):
    answer = administrator.post(f"{board}/messages", data={"cohort": world.here})
    assert answer.status_code == 422
    assert "Centang paling sedikit satu orang." in answer.text
    tick = f"p{world.here}-{world.classmate}"
    page = administrator.post(f"{board}/messages", data={"who": tick}).text
    fields = sending(page)
    answer = administrator.post(f"{board}/notices", data={**fields, "note": "x" * 301})
    assert answer.status_code == 422
    assert "x" * 301 in answer.text
    assert (
        administrator.post(f"{board}/notices", data={**fields, "send_key": "?"}).status_code == 422
    )
    assert told(scene) == []


def test_two_administrators_who_send_the_same_at_once_tell_once(
    administrator, world, board, overdue, scene, sign_in
):
    tick = f"p{world.here}-{world.classmate}"
    fields = sending(administrator.post(f"{board}/messages", data={"who": tick}).text)
    clients, codes = [administrator, sign_in("chief")], []
    barrier = threading.Barrier(2)
    for client in clients:
        client.token()

    def press(client):
        barrier.wait()
        codes.append(client.post(f"{board}/notices", data=fields).status_code)

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303]
    assert told(scene) == [world.classmate]


def test_the_text_for_a_chat_stands_there_in_both_languages(
    administrator, world, board, overdue, scene
):
    with scene() as session:
        session.get(Person, world.classmate).name = "Bayu *Pra_setyo*\nLain"
    tick = f"p{world.here}-{world.classmate}"
    text = administrator.post(f"{board}/messages", data={"who": tick}).text
    indonesian = text.split('id="chat-id"')[1].split("</textarea>")[0]
    english = text.split('id="chat-en"')[1].split("</textarea>")[0]
    assert "*Angkatan here: masih ditunggu*" in indonesian
    assert "1. Bayu Prasetyo Lain: Esai (tenggat" in indonesian
    assert "*Angkatan here: still awaited*" in english
    assert "1. Bayu Prasetyo Lain: Esai (due" in english
    assert "http://localhost/" in english


def test_the_workbook_holds_the_chosen_part_without_formulas(
    administrator, world, board, overdue, scene
):
    with scene() as session:
        session.get(Person, world.classmate).unit = '=HYPERLINK("x")'
        back(session, world, 6)
        session.execute(
            sa.update(Schedule)
            .where(Schedule.assignment_id == world.here_essay)
            .values(
                opens_at=clock.now() - timedelta(days=9), due_at=clock.now() - timedelta(days=8)
            )
        )
    answer = administrator.get(f"{board}/chasing.xlsx?what=arrears&cohort={world.here}")
    sheets = read_sheets(answer.data, "a.xlsx")
    assert [len(one.rows) for one in sheets] == [2, 3]
    cohort, _number, name, unit, *_rest = sheets[0].rows[1].cells
    assert (cohort, name, unit) == ("Angkatan here", "Bayu Prasetyo", '=HYPERLINK("x")')
    assert b"<f>" not in answer.data


@pytest.mark.parametrize(("people", "cohorts"), [(5, 3), (35, 3), (350, 3), (5, 30), (5, 300)])
def test_the_board_takes_the_same_queries_for_any_number_of_people_and_cohorts(
    administrator, world, board, scene, queries, people, cohorts
):
    with scene() as session:
        now = clock.now()
        first = session.get(Cohort, world.here)
        for number in range(cohorts):
            session.add(
                Cohort(
                    organisation_id=world.organisation, course_id=world.here_course,
                    name=f"Angkatan {number}", starts_on=first.starts_on, ends_on=first.ends_on,
                    created_at=now,
                )
            )  # fmt: skip
        session.flush()
        ids = session.scalars(
            sa.select(Cohort.id).filter_by(organisation_id=world.organisation).order_by(Cohort.id)
        ).all()
        for cohort_id in set(ids) - {world.here, world.sibling}:
            session.add(
                Schedule(
                    cohort_id=cohort_id, assignment_id=world.here_essay,
                    opens_at=now - timedelta(days=9), due_at=now - timedelta(days=1),
                    closes_at=now + timedelta(days=9),
                )
            )  # fmt: skip
        capacity = session.scalar(sa.select(Mentorship.capacity_id).limit(1))
        for number in range(people):
            person = Person(name=f"Orang {number}", sort_name=f"orang {number}", created_at=now)
            session.add(person)
            session.flush()
            for cohort_id in (world.here, ids[-1]):
                session.add_all(
                    [
                        Enrolment(
                            cohort_id=cohort_id, person_id=person.id, role="participant",
                            joined_at=now,
                        ),
                        Mentorship(
                            cohort_id=cohort_id, participant_id=person.id, starts_at=now,
                            mentor_id=world.mentor, capacity_id=capacity,
                        ),
                    ]
                )  # fmt: skip
    administrator.get(board)
    with queries() as seen:
        assert administrator.get(board).status_code == 200
    assert len(seen) == 12
