"""What the portal says by itself: what opens, what is due soon, what was promised; each once."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from portal.assignments.models import Extension, Schedule
from portal.cohorts.models import Cohort, Enrolment
from portal.jobs.models import Job
from portal.jobs.worker import run_free_jobs, sweep
from portal.notices.models import Notice
from portal.progress.jobs import tell_organisation
from portal.reviews.dialogue import take_step
from portal.reviews.models import ActionItem, Review
from portal.submissions.models import Submission

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def at(world, scene):
    """``at(moment)``: the portal speaks at that moment; (person id, kind) of all notices «here»."""

    def speak(moment: datetime) -> list[tuple[int, str]]:
        with time_machine.travel(moment, tick=False), scene() as session:
            tell_organisation(world.organisation)
            rows = session.execute(
                sa.select(Notice.person_id, Notice.kind)
                .where(Notice.path.like(f"/cohorts/{world.here}/%"))
                .order_by(Notice.id)
            )
            return [tuple(row) for row in rows]

    return speak


def schedule(session, world, assignment: str) -> Schedule:
    return session.scalar(
        sa.select(Schedule).filter_by(
            cohort_id=world.here, assignment_id=getattr(world, f"here_{assignment}")
        )
    )


def test_an_opening_is_told_to_everybody_once(world, scene, at):
    with scene() as session:
        opens_at = schedule(session, world, "report").opens_at
    minute = timedelta(minutes=1)
    told = [(world.participant, "assignment_opened"), (world.classmate, "assignment_opened")]

    def openings(moment):
        return [one for one in at(moment) if one[1] == "assignment_opened"]

    assert openings(opens_at - minute) == []
    # The participant handed this in before it opened: the scene was built so.
    assert openings(opens_at + minute) == told[1:]
    assert openings(opens_at + timedelta(days=1)) == told[1:]


def test_a_worker_that_stood_still_tells_an_opening_later(world, scene, at):
    with scene() as session:
        opens_at = schedule(session, world, "report").opens_at
    told = at(opens_at + timedelta(days=2, hours=23))
    assert (world.classmate, "assignment_opened") in told


def test_only_who_has_not_handed_in_hears_that_it_is_due(world, scene, at):
    with scene() as session:
        due_at = schedule(session, world, "essay").due_at

    def due(moment):
        return [one for one in at(moment) if one[1] == "due_soon"]

    assert due(due_at - timedelta(hours=49)) == []
    assert due(due_at - timedelta(hours=47)) == [(world.classmate, "due_soon")]
    assert due(due_at - timedelta(hours=1)) == [(world.classmate, "due_soon")]


def test_more_time_moves_the_word_with_it(world, scene, at):
    with scene() as session:
        its = schedule(session, world, "essay")
        due_at, later = its.due_at, its.due_at + timedelta(days=3)
        session.add(
            Extension(
                schedule_id=its.id, person_id=world.classmate, due_at=later, reason="Sakit.",
                given_by_id=world.administrator, given_at=due_at - timedelta(days=5),
            )
        )  # fmt: skip
    assert (world.classmate, "due_soon") not in at(due_at - timedelta(hours=1))
    assert (world.classmate, "due_soon") in at(later - timedelta(hours=1))
    with scene() as session:
        notice = session.scalar(
            sa.select(Notice).filter_by(kind="due_soon", person_id=world.classmate)
        )
        assert notice.values["until"] == later.isoformat()


def test_a_closed_cohort_is_silent(world, scene, at):
    with scene() as session:
        due_at = schedule(session, world, "essay").due_at
        session.get(Cohort, world.here).closed_at = due_at - timedelta(days=3)
    assert at(due_at - timedelta(hours=1)) == []


def test_mentors_hear_of_a_promise_that_comes_near(world, scene, at):
    with scene() as session:
        feedback_by = session.get(Submission, world.here_submission).feedback_by

    def promised(moment):
        return sorted(one for one in at(moment) if one[1] == "promise_near")

    assert promised(feedback_by - timedelta(hours=25)) == []
    mentors = sorted([(world.mentor, "promise_near"), (world.coach, "promise_near")])
    assert promised(feedback_by - timedelta(hours=23)) == mentors
    assert promised(feedback_by + timedelta(hours=23)) == mentors


@pytest.mark.parametrize(("who", "told"), [("coach", ["mentor"]), ("participant", [])])
def test_no_promise_is_told_to_or_of_somebody_who_has_left(world, scene, at, who, told):
    with scene() as session:
        session.execute(
            sa.update(Enrolment)
            .where(Enrolment.cohort_id == world.here, Enrolment.person_id == getattr(world, who))
            .values(left_at=Enrolment.joined_at)
        )
        feedback_by = session.get(Submission, world.here_submission).feedback_by
    said = at(feedback_by - timedelta(hours=1))
    assert [one for one in said if one[1] == "promise_near"] == [
        (getattr(world, one), "promise_near") for one in told
    ]


def test_what_was_answered_is_promised_no_more(world, scene, at):
    with scene() as session:
        submission = session.get(Submission, world.here_submission)
        review = session.scalar(sa.select(Review).filter_by(submission_id=submission.id))
        review.decision, review.released_at = "accepted", submission.received_at
        feedback_by = submission.feedback_by
    kinds = {kind for _person, kind in at(feedback_by - timedelta(hours=1))}
    assert "promise_near" not in kinds


@pytest.mark.parametrize("is_done", [False, True])
def test_an_action_item_is_told_of_the_day_before(world, scene, at, is_done):
    with scene() as session:
        item = session.get(ActionItem, world.here_action_item)
        item.due_on = item.due_on or datetime.now(JAKARTA).date() + timedelta(days=5)
        day = item.due_on
        if is_done:
            take_step(item, world.participant, "done", "")
    noon = datetime.combine(day - timedelta(days=1), time(12), tzinfo=JAKARTA)
    before = [one for one in at(noon - timedelta(days=1)) if one[1] == "action_item_due"]
    told = [one for one in at(noon) if one[1] == "action_item_due"]
    assert before == []
    assert told == ([] if is_done else [(world.participant, "action_item_due")])


def test_the_worker_speaks_every_hour_for_each_organisation(portal, world, scene):
    with scene() as session:
        due_at = schedule(session, world, "essay").due_at
    with time_machine.travel(due_at - timedelta(hours=30), tick=False) as now:
        for _ in range(2):
            sweep(portal)
            run_free_jobs(portal)
            now.shift(timedelta(hours=1))
        with scene() as session:
            kind = "progress.tell_organisation"
            assert session.scalar(sa.select(sa.func.count(Job.id)).filter_by(kind=kind)) == 4
            due = sa.select(sa.func.count(Notice.id)).filter_by(
                kind="due_soon", person_id=world.classmate
            )
            assert session.scalar(due) == 1
