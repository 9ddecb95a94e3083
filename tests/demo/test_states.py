"""What a visitor finds: every state for `participant`, a queue for `mentor`, busy cohorts."""

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Extension, ExtensionRequest, Schedule
from portal.assignments.queries import tasks_of
from portal.cohorts.models import Announcement, Cohort, Mentorship
from portal.database import db
from portal.demo.days import days_of
from portal.learning.models import LessonCompletion
from portal.notices.models import Notice
from portal.people.queries import person_called
from portal.reviews.models import ActionItem, ActionItemStep, Message, Review
from portal.reviews.queue import waiting_for
from portal.submissions.models import Draft, Submission, SubmissionFile
from tests.demo.conftest import TODAY, at_work

NOON = days_of("Angkatan VI", TODAY).at(47, 12)


@pytest.fixture
def on_the_day(demo):
    with at_work(demo), clock.at(NOON):
        yield


def newest(person_id: int, cohort_id: int) -> dict[int, Submission]:
    """The newest submission version of each assignment."""
    rows = db.session.scalars(
        sa.select(Submission)
        .filter_by(person_id=person_id, cohort_id=cohort_id)
        .order_by(Submission.number)
    )
    return {one.assignment_id: one for one in rows}


def state_of(task, submission: Submission | None) -> str:
    """One word for where an assignment stands for a participant."""
    if submission is None:
        state = task.deadline.state(clock.now())
        is_soon = state == "open" and (task.deadline.due_at - clock.now()).days <= 3
        return "due soon" if is_soon else state
    review = db.session.scalar(
        sa.select(Review)
        .where(Review.submission_id == submission.id, Review.released_at.is_not(None))
        .order_by(Review.number.desc())
    )
    return "waiting" if review is None else review.decision


def test_every_state_stands_somewhere_for_the_participant(on_the_day):
    person = person_called("participant")
    cohort = db.session.query(Cohort).filter_by(name="Angkatan VI").one()
    works = newest(person.id, cohort.id)
    tasks = tasks_of(cohort.id, person.id)
    assert [state_of(task, works.get(task.assignment.id)) for task in tasks] == [
        "accepted", "accepted", "revise", "waiting", "late", "due soon", "open", "not_open",
    ]  # fmt: skip
    assert [works[one.assignment.id].number for one in tasks[:4]] == [1, 2, 2, 1]
    assert tasks[2].deadline.kind == "revision"
    assert tasks[3].deadline.kind == "extension"


def test_the_participant_has_begun_the_late_work(on_the_day):
    person = person_called("participant")
    late = tasks_of(1, person.id)[4].assignment
    draft = db.session.query(Draft).filter_by(person_id=person.id, assignment_id=late.id).one()
    assert len(draft.text.split()) > 60


def test_the_mentor_finds_work_from_both_cohorts_with_a_promise_broken_and_others_ahead(on_the_day):
    mentor = person_called("mentor")
    waiting = db.session.scalars(
        sa.select(Submission)
        .join(
            Mentorship,
            sa.and_(
                Mentorship.participant_id == Submission.person_id,
                Mentorship.cohort_id == Submission.cohort_id,
                Mentorship.mentor_id == mentor.id,
            ),
        )
        .where(
            ~sa.exists().where(
                Review.submission_id == Submission.id, Review.released_at.is_not(None)
            )
        )
    ).all()
    assert 5 <= len(waiting) <= 20
    assert len({one.cohort_id for one in waiting}) == 2
    assert {one.feedback_by > NOON for one in waiting} == {True, False}


def test_the_mentor_stands_in_for_a_coach_who_is_away(on_the_day):
    mentor = person_called("mentor")
    queue = waiting_for(mentor.id, now=NOON)
    assert {one.cohort.name for one in queue.rows if one.absent} == {"Angkatan VII"}


def test_each_cohort_shows_every_state(on_the_day):
    for name, wanted in (
        ("Angkatan VI", {"accepted", "revise", "waiting", "late", "closed", "due soon", "open"}),
        ("Angkatan VII", {"accepted", "revise", "waiting", "due soon", "open", "not_open"}),
    ):
        cohort = db.session.query(Cohort).filter_by(name=name).one()
        found = set()
        for (person_id,) in (
            db.session.query(Submission.person_id).filter_by(cohort_id=cohort.id).distinct()
        ):
            works = newest(person_id, cohort.id)
            tasks = tasks_of(cohort.id, person_id)
            found |= {state_of(task, works.get(task.assignment.id)) for task in tasks}
        assert wanted <= found


def test_there_is_much_to_look_at(count):
    assert count(Submission) > 200
    assert count(Submission, Submission.punctuality == "late") > 5
    assert count(SubmissionFile) > 100
    assert count(Review, Review.released_at.is_not(None)) > 150
    assert count(Review, Review.released_at.is_(None)) > 3
    assert count(ActionItem) > 50
    assert count(ActionItemStep, ActionItemStep.state == "done") > 20
    assert count(ActionItemStep, ActionItemStep.state == "confirmed") > 10
    assert count(Notice, Notice.read_at.is_(None)) > 20
    assert count(Message) > 40
    assert count(Announcement) == 5
    assert count(LessonCompletion) > 800
    assert count(Extension, Extension.person_id.is_(None)) == 1
    assert count(Extension, Extension.person_id.is_not(None)) > 5
    assert count(Extension, Extension.due_at.is_(None)) == 2
    assert count(ExtensionRequest, ExtensionRequest.answered_at.is_(None)) > 0
    refused = (ExtensionRequest.answered_at.is_not(None), ExtensionRequest.extension_id.is_(None))
    assert count(ExtensionRequest, *refused) > 0


def test_the_loader_leaves_no_row_of_the_future(count):
    assert count(Schedule, Schedule.opens_at > NOON) > 0
    assert count(Submission, Submission.received_at > NOON) == 0
    assert count(Review, Review.saved_at > NOON) == 0
    assert count(Message, Message.sent_at > NOON) == 0
