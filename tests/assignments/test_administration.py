"""The administrator and dates: opening a cohort, its schedule, more time given and answered."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.assignments.models import (
    AssignmentCapacity,
    Extension,
    ExtensionRequest,
    Schedule,
)
from portal.assignments.rules import dates_from
from portal.cohorts.models import Enrolment, Mentorship
from portal.database import db
from portal.journal.models import JournalEntry
from portal.notices.models import Notice

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def look(portal):
    def rows(statement):
        with portal.app_context():
            db.session.info["readonly"] = True
            found = db.session.execute(statement).all()
            db.session.remove()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    return rows


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def here(world):
    return f"/cohorts/{world.here}"


def schedule_of(look, world, assignment="here_essay"):
    return look(
        sa.select(Schedule).filter_by(
            cohort_id=world.here, assignment_id=getattr(world, assignment)
        )
    )[0]


def typed(moment):
    return moment.astimezone(JAKARTA).strftime("%Y-%m-%dT%H:%M")


@given(
    st.dates(datetime(2001, 1, 1, tzinfo=UTC).date(), datetime(2099, 1, 1, tzinfo=UTC).date()),
    st.lists(st.integers(0, 300), min_size=3, max_size=3).map(sorted),
)
def test_offsets_make_dates_in_order_in_the_organisations_days(first_day, offsets):
    dates = dates_from(first_day, *offsets, JAKARTA)
    assert list(dates) == sorted(dates)
    assert [one.astimezone(JAKARTA).date() - first_day for one in dates] == [
        timedelta(days=days) for days in offsets
    ]


def dates(schedule, **changes):
    values = {one: typed(getattr(schedule, one)) for one in ("opens_at", "due_at", "closes_at")}
    return {**values, "feedback_days": 5, "revision": schedule.revision, **changes}


def test_a_deadline_is_moved_once_and_the_participants_are_told(administrator, world, here, look):
    schedule = schedule_of(look, world)
    page = f"{here}/schedule/{world.here_essay}/edit"
    later = schedule.due_at.replace(second=0, microsecond=0) + timedelta(days=3)
    fields = dates(schedule, due_at=typed(later))
    assert administrator.post(page, data=fields).status_code == 303
    assert schedule_of(look, world).due_at == later
    assert administrator.post(page, data=fields).status_code == 409
    told = look(sa.select(Notice.person_id).filter_by(kind="deadline_moved"))
    assert sorted(told) == sorted([world.participant, world.classmate])
    assert look(sa.select(JournalEntry.verb)).count("assignments.reschedule") == 1


@pytest.mark.parametrize(
    "change",
    [{"due_at": "2000-01-01T00:00"}, {"closes_at": "2000-01-01T00:00"}, {"feedback_days": "x"},
     {"opens_at": ""}, {"due_at": "9999-12-31T23:59"}],
)  # fmt: skip
def test_dates_out_of_order_are_refused(administrator, world, here, look, change):
    schedule = schedule_of(look, world)
    page = f"{here}/schedule/{world.here_essay}/edit"
    assert administrator.post(page, data=dates(schedule, **change)).status_code == 422
    assert schedule_of(look, world).revision == schedule.revision


def more(look, world, **changes):
    schedule = schedule_of(look, world)
    return {"assignment_id": world.here_essay, "people": [world.participant],
            "due_at": typed(schedule.due_at + timedelta(days=3)), "reason": "Dinas luar kota",
            "revision": schedule.revision, **changes}  # fmt: skip


def given_for_essay(look, world):
    return look(
        sa.select(Extension.person_id)
        .join(Schedule)
        .where(Schedule.cohort_id == world.here, Schedule.assignment_id == world.here_essay)
    )


def test_more_time_is_given_once_however_often_it_is_sent(administrator, world, here, look):
    for _ in range(2):
        assert administrator.post(f"{here}/extensions", data=more(look, world)).status_code == 303
    assert given_for_essay(look, world) == [world.participant]
    assert "Dinas luar kota" in administrator.get(f"{here}/extensions").text
    everybody = more(look, world, whom="everybody")
    assert administrator.post(f"{here}/extensions", data=everybody).status_code == 303
    assert given_for_essay(look, world) == [world.participant, None]
    told = look(sa.select(Notice.person_id).filter_by(kind="extension_given"))
    assert sorted(told) == sorted([world.participant, world.participant, world.classmate])


@pytest.mark.parametrize(
    "change", [{"reason": ""}, {"due_at": "2020-01-01T00:00"}, {"people": ["999"]},
               {"people": []}, {"due_at": ""}, {"assignment_id": ""}, {"assignment_id": "999"}],
)  # fmt: skip
def test_more_time_without_a_reason_or_a_place_is_refused(administrator, world, here, look, change):
    answer = administrator.post(f"{here}/extensions", data=more(look, world, **change))
    assert answer.status_code == 422
    assert given_for_essay(look, world) == []
    if "reason" not in change:
        assert "Dinas luar kota" in answer.text


def test_an_extension_is_withdrawn_and_stays_on_record(administrator, world, here, look):
    page = f"{here}/extensions/{world.here_extension}/withdrawal"
    assert administrator.post(page).status_code == 422
    assert administrator.post(page, data={"sure": "yes"}).status_code == 303
    assert look(sa.select(Extension.withdrawn_at).filter_by(id=world.here_extension)) != [None]
    assert "Dinas luar." in administrator.get(f"{here}/extensions").text


def answer(look, world, **changes):
    asked = look(sa.select(ExtensionRequest).filter_by(id=world.here_extension_request))[0]
    return {"decision": "give", "due_at": typed(asked.wanted_until), "answer": "", **changes}


def test_a_request_is_answered_with_more_time(administrator, world, here, look, sign_in):
    page = f"{here}/extension-requests/{world.here_extension_request}/answer"
    assert administrator.post(page, data=answer(look, world, due_at="")).status_code == 422
    assert administrator.post(page, data=answer(look, world)).status_code == 303
    late = sign_in("chief").post(page, data=answer(look, world, decision="refuse", answer="Tidak"))
    assert late.status_code == 409
    row = sa.select(ExtensionRequest.extension_id, ExtensionRequest.answered_by_id)
    extension, by = look(row.filter_by(id=world.here_extension_request))[0]
    assert (extension is not None, by) == (True, world.administrator)


def test_a_refusal_needs_its_reason(administrator, world, here, look):
    page = f"{here}/extension-requests/{world.here_extension_request}/answer"
    refusal = answer(look, world, decision="refuse")
    assert administrator.post(page, data=refusal).status_code == 422
    assert administrator.post(page, data={**refusal, "answer": "Cukup"}).status_code == 303
    assert look(sa.select(Notice.person_id).filter_by(kind="extension_refused")) == [
        world.classmate
    ]


def test_a_mentor_who_reviews_the_work_finds_the_request_and_answers_it(world, here, look, sign_in):
    page = f"{here}/extension-requests/{world.here_extension_request}/answer"
    mentor, coach = sign_in("other_mentor"), sign_in("coach")
    history = f"{here}/participants/{world.classmate}/assignments/{world.here_report}"
    for place in ("/", history):
        assert f'href="{page}"' in mentor.get(place).text
        assert f'href="{page}"' in coach.get(place).text
    given = mentor.post(page, data=answer(look, world, answer="Semoga lekas sembuh."))
    assert (given.status_code, given.location) == (303, "/")
    for place in ("/", history):
        assert f'href="{page}"' not in mentor.get(place).text
    late = coach.post(page, data=answer(look, world, decision="refuse", answer="Tidak"))
    assert late.status_code == 409
    assert "Agus Hermawan" in late.text
    assert "Tidak" in late.text
    own = sign_in("classmate")
    place = f"{here}/assignments/{world.here_report}"
    assert "Semoga lekas sembuh." in own.get(f"{place}/extension-requests").text
    assert "Semoga lekas sembuh." in own.get(place).text


@pytest.mark.parametrize("change", ["capacity", "mentorship", "enrolment"])
def test_only_a_present_mentor_in_a_capacity_that_reviews_may_answer(
    portal, world, here, look, sign_in, change
):
    mentor = sign_in("other_mentor")
    page = f"{here}/extension-requests/{world.here_extension_request}/answer"
    assert mentor.get(page).status_code == 200
    own = Mentorship.mentor_id == world.other_mentor
    with portal.app_context():
        db.session.info["readonly"] = False
        if change == "capacity":
            held = sa.select(Mentorship.capacity_id).where(own)
            db.session.execute(
                sa.delete(AssignmentCapacity).where(
                    AssignmentCapacity.assignment_id == world.here_report,
                    AssignmentCapacity.capacity_id.in_(held),
                )
            )
        elif change == "mentorship":
            db.session.execute(sa.update(Mentorship).where(own).values(ended_at=clock.now()))
        else:
            db.session.execute(
                sa.update(Enrolment)
                .where(Enrolment.person_id == world.other_mentor)
                .values(left_at=clock.now())
            )
        db.session.commit()
    assert mentor.get(page).status_code == 404
    assert mentor.post(page, data=answer(look, world)).status_code == 404
    assert page not in mentor.get("/").text
    asked = sa.select(ExtensionRequest.answered_at).filter_by(id=world.here_extension_request)
    assert look(asked) == [None]


def test_a_request_is_told_to_those_who_may_answer_it(world, here, look, sign_in):
    place = f"{here}/assignments/{world.here_essay}/extension-requests"
    wanted = schedule_of(look, world).due_at + timedelta(days=9)
    asked = sign_in("participant").post(
        place, data={"wanted_until": f"{wanted:%Y-%m-%d}", "reason": "Dinas luar."}
    )
    assert asked.status_code == 303
    told = look(sa.select(Notice.person_id, Notice.path).filter_by(kind="extension_asked"))
    request = look(sa.select(sa.func.max(ExtensionRequest.id)))[0]
    page = f"{here}/extension-requests/{request}/answer"
    assert sorted(told) == sorted(
        (one, page) for one in (world.mentor, world.coach, world.administrator)
    )
    review = f"{here}/submissions/{world.here_submission}/review"
    assert f'href="{page}"' in sign_in("mentor").get(review).text


@pytest.mark.parametrize("who", [("administrator", "chief"), ("coach", "administrator")])
def test_two_people_answer_at_once_and_one_extension_is_given(
    portal, world, sign_in, here, look, who
):
    clients = [sign_in(one) for one in who]
    page = f"{here}/extension-requests/{world.here_extension_request}/answer"
    fields, codes = answer(look, world), []
    before = look(sa.select(sa.func.count(Extension.id)))[0]
    barrier = threading.Barrier(2)
    for client in clients:
        client.token()

    def press(client):
        barrier.wait()
        codes.append(client.post(page, data=fields).status_code)

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]
    assert look(sa.select(sa.func.count(Extension.id))) == [before + 1]


def test_two_administrators_give_the_same_at_once_and_it_is_given_once(
    portal, world, sign_in, here, look
):
    clients = [sign_in("administrator"), sign_in("chief")]
    fields, codes = more(look, world), []
    barrier = threading.Barrier(2)
    for client in clients:
        client.token()

    def press(client):
        barrier.wait()
        codes.append(client.post(f"{here}/extensions", data=fields).status_code)

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303]
    assert given_for_essay(look, world) == [world.participant]


@pytest.mark.parametrize("rows", [1, 3, 35, 350])
def test_the_lists_take_the_same_queries(portal, world, administrator, here, queries, rows):
    with portal.app_context():
        db.session.info["readonly"] = False
        schedule = db.session.scalar(sa.select(Schedule).filter_by(cohort_id=world.here))
        for number in range(rows):
            now = clock.now()
            one = Extension(
                schedule_id=schedule.id, person_id=world.participant, reason=f"Sebab {number}",
                due_at=now, given_by_id=world.chief, given_at=now,
            )  # fmt: skip
            db.session.add(one)
            db.session.flush()
            db.session.add(
                ExtensionRequest(
                    schedule_id=schedule.id,
                    person_id=world.participant,
                    reason="x",
                    wanted_until=now,
                    asked_at=now,
                    answer="ya",
                    answered_by_id=world.chief,
                    answered_at=now,
                    extension_id=one.id,
                )
            )
        db.session.commit()
        db.session.remove()
    counts = []
    for page in ("/extensions", "/schedule", "/extensions/new"):
        with queries() as seen:
            assert administrator.get(f"{here}{page}").status_code == 200
        counts.append(len(seen))
    assert counts == [5, 2, 3]
