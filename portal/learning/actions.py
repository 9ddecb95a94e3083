"""Noting what has been read."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql
from portal.learning.models import LessonCompletion


@action
def mark_done(cohort_id: int, person_id: int, lesson_id: int) -> None:
    """Note that the participant is done with a lesson. A second time changes nothing."""
    insert = (postgresql if is_postgresql() else sqlite).insert(LessonCompletion)
    db.session.execute(
        insert.values(
            cohort_id=cohort_id, person_id=person_id, lesson_id=lesson_id, done_at=clock.now()
        ).on_conflict_do_nothing()
    )


@action
def mark_undone(cohort_id: int, person_id: int, lesson_id: int) -> None:
    db.session.execute(
        sa.delete(LessonCompletion).filter_by(
            cohort_id=cohort_id, person_id=person_id, lesson_id=lesson_id
        )
    )
