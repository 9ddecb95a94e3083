"""The desk: a submission version before the mentor who reviews it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.assignments.models import (
    Assignment,
    ExtensionRequest,
    Schedule,
)
from portal.cohorts.models import Cohort
from portal.people.models import Person
from portal.reviews.models import Claim, HandOver, QueueFilter
from portal.reviews.queries import (
    handed,
    is_left_to_another,
    is_marked,
    mentors_in,
    reviewable_by,
    stood_in,
)
from portal.reviews.queue import Named, Task
from portal.reviews.waiting import ALL, Filter
from portal.selects import prepared
from portal.submissions.models import Submission


class Whence(NamedTuple):
    """The cohort in which something was handed in."""

    name: str
    organisation_id: int


class Handed(NamedTuple):
    """A submission version, as much of it as is shown to who reviews it."""

    id: int
    cohort_id: int
    assignment_id: int
    person_id: int
    number: int
    text: str
    received_at: datetime
    feedback_by: datetime
    punctuality: str
    rubric_version_id: int | None
    cohort: Whence


class Holding(NamedTuple):
    """Who holds a submission version, since when and until when."""

    person_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Desk:
    """A submission version before one mentor, with what they may do to it and the part of the
    queue they came from."""

    submission: Submission | Handed
    assignment: Assignment | Task
    person: Person | Named
    may_mark: bool
    is_marked: bool
    newest_number: int
    filter_: Filter = ALL
    claim: Holding | None = None
    holder: str = ""
    request_id: int | None = None
    """The request for more time that the participant's mentors may still answer."""
    absent: str | None = None
    until: datetime | None = None
    """For whom the reader only stands in, and until when."""
    giver: str | None = None
    receiver: str | None = None
    """Who handed it over to the reader, and to whom the reader did."""

    def held_at(self, now: datetime) -> Holding | None:
        """The claim on it that holds at this moment; its holder's name is ``holder``."""
        return self.claim if self.claim and self.claim.until > now else None


def desk_of(mentor_id: int, cohort_id: int | None, submission_id: int) -> Desk | None:
    """The submission version, when this mentor may review it; else None. Without ``cohort_id`` in
    whatever cohort it is."""
    found = _desk.rows(mentor_id=mentor_id, cohort_id=cohort_id, submission_id=submission_id)
    if not found:
        return None
    row = found[0]
    return Desk(
        Handed(
            row.id,
            row.cohort_id,
            row.assignment_id,
            row.person_id,
            row.number,
            row.text,
            row.received_at,
            row.feedback_by,
            row.punctuality,
            row.rubric_version_id,
            Whence(row.cohort, row.organisation_id),
        ),
        Task(row.assignment_id, row.title, row.thread, row.course_id, row.position),
        Named(row.person_id, row.person),
        may_mark=bool(row.may_mark) and row.rubric_version_id is not None,
        is_marked=bool(row.is_marked) and row.rubric_version_id is not None,
        newest_number=row.newest,
        filter_=Filter(row.chosen_cohort, row.chosen_assignment, row.chosen_state),
        claim=Holding(row.holder_id, row.since, row.held_until) if row.holder_id else None,
        holder=row.holder or "",
        request_id=row.request_id,
        absent=row.absent,
        until=row.until,
        giver=row.giver,
        receiver=row.receiver,
    )


@prepared
def _desk(mentor_id, submission_id, cohort_id=None):
    author, holder = aliased(Person), aliased(Person)
    statement = (
        sa.select(
            Submission.id,
            Submission.cohort_id,
            Submission.assignment_id,
            Submission.person_id,
            Submission.number,
            Submission.text,
            Submission.received_at,
            Submission.feedback_by,
            Submission.punctuality,
            Submission.rubric_version_id,
            Cohort.name.label("cohort"),
            Cohort.organisation_id,
            Assignment.title,
            Assignment.thread,
            Assignment.course_id,
            Assignment.position,
            author.name.label("person"),
            mentors_in(mentor_id, may_mark=True).exists().label("may_mark"),
            is_marked().label("is_marked"),
            _newest_number().label("newest"),
            QueueFilter.cohort_id.label("chosen_cohort"),
            QueueFilter.assignment_id.label("chosen_assignment"),
            QueueFilter.state.label("chosen_state"),
            Claim.person_id.label("holder_id"),
            Claim.since,
            Claim.until.label("held_until"),
            holder.name.label("holder"),
            _open_request().label("request_id"),
            *stood_in(mentor_id),
            handed(mentor_id, HandOver.to_id, HandOver.from_id).label("giver"),
            sa.case(
                (
                    is_left_to_another(mentor_id),
                    handed(mentor_id, HandOver.from_id, HandOver.to_id),
                )
            ).label("receiver"),
        )
        .select_from(Submission)
        .join(Cohort, Cohort.id == Submission.cohort_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(author, author.id == Submission.person_id)
        .outerjoin(QueueFilter, QueueFilter.person_id == mentor_id)
        .outerjoin(Claim, Claim.submission_id == Submission.id)
        .outerjoin(holder, holder.id == Claim.person_id)
        .where(Submission.id == submission_id, reviewable_by(mentor_id))
    )
    return statement if cohort_id is None else statement.where(Submission.cohort_id == cohort_id)


def _newest_number() -> sa.ScalarSelect[int]:
    """The number of the newest version of the same work."""
    newer = aliased(Submission)
    return (
        sa.select(sa.func.max(newer.number))
        .where(
            newer.cohort_id == Submission.cohort_id,
            newer.assignment_id == Submission.assignment_id,
            newer.person_id == Submission.person_id,
        )
        .scalar_subquery()
    )


def _open_request() -> sa.ScalarSelect[int]:
    """The id of the participant's request for more time that nobody has answered yet."""
    return (
        sa.select(ExtensionRequest.id)
        .join(Schedule, Schedule.id == ExtensionRequest.schedule_id)
        .where(
            Schedule.cohort_id == Submission.cohort_id,
            Schedule.assignment_id == Submission.assignment_id,
            ExtensionRequest.person_id == Submission.person_id,
            ExtensionRequest.answered_at.is_(None),
        )
        .scalar_subquery()
    )
