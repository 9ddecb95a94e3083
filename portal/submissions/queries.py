"""Every select on drafts, submission versions and their receipts."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.assignments.models import Assignment, AssignmentCapacity
from portal.cohorts.models import Cohort, Mentorship
from portal.database import db, locked
from portal.submissions.models import Draft, DraftCopy, DraftFile, Submission, SubmissionFile


class Place(NamedTuple):
    """Where a person works: their own place for one assignment in one cohort."""

    cohort_id: int
    assignment_id: int
    person_id: int


def _drafts(place: Place) -> sa.Select[Draft]:
    return sa.select(Draft).where(
        Draft.cohort_id == place.cohort_id,
        Draft.assignment_id == place.assignment_id,
        Draft.person_id == place.person_id,
    )


def draft_of(place: Place) -> Draft | None:
    """The draft as it is now, with its files and the texts of collisions. Three queries."""
    return db.session.scalar(
        _drafts(place)
        .options(
            selectinload(Draft.files).joinedload(DraftFile.blob),
            selectinload(Draft.copies),
        )
        .execution_options(populate_existing=True)
    )


def draft_to_change(place: Place) -> Draft | None:
    """The same, held against other writers until the commit."""
    statement = locked(_drafts(place)).options(
        selectinload(Draft.files).joinedload(DraftFile.blob),
        selectinload(Draft.copies),
    )
    return db.session.scalar(statement.execution_options(populate_existing=True))


def draft_file_of(place: Place, draft_file_id: int) -> DraftFile | None:
    """A file of the person's own draft, with its blob."""
    return db.session.scalar(
        sa.select(DraftFile)
        .join(Draft, Draft.id == DraftFile.draft_id)
        .where(
            DraftFile.id == draft_file_id,
            Draft.cohort_id == place.cohort_id,
            Draft.assignment_id == place.assignment_id,
            Draft.person_id == place.person_id,
        )
        .options(joinedload(DraftFile.blob))
    )


def draft_copy_of(place: Place, draft_copy_id: int) -> DraftCopy | None:
    """The other text of a collision in the person's own draft."""
    return db.session.scalar(
        sa.select(DraftCopy)
        .join(Draft, Draft.id == DraftCopy.draft_id)
        .where(
            DraftCopy.id == draft_copy_id,
            Draft.cohort_id == place.cohort_id,
            Draft.assignment_id == place.assignment_id,
            Draft.person_id == place.person_id,
        )
    )


def _submissions(place: Place) -> sa.Select[Submission]:
    return sa.select(Submission).where(
        Submission.cohort_id == place.cohort_id,
        Submission.assignment_id == place.assignment_id,
        Submission.person_id == place.person_id,
    )


def submissions_of(place: Place) -> list[Submission]:
    """Every submission version of one person on one assignment, newest first, with its files."""
    return list(
        db.session.scalars(
            _submissions(place)
            .options(selectinload(Submission.files).joinedload(SubmissionFile.blob))
            .order_by(Submission.number.desc())
        )
    )


def last_number(place: Place) -> int:
    """The number of the newest submission version; 0 when there is none."""
    return (
        db.session.scalar(
            sa.select(sa.func.max(Submission.number)).where(
                Submission.cohort_id == place.cohort_id,
                Submission.assignment_id == place.assignment_id,
                Submission.person_id == place.person_id,
            )
        )
        or 0
    )


def submission_with_key(place: Place, key: str) -> Submission | None:
    """What this person handed in with this one-time key."""
    return db.session.scalar(_submissions(place).where(Submission.hand_in_key == key))


def may_see(person_id: int, *, is_administrator: bool) -> sa.ColumnElement[bool]:
    """Whose work a person sees: their own, their mentees' in a capacity that reviews, or all."""
    if is_administrator:
        return sa.true()
    mentored = (
        sa.select(Mentorship.id)
        .join(AssignmentCapacity, AssignmentCapacity.capacity_id == Mentorship.capacity_id)
        .where(
            AssignmentCapacity.assignment_id == Submission.assignment_id,
            Mentorship.cohort_id == Submission.cohort_id,
            Mentorship.participant_id == Submission.person_id,
            Mentorship.mentor_id == person_id,
            Mentorship.ended_at.is_(None),
        )
        .exists()
    )
    return sa.or_(Submission.person_id == person_id, mentored)


def submission_visible_to(
    person_id: int,
    *,
    is_administrator: bool,
    cohort_id: int,
    assignment_id: int,
    submission_id: int,
) -> Submission | None:
    """A submission version that this person may see, with person, files and assignment."""
    return db.session.scalar(
        sa.select(Submission)
        .where(
            Submission.id == submission_id,
            Submission.cohort_id == cohort_id,
            Submission.assignment_id == assignment_id,
            may_see(person_id, is_administrator=is_administrator),
        )
        .options(
            joinedload(Submission.person),
            joinedload(Submission.assignment),
            joinedload(Submission.cohort).joinedload(Cohort.organisation),
            selectinload(Submission.files).joinedload(SubmissionFile.blob),
        )
    )


def versions_beside(submission: Submission) -> list[Submission]:
    """All versions of the same work, oldest first, without their files."""
    place = Place(submission.cohort_id, submission.assignment_id, submission.person_id)
    return list(db.session.scalars(_submissions(place).order_by(Submission.number)))


def submission_with_code(code: str) -> Submission | None:
    """The submission version of a receipt, with its files; for anybody who holds the code."""
    return db.session.scalar(
        sa.select(Submission)
        .where(Submission.receipt_code == code)
        .options(
            selectinload(Submission.files).joinedload(SubmissionFile.blob),
            joinedload(Submission.cohort).joinedload(Cohort.organisation),
        )
    )


def own_work_with(
    cohort_id: int, person_id: int, words: str, at_most: int = 50
) -> list[tuple[str, int, int, int, str]]:
    """A person's drafts and submission versions that hold every word in their text or title.

    Each is (title, assignment id, submission id or 0 for the draft, version number, text); the
    newest first.
    """
    wanted = words.split()[:10]
    if not wanted:
        return []

    def holding(table: type[Draft] | type[Submission]) -> list[sa.ColumnElement[bool]]:
        return [
            sa.or_(
                table.text.icontains(word, autoescape=True),
                Assignment.title.icontains(word, autoescape=True),
            )
            for word in wanted
        ]

    found: list[tuple[str, int, int, int, str]] = []
    for table, extra in (
        (Draft, (sa.literal(0), sa.literal(0), Draft.text, Draft.changed_at)),
        (Submission, (Submission.id, Submission.number, Submission.text, Submission.received_at)),
    ):
        rows = db.session.execute(
            sa.select(Assignment.title, Assignment.id, *extra)
            .join(Assignment, Assignment.id == table.assignment_id)
            .where(
                table.cohort_id == cohort_id,
                table.person_id == person_id,
                Assignment.hidden_at.is_(None),
                *holding(table),
            )
            .order_by(extra[3].desc())
            .limit(at_most)
        )
        found += [(row[0], row[1], row[2], row[3], row[4]) for row in rows]
    return found
