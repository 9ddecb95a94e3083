"""Everything here begins at somebody's draft page."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Schedule
from tests.submissions.work import Desk


@pytest.fixture
def desk(sign_in, world):
    """``desk("classmate")``: their place for the essay here. The classmate has written nothing."""

    def of(who: str = "classmate", assignment: str = "here_essay", client=None) -> Desk:
        return Desk(client or sign_in(who), world.here, getattr(world, assignment))

    return of


@pytest.fixture
def set_dates(scene, world):
    """``set_dates(due=-1, closes=6)``: move the essay's schedule, in days from now."""

    def move(opens: float = -10, due: float = 4, closes: float = 11) -> Schedule:
        now = clock.now()
        with scene() as session:
            schedule = session.scalars(
                sa.select(Schedule).where(
                    Schedule.cohort_id == world.here, Schedule.assignment_id == world.here_essay
                )
            ).one()
            schedule.opens_at = now + timedelta(days=opens)
            schedule.due_at = now + timedelta(days=due)
            schedule.closes_at = now + timedelta(days=closes)
            return schedule

    return move
