"""What a judgement is written upon: the one precondition of every path that writes a mark or makes
one seen (the form, its autosave, the keys, a release, a correction)."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.database import db
from portal.reviews.desks import Desk, Handed
from portal.reviews.models import Review
from portal.reviews.queries import Present
from portal.reviews.versions import Head
from portal.selects import prepared
from portal.submissions.models import Submission
from portal.texts import Refused, lazy


@dataclass(frozen=True)
class Basis:
    """What somebody had before them: the review with its revision, the number of the work's newest
    submission version, and the rubric version (0 where there is none)."""

    number: int
    revision: int
    newest: int
    rubric: int


def basis_of(desk: Desk, shown: Present | Review | Head) -> Basis:
    """What somebody has before them to whom this review of that work is shown."""
    return Basis(
        shown.number, shown.revision, desk.newest_number, desk.submission.rubric_version_id or 0
    )


def require(desk: Desk, present: Present[Review], seen: Basis, *, is_own: bool = False) -> None:
    """Refuse, as a conflict, unless what was seen is what is there now.

    ``present`` is read with its row held. ``is_own``: every save since came from the same open
    page, so another revision alone is no conflict.
    """
    why = None
    last = present.last_released
    is_present = seen.number == present.number
    if last is not None and seen.number == last.number:
        why = lazy("This review was released meanwhile.")
    elif not is_present or (seen.revision != present.revision and not is_own):
        why = lazy("Somebody saved this review meanwhile.")
    elif seen.newest != _newest_number(desk.submission):
        why = lazy("A newer version of this work was handed in meanwhile.")
    elif seen.rubric != (desk.submission.rubric_version_id or 0):
        why = lazy("This form was made for another rubric.")
    if why:
        raise Refused(why, conflict=True)


def _newest_number(submission: Submission | Handed) -> int | None:
    """Asked anew under the lock: somebody may have waited for it."""
    return db.session.scalar(
        *_newest(
            cohort_id=submission.cohort_id,
            assignment_id=submission.assignment_id,
            person_id=submission.person_id,
        )
    )


@prepared
def _newest(cohort_id, assignment_id, person_id):
    return sa.select(sa.func.max(Submission.number)).where(
        Submission.cohort_id == cohort_id,
        Submission.assignment_id == assignment_id,
        Submission.person_id == person_id,
    )
