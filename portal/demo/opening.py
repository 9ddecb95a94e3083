"""A cohort as an administrator opens it: its course, its dates, and a schedule from the offsets."""

import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Assignment, Schedule
from portal.cohorts.models import Cohort, Organisation
from portal.courses.models import Course
from portal.database import action, db
from portal.demo.days import Days
from portal.journal.actions import record
from portal.rubrics.models import RubricVersion


@action
def open_cohort(
    organisation: Organisation, course: Course, name: str, days: Days, by: int
) -> Cohort:
    """A cohort that runs the course, with one schedule for each assignment."""
    cohort = Cohort(
        organisation_id=organisation.id,
        course_id=course.id,
        name=name,
        starts_on=days.starts_on,
        ends_on=days.ends_on,
        created_at=clock.now(),
    )
    db.session.add(cohort)
    db.session.flush()
    versions = (
        sa.select(sa.func.max(RubricVersion.id))
        .where(RubricVersion.rubric_id == Assignment.rubric_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Assignment, versions)
        .where(Assignment.course_id == course.id, Assignment.hidden_at.is_(None))
        .order_by(Assignment.position)
    )
    for assignment, version in rows:
        db.session.add(
            Schedule(
                cohort_id=cohort.id,
                assignment_id=assignment.id,
                opens_at=days.at(assignment.opens_offset, 8),
                due_at=days.at(assignment.due_offset, 23, 59),
                closes_at=days.at(assignment.closes_offset, 23, 59),
                feedback_days=assignment.feedback_days,
                rubric_version_id=version,
            )
        )
    record("cohorts.create", cohort, by=by, cohort_id=cohort.id)
    db.session.flush()
    return cohort
