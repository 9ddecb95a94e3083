"""More time: asked for, given, refused, taken back; and what each person's deadline is then."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments import actions, queries, requests
from portal.assignments.models import Extension, ExtensionRequest
from portal.cohorts import actions as cohorts
from portal.cohorts.models import Capacity, Cohort, Organisation
from portal.journal.models import JournalEntry
from portal.notices.models import Delivery, Notice
from portal.people.models import Person
from portal.texts import Refused

WEEK = timedelta(days=7)


@pytest.fixture
def schedule(database_session, world):
    return queries.schedule_in(world.here, world.here_essay)


@pytest.fixture
def count_queries(request):
    return request.getfixturevalue("queries")


def due(world, who: str):
    return queries.task_of(world.here, world.here_essay, getattr(world, who)).deadline


def test_an_extension_for_one_moves_their_deadline_and_nobody_elses(
    database_session, world, schedule
):
    until = schedule.due_at + WEEK
    actions.give_extension(
        schedule, due_at=until, reason="sakit", by=world.administrator, person_id=world.participant
    )
    mine, other = due(world, "participant"), due(world, "classmate")
    assert (mine.due_at, mine.closes_at) == (until, schedule.closes_at + WEEK)
    assert (mine.kind, mine.why, mine.given_by) == ("extension", "sakit", "Indah Permatasari")
    assert (other.due_at, other.kind) == (schedule.due_at, "schedule")
    told = database_session.scalars(sa.select(Notice).where(Notice.key.like("extension%"))).all()
    assert [(one.person_id, one.kind) for one in told] == [(world.participant, "extension_given")]


def test_an_extension_for_everybody_reaches_everybody_once(database_session, world, schedule):
    actions.give_extension(
        schedule, due_at=schedule.due_at + WEEK, reason="banjir", by=world.administrator
    )
    found = queries.deadlines_in(world.here)
    for who in ("participant", "classmate"):
        decided = found.of(getattr(world, who), world.here_essay)
        assert decided == due(world, who)
        assert decided.kind == "cohort_extension"
    told = database_session.scalars(
        sa.select(Notice.person_id).where(Notice.key.like("extension%")).order_by(Notice.person_id)
    ).all()
    assert told == sorted([world.participant, world.classmate])


def test_a_withdrawn_extension_holds_no_more(database_session, world, schedule):
    given = actions.give_extension(
        schedule,
        due_at=schedule.due_at + WEEK,
        reason="sakit",
        by=world.administrator,
        person_id=world.participant,
    )
    actions.withdraw_extension(given, by=world.administrator)
    assert due(world, "participant").due_at == schedule.due_at
    assert database_session.get(Extension, given.id).withdrawn_at is not None


@pytest.mark.parametrize("person", ["leaver", "stranger", "mentor"])
def test_nobody_outside_the_cohort_gets_an_extension(database_session, world, schedule, person):
    with pytest.raises(Refused):
        actions.give_extension(
            schedule,
            due_at=schedule.due_at + WEEK,
            reason="x",
            by=world.administrator,
            person_id=getattr(world, person),
        )
    assert (
        database_session.scalars(
            sa.select(Extension).where(Extension.schedule_id == schedule.id)
        ).all()
        == []
    )


def test_a_request_is_answered_once_with_more_time(database_session, world, schedule):
    until = schedule.due_at + WEEK
    asked = actions.ask_extension(schedule, world.participant, "  Dinas luar  ", until)
    with pytest.raises(Refused):
        actions.ask_extension(schedule, world.participant, "sekali lagi", until)
    request = requests.extension_request_in(world.here, asked.id)
    waiting = requests.extension_requests_in(world.here, only_open=True)
    assert [one.id for one in waiting] == [asked.id, world.here_extension_request]
    actions.answer_extension_request(request, by=world.administrator, answer="", due_at=until)
    decided = due(world, "participant")
    assert (decided.due_at, decided.why) == (until, "Dinas luar")
    database_session.flush()
    with pytest.raises(Refused) as refused:
        actions.answer_extension_request(
            requests.extension_request_in(world.here, asked.id), by=world.chief, answer="tidak"
        )
    assert refused.value.conflict
    assert (
        len(
            database_session.scalars(
                sa.select(Extension).where(Extension.schedule_id == schedule.id)
            ).all()
        )
        == 1
    )
    verbs = database_session.scalars(
        sa.select(JournalEntry.verb)
        .where(JournalEntry.verb.startswith("assignments."))
        .order_by(JournalEntry.id)
    ).all()
    assert verbs == [
        "assignments.ask_extension",
        "assignments.give_extension",
        "assignments.answer_extension_request",
    ]
    kinds = database_session.scalars(
        sa.select(Notice.kind).where(Notice.key.like("extension%"))
    ).all()
    assert sorted(kinds) == ["extension_asked"] * 3 + ["extension_given"]


def test_a_request_is_refused_with_a_reason_and_changes_no_date(database_session, world, schedule):
    asked = actions.ask_extension(schedule, world.participant, "Lupa", schedule.due_at + WEEK)
    request = requests.extension_request_in(world.here, asked.id)
    with pytest.raises(Refused):
        actions.answer_extension_request(request, by=world.administrator, answer="  ")
    actions.answer_extension_request(request, by=world.administrator, answer="Waktunya cukup.")
    assert due(world, "participant").due_at == schedule.due_at
    database_session.flush()
    database_session.expunge_all()
    answered = requests.extension_requests_of(schedule.id, world.participant)[0]
    assert (answered.answer, answered.answered_by.name) == ("Waktunya cukup.", "Indah Permatasari")
    assert (
        database_session.scalars(
            sa.select(Extension).where(Extension.schedule_id == schedule.id)
        ).all()
        == []
    )


@pytest.mark.parametrize(("reason", "days"), [("", 7), ("x" * 1001, 7), ("why", 0), ("why", -30)])
def test_a_bad_request_is_refused_and_leaves_nothing(
    database_session, world, schedule, reason, days
):
    with pytest.raises(Refused):
        actions.ask_extension(
            schedule, world.participant, reason, schedule.due_at + timedelta(days=days)
        )
    assert (
        database_session.scalars(
            sa.select(ExtensionRequest).where(ExtensionRequest.schedule_id == schedule.id)
        ).all()
        == []
    )
    verbs = sa.select(JournalEntry.verb).where(JournalEntry.verb.like("assignments.%"))
    assert database_session.scalars(verbs).all() == []


def test_a_new_version_asked_for_by_a_mentor_keeps_the_assignment_open(
    database_session, world, schedule, monkeypatch
):
    until = clock.now() + timedelta(days=60)
    asked = {(world.participant, world.here_essay): until}
    monkeypatch.setattr(queries.Revisions, "asked", staticmethod(lambda *_: asked))
    assert (due(world, "participant").due_at, due(world, "participant").kind) == (until, "revision")
    assert due(world, "classmate").due_at == schedule.due_at
    assert queries.deadlines_in(world.here).of(world.participant, world.here_essay).due_at == until


@pytest.mark.parametrize("people", [1, 3, 35])
def test_a_whole_cohort_costs_the_same_number_of_queries(
    database_session, world, schedule, count_queries, people
):
    from portal.cohorts.actions import enrol
    from portal.cohorts.models import Cohort
    from portal.people.actions import create_person

    cohort = database_session.get(Cohort, world.here)
    for number in range(people):
        person = create_person(f"Peserta {number}", {"username": f"peserta-{number}"})
        enrol(person, cohort, "participant")
        actions.give_extension(
            schedule,
            due_at=schedule.due_at + WEEK,
            reason="x",
            by=world.administrator,
            person_id=person.id,
        )
    database_session.flush()
    database_session.expunge_all()
    with count_queries() as seen:
        found = queries.deadlines_in(world.here)
        for person_id in (world.participant, world.classmate):
            found.of(person_id, world.here_essay)
    assert len(seen) == 3  # schedules, extensions, revisions asked


def test_the_organisations_administrators_are_asked_and_led_to_the_answer(
    database_session, world, schedule, sign_in
):
    asked = actions.ask_extension(schedule, world.participant, "Sakit", schedule.due_at + WEEK)
    database_session.commit()
    told = database_session.scalars(
        sa.select(Notice).where(Notice.key == f"extension-request-{asked.id}")
    ).all()
    assert queries.administrator_ids_of(world.elsewhere) == [world.strange_administrator]
    database_session.commit()
    assert {one.person_id for one in told} == {world.mentor, world.coach, world.administrator}
    for one in told:
        who = "administrator" if one.person_id == world.administrator else "mentor"
        assert sign_in(who).get(one.path).status_code == 200


def test_who_is_mentor_in_two_capacities_and_administrator_is_asked_once(
    database_session, world, schedule
):
    """In the portal and by e-mail, although three reasons lead to the same person."""
    organisation = database_session.get_one(Organisation, world.organisation)
    mentor = database_session.get_one(Person, world.mentor)
    for _ in range(2):
        cohorts.appoint(mentor, organisation)
    cohorts.pair(
        database_session.get_one(Cohort, world.here),
        database_session.get_one(Person, world.participant),
        mentor,
        database_session.scalar(sa.select(Capacity).filter_by(key="coach")),
    )
    actions.ask_extension(schedule, world.participant, "Sakit", schedule.due_at + WEEK)
    database_session.commit()
    for table in (Notice, Delivery):
        rows = sa.select(sa.func.count(table.id)).where(table.person_id == world.mentor)
        assert database_session.scalar(rows) == 1, table
