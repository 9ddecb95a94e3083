"""Selects on reviews: what is released, what a mentor may review, and what a review says."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.assignments.models import (
    AssignmentCapacity,
)
from portal.assignments.queries import reviewing
from portal.cohorts.models import Capacity, Cohort, Enrolment, Mentorship
from portal.database import UTCDateTime, db
from portal.files.models import Blob, Stored
from portal.people.models import Person
from portal.previews.models import Preview, PreviewPage
from portal.previews.queries import is_page_of, pages_in, with_pages
from portal.previews.rules import WINDOW
from portal.previews.shown import Shown, shown_among
from portal.reviews.models import HandOver, Review, ReviewSave
from portal.reviews.sheets import EMPTY, Sheet, from_content
from portal.reviews.versions import Head
from portal.selects import prepared
from portal.submissions.models import Submission, SubmissionFile


def released(review: type[Review] = Review) -> sa.ColumnElement[bool]:
    """Whether a review has reached the participant: the one predicate, everywhere. Its moment has
    come; the present one is asked for each time a select runs."""
    now = sa.bindparam(None, callable_=clock.now, type_=UTCDateTime, unique=True)
    return sa.and_(review.released_at.is_not(None), review.released_at <= now)


def mentors_in(mentor_id, may_mark: bool | None = None) -> sa.Select:
    """The current mentorships of a mentor whose capacity may review the submission's assignment."""
    statement = reviewing(Mentorship.id).where(Mentorship.mentor_id == mentor_id, is_of_the_work())
    return statement.where(AssignmentCapacity.may_mark) if may_mark else statement


def is_of_the_work() -> sa.ColumnElement[bool]:
    """Whether a submission version belongs to the work that a row of ``reviewing`` is about."""
    return sa.and_(
        Mentorship.cohort_id == Submission.cohort_id,
        Mentorship.participant_id == Submission.person_id,
        AssignmentCapacity.assignment_id == Submission.assignment_id,
    )


def stands_in(absent: type[Person]) -> list[sa.Label[Any]]:
    """For whom a mentor reviews a work only because they stand in, and until when; null where it
    is their own. Of all their present mentorships on it, with who is absent joined to each."""
    is_own = sa.func.count(Mentorship.id).filter(Mentorship.ended_at.is_(None)) > 0
    return [
        sa.case((~is_own, sa.func.min(absent.name))).label("absent"),
        sa.case((~is_own, sa.func.max(Mentorship.ended_at))).label("until"),
    ]


def stood_in(mentor_id) -> list[sa.Label[Any]]:
    """The same for the submission version of the select around."""
    absent = aliased(Person)
    return [
        mentors_in(mentor_id)
        .with_only_columns(one)
        .outerjoin(absent, absent.id == Mentorship.stands_in_for_id)
        .scalar_subquery()
        .label(one.name)
        for one in stands_in(absent)
    ]


def handed(mentor_id, mine: Any, others: Any) -> sa.ScalarSelect[str]:
    """The name of the other person of the last hand-over of a submission version that lasts."""
    return (
        sa.select(Person.name)
        .join(HandOver, others == Person.id)
        .where(
            HandOver.submission_id == Submission.id,
            mine == mentor_id,
            HandOver.ended_at.is_(None),
        )
        .order_by(HandOver.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def reviewable_by(mentor_id) -> sa.ColumnElement[bool]:
    """Whether this person may review the submission now: a current mentor in a capacity that the
    assignment names, enrolled in its cohort as mentor, and never its author."""
    return sa.and_(
        Submission.person_id != mentor_id,
        mentors_in(mentor_id).exists(),
        enrolled(mentor_id, "mentor"),
    )


def is_left_to_another(mentor_id) -> sa.ColumnElement[bool]:
    """Whether this mentor handed the submission version over to somebody who may review it now.
    When they may no longer, it waits for this mentor again: nothing is ever left to nobody."""
    given = aliased(HandOver)
    return Submission.id.in_(_left(given, given.submission_id).where(given.from_id == mentor_id))


def is_left_by_its_mentor() -> sa.ColumnElement[bool]:
    """The same of the mentor whose mentorship stands beside the submission version."""
    given = aliased(HandOver)
    work = sa.tuple_(Submission.id, Mentorship.mentor_id)
    return work.in_(_left(given, given.submission_id, given.from_id))


def _left(given: type[HandOver], *columns: Any) -> sa.Select[Any]:
    """These columns of the hand-overs that last, to somebody who may review it now.

    Nothing of the select around is named in it, so that it is asked once, and the receiver's
    mentorship of each piece is looked up by itself: free to join all of it in any order,
    PostgreSQL took minutes for a queue of 350 when the tables had grown since it analysed them."""
    to, receiver = aliased(Mentorship), aliased(Person)
    reviewed, place, work = aliased(AssignmentCapacity), aliased(Enrolment), aliased(Submission)
    mentorship = (
        reviewing(to.id, mentorship=to, reviewed=reviewed)
        .where(
            to.mentor_id == given.to_id,
            to.cohort_id == work.cohort_id,
            to.participant_id == work.person_id,
            reviewed.assignment_id == work.assignment_id,
        )
        .limit(1)
        .correlate(given, work)
        .scalar_subquery()
    )
    return (
        sa.select(*columns)
        .select_from(given)
        .join(work, work.id == given.submission_id)
        .join(receiver, receiver.id == given.to_id)
        .join(
            place,
            sa.and_(
                place.cohort_id == work.cohort_id,
                place.person_id == given.to_id,
                place.role == "mentor",
                place.left_at.is_(None),
            ),
        )
        .where(
            given.ended_at.is_(None),
            receiver.deactivated_at.is_(None),
            mentorship.is_not(None),
        )
    )


def enrolled(person_id, role: str) -> sa.ColumnElement[bool]:
    return (
        sa.select(Enrolment.id)
        .where(
            Enrolment.cohort_id == Submission.cohort_id,
            Enrolment.person_id == person_id,
            Enrolment.role == role,
            Enrolment.left_at.is_(None),
        )
        .exists()
    )


@functools.cache
def is_newest() -> sa.ColumnElement[bool]:
    """Whether no later submission version of the same work exists."""
    newer = aliased(Submission)
    return ~(
        sa.select(newer.id)
        .where(
            newer.cohort_id == Submission.cohort_id,
            newer.assignment_id == Submission.assignment_id,
            newer.person_id == Submission.person_id,
            newer.number > Submission.number,
        )
        .exists()
    )


def is_marked() -> sa.ColumnElement[bool]:
    """Whether somebody is to mark the submission's assignment."""
    return (
        sa.select(AssignmentCapacity.capacity_id)
        .where(
            AssignmentCapacity.assignment_id == Submission.assignment_id,
            AssignmentCapacity.may_mark,
        )
        .exists()
    )


@functools.cache
def is_in_running_cohort() -> sa.ColumnElement[bool]:
    """Whether the submission's cohort is not closed, so that something can still be done."""
    running = aliased(Cohort)
    return (
        sa.select(running.id)
        .where(running.id == Submission.cohort_id, running.closed_at.is_(None))
        .exists()
    )


R = TypeVar("R", bound=Review | Head)


@dataclass(frozen=True)
class Present(Generic[R]):
    """The review a mentor would now save: its draft, or what the next correction starts from."""

    number: int
    revision: int
    sheet: Sheet
    draft: R | None = None
    last_released: R | None = None


def present_among(
    draft: R | None, last_released: R | None, sheets: Mapping[int, Sheet]
) -> Present[R]:
    """The present review, from the rows there are and their sheets."""
    if draft is not None:
        return Present(draft.number, draft.revision, sheets[draft.id], draft, last_released)
    if last_released is not None:
        sheet = sheets[last_released.id]
        return Present(last_released.number + 1, 0, sheet, None, last_released)
    return Present(1, 0, EMPTY)


def files_of(submission_id: int) -> list[SubmissionFile]:
    return list(db.session.scalars(*_files(submission_id=submission_id)))


@prepared
def _files(submission_id):
    return (
        sa.select(SubmissionFile)
        .where(SubmissionFile.submission_id == submission_id)
        .options(joinedload(SubmissionFile.blob))
        .order_by(SubmissionFile.position)
    )


class File(NamedTuple):
    """A file of a submission version, as much of it as its work shows."""

    id: int
    name: str
    size: int
    blob: Stored

    @property
    def blob_id(self) -> int:
        return self.blob.id


def files_with_previews(submission_id: int) -> tuple[list[File], dict[int, Shown]]:
    """The files, and what is shown of them by the file's blob: each with its first ten pages."""
    rows = _files_with_previews.rows(submission_id=submission_id, first=1, last=WINDOW)
    files = list(dict.fromkeys(File(row[0], row[1], row[2], Stored(*row[3:6])) for row in rows))
    return files, shown_among((one.blob for one in files), pages_in(rows))


@prepared
def _files_with_previews(submission_id, first, last):
    return (
        sa.select(
            SubmissionFile.id,
            SubmissionFile.name,
            SubmissionFile.size,
            Blob.id,
            Blob.sha256,
            Blob.media_type,
            *with_pages(),
        )
        .select_from(SubmissionFile)
        .join(Blob, Blob.id == SubmissionFile.blob_id)
        .outerjoin(Preview, Preview.blob_id == SubmissionFile.blob_id)
        .outerjoin(PreviewPage, is_page_of(first, last))
        .where(SubmissionFile.submission_id == submission_id)
        .order_by(SubmissionFile.position, PreviewPage.number)
    )


def sheet_at(review_id: int, revision: int) -> Sheet | None:
    """What the review said at an earlier revision, from the history of its saves."""
    content = db.session.scalar(
        sa.select(ReviewSave.content).where(
            ReviewSave.review_id == review_id, ReviewSave.revision == revision
        )
    )
    return None if content is None else from_content(content)


def saves_of(submission_id: int) -> list[ReviewSave]:
    """Every save of every review of a submission version, newest first."""
    return list(
        db.session.scalars(
            sa.select(ReviewSave)
            .join(Review, Review.id == ReviewSave.review_id)
            .where(Review.submission_id == submission_id)
            .options(joinedload(ReviewSave.person))
            .order_by(ReviewSave.id.desc())
        )
    )


class Held(NamedTuple):
    """A capacity, by its names."""

    name_id: str
    name_en: str

    def name_in(self, language: str) -> str:
        return self.name_id if language == "id" else self.name_en


def capacities_of(cohort_id: int, participant_id: int) -> dict[int, list[Held]]:
    """In what capacities each mentor serves or served this participant, by the mentor's id."""
    found: dict[int, list[Held]] = {}
    for mentor_id, *names in _capacities.rows(cohort_id=cohort_id, participant_id=participant_id):
        capacity = Held(*names)
        if capacity not in found.setdefault(mentor_id, []):
            found[mentor_id].append(capacity)
    return found


@prepared
def _capacities(cohort_id, participant_id):
    return (
        sa.select(Mentorship.mentor_id, Capacity.name_id, Capacity.name_en)
        .join(Capacity, Capacity.id == Mentorship.capacity_id)
        .where(Mentorship.cohort_id == cohort_id, Mentorship.participant_id == participant_id)
        .order_by(Capacity.position)
    )
