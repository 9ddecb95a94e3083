"""Every select on drafts, submission versions and their receipts."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.assignments.models import Assignment, AssignmentCapacity
from portal.assignments.queries import reviewing
from portal.cohorts.models import Cohort, Mentorship
from portal.database import db, locked
from portal.selects import prepared
from portal.submissions.models import Draft, DraftCopy, DraftFile, Submission, SubmissionFile


class Place(NamedTuple):
    """Where a person works: their own place for one assignment in one cohort."""

    cohort_id: int
    assignment_id: int
    person_id: int


def draft_of(place: Place) -> Draft | None:
    """The draft as it is now, with its files and the texts of collisions. Three queries."""
    draft = draft_with_files(place)
    if draft is not None:
        load_copies(draft)
    return draft


def draft_with_files(place: Place) -> Draft | None:
    """The draft as it is now, as far as it can be handed in. Two queries."""
    draft = db.session.scalar(*_draft(**place._asdict()))
    if draft is not None:
        load_files(draft)
    return draft


def draft_to_change(place: Place) -> Draft | None:
    """The draft itself, held against other writers until the commit."""
    return db.session.scalar(*_held_draft(**place._asdict()))


def _the_draft(cohort_id, assignment_id, person_id):
    return (
        sa.select(Draft)
        .where(
            Draft.cohort_id == cohort_id,
            Draft.assignment_id == assignment_id,
            Draft.person_id == person_id,
        )
        .execution_options(populate_existing=True)
    )


@prepared
def _draft(cohort_id, assignment_id, person_id):
    return _the_draft(cohort_id, assignment_id, person_id)


@prepared
def _held_draft(cohort_id, assignment_id, person_id):
    return locked(_the_draft(cohort_id, assignment_id, person_id))


def load_files(draft: Draft) -> None:
    """Give the draft the files it has now, with their blobs."""
    files = db.session.scalars(*_files(draft_id=draft.id)).all()
    set_committed_value(draft, "files", list(files))


@prepared
def _files(draft_id):
    return (
        sa.select(DraftFile)
        .join(DraftFile.blob)
        .where(DraftFile.draft_id == draft_id)
        .options(contains_eager(DraftFile.blob))
        .order_by(DraftFile.id)
    )


def load_copies(draft: Draft) -> None:
    """Give the draft the texts that lie beside it now."""
    copies = db.session.scalars(*_copies(draft_id=draft.id)).all()
    set_committed_value(draft, "copies", list(copies))


@prepared
def _copies(draft_id):
    return sa.select(DraftCopy).where(DraftCopy.draft_id == draft_id).order_by(DraftCopy.id)


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


def _submissions(cohort_id, assignment_id, person_id):
    return sa.select(Submission).where(
        Submission.cohort_id == cohort_id,
        Submission.assignment_id == assignment_id,
        Submission.person_id == person_id,
    )


def submissions_of(place: Place) -> list[Submission]:
    """Every submission version of one person on one assignment, newest first, with its files."""
    return list(db.session.scalars(*_submissions_with_files(**place._asdict())))


@prepared
def _submissions_with_files(cohort_id, assignment_id, person_id):
    return (
        _submissions(cohort_id, assignment_id, person_id)
        .options(selectinload(Submission.files).joinedload(SubmissionFile.blob))
        .order_by(Submission.number.desc())
    )


def versions_of(place: Place) -> list[Submission]:
    """Number, arrival and punctuality of every submission version, newest first."""
    return list(db.session.scalars(*_versions(**place._asdict())))


@prepared
def _versions(cohort_id, assignment_id, person_id):
    return (
        _submissions(cohort_id, assignment_id, person_id)
        .options(
            load_only(
                Submission.number, Submission.received_at, Submission.punctuality, raiseload=True
            )
        )
        .order_by(Submission.number.desc())
    )


def newest_submission_of(place: Place) -> Submission | None:
    """The newest submission version of one person on one assignment, with its files."""
    return db.session.scalar(*_newest_submission(**place._asdict()))


@prepared
def _newest_submission(cohort_id, assignment_id, person_id):
    return (
        _submissions(cohort_id, assignment_id, person_id)
        .options(selectinload(Submission.files))
        .order_by(Submission.number.desc())
        .limit(1)
    )


def last_number(place: Place) -> int:
    """The number of the newest submission version; 0 when there is none."""
    return db.session.scalar(*_last_number(**place._asdict())) or 0


@prepared
def _last_number(cohort_id, assignment_id, person_id):
    return sa.select(sa.func.max(Submission.number)).where(
        Submission.cohort_id == cohort_id,
        Submission.assignment_id == assignment_id,
        Submission.person_id == person_id,
    )


def newest_versions(cohort_id: int, assignment_id: int) -> dict[int, tuple[int, datetime]]:
    """Person id → (number, arrival) of the newest version of everybody who handed this in."""
    rows = db.session.execute(
        sa.select(
            Submission.person_id,
            sa.func.max(Submission.number),
            sa.func.max(Submission.received_at),
        )
        .where(Submission.cohort_id == cohort_id, Submission.assignment_id == assignment_id)
        .group_by(Submission.person_id)
    )
    return {person_id: (number, received_at) for person_id, number, received_at in rows}


def handed_in_by(cohort_ids: list[int]) -> set[tuple[int, int, int]]:
    """(cohort id, assignment id, person id) of everything that was handed in in these cohorts."""
    rows = db.session.execute(
        sa.select(Submission.cohort_id, Submission.assignment_id, Submission.person_id)
        .where(Submission.cohort_id.in_(cohort_ids))
        .distinct()
    )
    return {(cohort_id, assignment_id, person_id) for cohort_id, assignment_id, person_id in rows}


def submission_with_key(place: Place, key: str) -> Submission | None:
    """What this person handed in with this one-time key."""
    return db.session.scalar(*_submission_with_key(**place._asdict(), key=key))


@prepared
def _submission_with_key(cohort_id, assignment_id, person_id, key):
    return _submissions(cohort_id, assignment_id, person_id).where(Submission.hand_in_key == key)


def _may_see(person_id) -> sa.ColumnElement[bool]:
    """Whose work a person sees: their own, and their mentees' in a capacity that reviews."""
    mentored = (
        reviewing(Mentorship.id)
        .where(
            AssignmentCapacity.assignment_id == Submission.assignment_id,
            Mentorship.cohort_id == Submission.cohort_id,
            Mentorship.participant_id == Submission.person_id,
            Mentorship.mentor_id == person_id,
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
    values = {
        "cohort_id": cohort_id,
        "assignment_id": assignment_id,
        "submission_id": submission_id,
    }
    if is_administrator:
        return db.session.scalar(*_submission(**values))
    return db.session.scalar(*_submission(**values, person_id=person_id))


@prepared
def _submission(cohort_id, assignment_id, submission_id, person_id=None):
    """Of anybody, or only what this person may see."""
    statement = (
        sa.select(Submission)
        .where(
            Submission.id == submission_id,
            Submission.cohort_id == cohort_id,
            Submission.assignment_id == assignment_id,
        )
        .options(
            joinedload(Submission.person),
            joinedload(Submission.assignment),
            joinedload(Submission.cohort).joinedload(Cohort.organisation),
            selectinload(Submission.files).joinedload(SubmissionFile.blob),
        )
    )
    return statement if person_id is None else statement.where(_may_see(person_id))


def versions_beside(submission: Submission) -> list[Submission]:
    """All versions of the same work, oldest first, without their files."""
    place = Place(submission.cohort_id, submission.assignment_id, submission.person_id)
    return list(db.session.scalars(*_versions_beside(**place._asdict())))


@prepared
def _versions_beside(cohort_id, assignment_id, person_id):
    return _submissions(cohort_id, assignment_id, person_id).order_by(Submission.number)


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
