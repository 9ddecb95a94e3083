"""By when new versions were asked for."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.reviews.models import Review
from portal.reviews.queries import released
from portal.selects import prepared
from portal.submissions.models import Submission


def revisions_asked(
    cohort_id: int, person_id: int | None = None, assignment_id: int | None = None
) -> dict[tuple[int, int], datetime]:
    """By when a new version is asked for: (person id, assignment id) → day, where the newest
    released review of the newest reviewed submission version says revise. One query.
    """
    asked = _revisions.rows(cohort_id=cohort_id, person_id=person_id, assignment_id=assignment_id)
    return _asked(asked)


def revisions_asked_in(cohort_ids: list[int]) -> dict[int, dict[tuple[int, int], datetime]]:
    """The same for each of several cohorts. One query."""
    found = defaultdict(list)
    for one in _revisions.rows(cohort_ids=cohort_ids):
        found[one.cohort_id].append(one)
    return {cohort_id: _asked(rows) for cohort_id, rows in found.items()}


def _asked(rows: Iterable[Any]) -> dict[tuple[int, int], datetime]:
    newest = {(one.person_id, one.assignment_id): one for one in rows}
    return {
        key: one.revise_by
        for key, one in newest.items()
        if one.decision == "revise" and one.revise_by is not None
    }


@prepared
def _revisions(cohort_id=None, person_id=None, assignment_id=None, cohort_ids=None):
    statement = (
        sa.select(
            Submission.cohort_id,
            Submission.person_id,
            Submission.assignment_id,
            Review.decision,
            Review.revise_by,
        )
        .join(Review, Review.submission_id == Submission.id)
        .where(released())
        .order_by(Submission.number, Review.number)
    )
    if cohort_ids is not None:
        return statement.where(Submission.cohort_id.in_(cohort_ids))
    statement = statement.where(Submission.cohort_id == cohort_id)
    if person_id is not None:
        statement = statement.where(Submission.person_id == person_id)
    if assignment_id is not None:
        statement = statement.where(Submission.assignment_id == assignment_id)
    return statement
