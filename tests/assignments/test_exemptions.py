"""More time and exemptions for several people at once: seen first, given to all or nobody, told
once; and every page that shows a date or a state says the same of who is exempt."""

import csv
import re
import threading
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Extension, ExtensionRequest, Schedule
from portal.assignments.queries import task_of
from portal.cohorts.models import Enrolment
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.people.models import Person
from portal.progress.jobs import tell_organisation
from portal.submissions import actions as submissions
from portal.submissions.queries import Place, draft_of

JAKARTA = ZoneInfo("Asia/Jakarta")
REASON = "Cuti besar."


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def here(world):
    return f"/cohorts/{world.here}"


@pytest.fixture
def rows(scene):
    def of(statement):
        with scene() as session:
            return list(session.scalars(statement))

    return of


@pytest.fixture
def schedule(world, rows):
    return rows(
        sa.select(Schedule).filter_by(cohort_id=world.here, assignment_id=world.here_essay)
    )[0]


@pytest.fixture
def closed(scene, schedule):
    """The essay closed a day ago."""
    with scene() as session:
        past = clock.now() - timedelta(days=1)
        change = {"due_at": past, "closes_at": past}
        session.execute(sa.update(Schedule).filter_by(id=schedule.id).values(change))


def fields(schedule, *people, **changes):
    until = (schedule.due_at + timedelta(days=30)).astimezone(JAKARTA)
    return {
        "assignment_id": schedule.assignment_id, "revision": schedule.revision, "what": "give",
        "due_at": f"{until:%Y-%m-%dT%H:%M}", "reason": REASON, "whom": "ticked",
        "people": list(people), **changes,
    }  # fmt: skip


def exemption(schedule, *people, **changes):
    return fields(schedule, *people, what="exempt", due_at="", **changes)


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def row_of(text, name):
    found = [words(one) for one in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if name in one]
    return found[0] if found else None


def given(schedule):
    return (
        sa.select(Extension)
        .where(Extension.schedule_id == schedule.id)
        .order_by(Extension.person_id)
    )


def told(kind):
    return sa.select(Notice.person_id).filter_by(kind=kind).order_by(Notice.person_id)


def test_several_are_looked_at_first_and_given_more_time_in_one_act(
    administrator, world, here, schedule, rows
):
    wanted = fields(schedule, world.participant, world.classmate)
    seen = administrator.post(f"{here}/extensions/effects", data=wanted)
    assert seen.status_code == 200
    assert "tetap memakai tenggatnya" in row_of(seen.text, "Ratna Wulandari")
    assert "waktunya bertambah" in row_of(seen.text, "Bayu Prasetyo")
    assert f'name="due_at" value="{wanted["due_at"]}"' in seen.text
    assert f'name="people" value="{world.classmate}"' in seen.text
    assert rows(given(schedule)) == []
    for _press in range(2):
        assert administrator.post(f"{here}/extensions", data=wanted).status_code == 303
    both = sorted([world.participant, world.classmate])
    assert [one.person_id for one in rows(given(schedule))] == both
    assert rows(told("extension_given")) == both
    acts = rows(sa.select(JournalEntry.details).filter_by(verb="assignments.give_extension"))
    assert [one["people"] for one in acts] == [both]
    assert "2 orang: Esai" in words(administrator.get(f"{here}/extensions").text)


def test_one_who_does_not_take_part_stops_it_for_all(administrator, world, here, schedule, rows):
    for other in (world.leaver, world.stranger, world.mentor):
        wanted = fields(schedule, world.classmate, other)
        answer = administrator.post(f"{here}/extensions", data=wanted)
        assert answer.status_code == 422
        assert REASON in answer.text
        assert f'value="{world.classmate}" checked' in re.sub(
            r'checked id="[^"]+"[^>]*?(value="\d+")', r"\1 checked", answer.text
        )
    assert rows(given(schedule)) == []
    assert rows(told("extension_given")) == []


def test_dates_that_moved_since_are_shown_before_anything_is_given(
    administrator, world, here, schedule, rows
):
    wanted = exemption(schedule, world.classmate, revision=schedule.revision + 1)
    answer = administrator.post(f"{here}/extensions", data=wanted)
    assert answer.status_code == 409
    assert f'name="revision" value="{schedule.revision}"' in answer.text
    assert rows(given(schedule)) == []


def test_what_could_not_be_given_is_not_offered_either(administrator, world, here, schedule):
    wanted = fields(schedule, world.classmate) | {"due_at": "2020-01-01T09:00"}
    for address in (f"{here}/extensions/effects", f"{here}/extensions"):
        answer = administrator.post(address, data=wanted)
        assert answer.status_code == 422
        assert "Pilih waktu setelah tenggat dalam jadwal" in answer.text


def test_every_page_says_the_same_of_who_is_exempt(
    administrator, world, here, schedule, closed, rows, sign_in, portal
):
    """The essay closed; the classmate lacks it until they are exempt."""
    board = f"/organisations/{world.organisation}/chasing"
    assert "tidak dikumpulkan" in row_of(administrator.get(board).text, "Bayu Prasetyo")
    assert "0 / 2" in row_of(administrator.get(f"{here}/progress").text, "Bayu Prasetyo")
    wanted = exemption(schedule, world.classmate)
    seen = administrator.post(f"{here}/extensions/effects", data=wanted).text
    assert "dibebaskan: tidak perlu mengumpulkan" in row_of(seen, "Bayu Prasetyo")
    assert administrator.post(f"{here}/extensions", data=wanted).status_code == 303
    assert rows(told("exempted")) == [world.classmate]

    assert row_of(administrator.get(f"{board}?what=open").text, "Bayu Prasetyo") is None
    progress = row_of(administrator.get(f"{here}/progress").text, "Bayu Prasetyo")
    assert "0 / 1" in progress
    assert "dibebaskan" in progress
    marks = administrator.get(f"{here}/progress/marks.csv").text.lstrip("\ufeff")
    table = {row[1]: row for row in csv.reader(StringIO(marks), delimiter=marks_separator(marks))}
    assert table["Bayu Prasetyo"][3] == "dibebaskan"
    assert table["Ratna Wulandari"][3] == ""
    dashboard = administrator.get(f"{here}/dashboard").text
    assert "Bayu Prasetyo, Esai: dibebaskan" in dashboard
    assert "1 / 1" in row_of(dashboard, "Esai")
    record = words(administrator.get(f"{here}/people/{world.classmate}/record").text)
    assert "Dibebaskan oleh Indah Permatasari" in record

    classmate = sign_in("classmate")
    for page in ("/", f"{here}/assignments", f"{here}/assignments/{world.here_essay}",
                 f"{here}/assignments/{world.here_essay}/draft", f"{here}/calendar"):  # fmt: skip
        text = words(classmate.get(page).text)
        assert "Dibebaskan oleh Indah Permatasari" in text, page
        assert REASON in text, page
    with portal.app_context():
        from portal.calendars.views.feeds import _events
        from portal.database import db

        with portal.test_request_context():
            events = _events(db.session.get(Person, world.classmate))
        assert [one.title for one in events if "Esai" in one.title] == []
        db.session.remove()


def marks_separator(text):
    return ";" if ";" in text.splitlines()[0] else ","


def test_who_is_exempt_is_not_told_of_what_is_due_soon(world, scene, schedule, rows):
    """Of two who lack the report, due tomorrow, only who is not exempt hears of it."""
    with scene() as session:
        soon = clock.now() + timedelta(days=1)
        report = sa.update(Schedule).filter_by(cohort_id=world.here, assignment_id=world.here_essay)
        session.execute(report.values(due_at=soon))
        now = clock.now()
        newcomer = Person(name="Orang Baru", sort_name="orang baru", created_at=now)
        session.add(newcomer)
        session.flush()
        session.add(
            Enrolment(
                cohort_id=world.here, person_id=newcomer.id, role="participant", joined_at=now
            )
        )
        session.add(
            Extension(
                schedule_id=schedule.id, person_id=world.classmate, reason=REASON,
                given_by_id=world.administrator, given_at=now,
            )
        )  # fmt: skip
        session.flush()
        newcomer_id = newcomer.id
        tell_organisation(world.organisation)
    assert rows(told("due_soon")) == [newcomer_id]


def test_what_an_exempted_person_hands_in_stays_and_is_never_late(
    administrator, world, here, schedule, scene, rows, sign_in
):
    with scene() as session:
        past = clock.now() - timedelta(days=1)
        session.execute(sa.update(Schedule).filter_by(id=schedule.id).values(due_at=past))
    wanted = exemption(schedule, world.participant, world.classmate)
    assert administrator.post(f"{here}/extensions", data=wanted).status_code == 303
    progress = administrator.get(f"{here}/progress").text
    assert "menunggu umpan balik" in row_of(progress, "Ratna Wulandari")
    page = words(sign_in("participant").get(f"{here}/assignments/{world.here_essay}").text)
    assert "Versi 1" in page
    assert "Dibebaskan oleh Indah Permatasari" in page

    place = Place(world.here, world.here_essay, world.classmate)
    with scene():
        submissions.save_text(place, "Tetap saya kerjakan.", 0)
        draft = draft_of(place)
        one = submissions.hand_in(
            place,
            task_of(*place),
            key=draft.hand_in_key,
            seen=submissions.contents(draft),
            hashes={},
            arrived_at=clock.now(),
            zone=JAKARTA,
        )
        assert one.punctuality == "in_time"
        receipt = f"{here}/assignments/{world.here_essay}/versions/{one.id}"
    shown = words(sign_in("classmate").get(receipt).text)
    assert "Tepat waktu" in shown
    assert "Dibebaskan oleh Indah Permatasari" in shown


def test_an_exemption_is_ended_stays_on_record_and_is_told(
    administrator, world, here, schedule, rows, sign_in
):
    administrator.post(f"{here}/extensions", data=exemption(schedule, world.classmate))
    one = rows(given(schedule))[0]
    address = f"{here}/extensions/{one.id}/withdrawal"
    assert "tidak dibebaskan lagi" in row_of(administrator.get(address).text, "Bayu Prasetyo")
    for _press in range(2):
        assert administrator.post(address, data={"sure": "yes"}).status_code == 303
    assert rows(told("exemption_ended")) == [world.classmate]
    ended = rows(given(schedule))[0]
    assert (ended.withdrawn_at is not None, ended.withdrawn_by_id) == (True, world.administrator)
    assert "ditarik" in words(administrator.get(f"{here}/extensions").text)
    page = words(sign_in("classmate").get(f"{here}/assignments/{world.here_essay}").text)
    assert "Dibebaskan" not in page
    assert "Anda tidak lagi dibebaskan dari Esai" in sign_in("classmate").get("/notices").text


def test_the_whole_cohort_is_exempt_also_who_joins_later(
    administrator, world, here, schedule, rows, scene
):
    wanted = exemption(schedule, whom="everybody")
    assert administrator.post(f"{here}/extensions", data=wanted).status_code == 303
    assert rows(told("exempted")) == sorted([world.participant, world.classmate])
    with scene() as session:
        session.add(
            Enrolment(
                cohort_id=world.here, person_id=world.stranger, role="participant",
                joined_at=clock.now(),
            )
        )  # fmt: skip
    record = words(administrator.get(f"{here}/people/{world.stranger}/record").text)
    assert "Semua dibebaskan oleh Indah Permatasari" in record
    # Their dates are no news to them.
    moved = f"{here}/schedule/{world.here_essay}/edit"
    later = (schedule.due_at + timedelta(days=2)).astimezone(JAKARTA)
    dates = {
        one: f"{getattr(schedule, one).astimezone(JAKARTA):%Y-%m-%dT%H:%M}"
        for one in ("opens_at", "closes_at")
    }
    dates |= {"due_at": f"{later:%Y-%m-%dT%H:%M}", "feedback_days": 5, "revision": 1}
    assert administrator.post(moved, data=dates).status_code == 303
    assert rows(told("deadline_moved")) == []


def test_a_request_is_answered_with_an_exemption_by_administrators_alone(
    administrator, world, here, rows, sign_in
):
    """The classmate asked for more time for the report."""
    address = f"{here}/extension-requests/{world.here_extension_request}/answer"
    answer = {"decision": "exempt", "answer": REASON}
    mentor = sign_in("other_mentor")
    assert 'value="exempt"' not in mentor.get(address).text
    assert mentor.post(address, data=answer).status_code == 422
    assert administrator.post(address, data=answer).status_code == 303
    assert rows(told("exempted")) == [world.classmate]
    one = rows(sa.select(ExtensionRequest).filter_by(id=world.here_extension_request))[0]
    assert (one.answer, one.answered_by_id) == (REASON, world.administrator)
    asks = f"{here}/assignments/{world.here_report}/extension-requests"
    assert sign_in("classmate").post(
        asks, data={"wanted_until": "2099-01-01", "reason": "Lagi"}
    ).status_code == 422  # fmt: skip


def test_what_was_asked_for_is_answered_by_the_exemption(administrator, world, here, rows):
    report = rows(
        sa.select(Schedule).filter_by(cohort_id=world.here, assignment_id=world.here_report)
    )[0]
    wanted = exemption(report, world.classmate)
    assert administrator.post(f"{here}/extensions", data=wanted).status_code == 303
    one = rows(sa.select(ExtensionRequest).filter_by(id=world.here_extension_request))[0]
    assert one.answered_by_id == world.administrator
    assert "Tidak ada yang menunggu jawaban" in administrator.get(f"{here}/extensions").text


def at_once(*presses):
    barrier, codes = threading.Barrier(len(presses)), []

    def press(one):
        barrier.wait()
        codes.append(one().status_code)

    threads = [threading.Thread(target=press, args=(one,)) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


def test_two_administrators_exempt_overlapping_groups_at_once(world, here, schedule, rows, sign_in):
    clients = [sign_in("administrator"), sign_in("chief")]
    groups = [(world.participant, world.classmate), (world.classmate,)]
    for client in clients:
        client.token()
    codes = at_once(
        *(
            lambda client=client, group=group: client.post(
                f"{here}/extensions", data=exemption(schedule, *group)
            )
            for client, group in zip(clients, groups, strict=True)
        )
    )
    assert codes == [303, 303]
    both = sorted([world.participant, world.classmate])
    assert [one.person_id for one in rows(given(schedule))] == both
    assert rows(told("exempted")) == both
    one = rows(given(schedule))[0]
    address = f"{here}/extensions/{one.id}/withdrawal"
    codes = at_once(
        *(lambda client=client: client.post(address, data={"sure": "yes"}) for client in clients)
    )
    assert codes == [303, 303]
    assert rows(told("exemption_ended")) == [one.person_id]
    ends = sa.select(JournalEntry).filter_by(verb="assignments.end_exemption")
    assert len(rows(ends)) == 1


@pytest.mark.parametrize("people", [3, 35, 350])
def test_a_group_takes_the_same_queries_at_any_size(
    administrator, world, here, schedule, scene, queries, people
):
    with scene() as session:
        ids = []
        for number in range(people):
            name = f"Orang {number}"
            person = Person(name=name, sort_name=name.casefold(), created_at=clock.now())
            session.add(person)
            session.flush()
            ids.append(person.id)
            session.add(
                Enrolment(
                    cohort_id=world.here, person_id=person.id, role="participant",
                    joined_at=clock.now(),
                )
            )  # fmt: skip
    administrator.get(f"{here}/extensions/new")
    wanted = exemption(schedule, *ids)
    with queries() as looking:
        assert administrator.post(f"{here}/extensions/effects", data=wanted).status_code == 200
    with queries() as giving:
        assert administrator.post(f"{here}/extensions", data=wanted).status_code == 303
    with queries() as listing:
        administrator.get(f"{here}/extensions")
    assert (len(looking), len(giving), len(listing)) == (11, 21, 5)
