"""What administrators change about dates: opening a cohort, its schedule, more time."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from portal import clock
from portal.assignments import actions, queries, rules
from portal.assignments.effects import effects_of
from portal.assignments.models import Assignment, Extension, Schedule
from portal.cohorts.models import NUMBERS, Cohort, Organisation
from portal.courses.models import Course
from portal.database import action, db
from portal.holidays.queries import working_days_of
from portal.holidays.rules import WorkingDays
from portal.journal.actions import record
from portal.notices.actions import tell_each
from portal.rubrics.models import RubricVersion
from portal.texts import Refused, lazy
from portal.web.formats import zone


@dataclass(frozen=True)
class Planned:
    """An assignment of a course as a cohort that begins on some day would have it.

    ``is_added``: the course has got it since the cohort whose schedule is copied was opened.
    """

    assignment: Assignment
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    feedback_days: int
    rubric_version_id: int | None
    is_added: bool = False


def courses_of(organisation_id: int) -> list[Course]:
    """The courses a cohort of this organisation may follow, by title."""
    return list(
        db.session.scalars(
            sa.select(Course)
            .where(Course.organisation_id == organisation_id)
            .order_by(Course.title, Course.id)
        )
    )


def planned_schedule(
    course_id: int,
    starts_on: date,
    place: str,
    calendar: WorkingDays | None,
    like: Cohort | None = None,
) -> list[Planned]:
    """The schedule that a cohort beginning on that day would get, in course order.

    The course's offsets count working days of the calendar, or all days when there is none. Of
    another cohort that it shall be ``like`` the dates are taken over in the same way, with the
    days in which feedback is promised. The rubric versions are the newest.
    """
    newest = (
        sa.select(sa.func.max(RubricVersion.id))
        .where(RubricVersion.rubric_id == Assignment.rubric_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Assignment, newest)
        .where(Assignment.course_id == course_id, Assignment.hidden_at.is_(None))
        .order_by(Assignment.position, Assignment.id)
    )
    there = {one.assignment_id: one for one in queries.schedules_in(like.id)} if like else {}
    planned = []
    for one, version in rows:
        old = there.get(one.id)
        if like and old:
            opens_at, due_at, closes_at = (
                rules.moved_along(moment, like.starts_on, starts_on, zone(place), calendar)
                for moment in (old.opens_at, old.due_at, old.closes_at)
            )
            # Hours of a Saturday and of the Monday after it may have come to lie on one day.
            due_at = max(opens_at, due_at)
            dates = (opens_at, due_at, max(due_at, closes_at))
        else:
            offsets = (one.opens_offset, one.due_offset, one.closes_offset)
            dates = rules.dates_from(starts_on, *offsets, zone(place), calendar)
        days = old.feedback_days if old else one.feedback_days
        planned.append(Planned(one, *dates, days, version, is_added=like is not None and not old))
    return planned


@action
def open_cohort(
    organisation: Organisation,
    course: Course,
    name: str,
    starts_on: date,
    ends_on: date,
    by: int,
    *,
    in_working_days: bool = True,
    like: Cohort | None = None,
) -> Cohort:
    """A cohort that follows the course, its schedule made from the course's offsets, or from the
    schedule of a cohort that it shall be ``like``, whose numbers it then gets too.

    Working days of the organisation are counted, or all days.
    """
    taken = sa.select(Cohort.id).filter_by(organisation_id=organisation.id, name=name)
    if db.session.scalar(taken):
        raise Refused(lazy("Another cohort has this name."), field="name")
    cohort = Cohort(
        organisation_id=organisation.id,
        course_id=course.id,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=clock.now(),
        **{one: getattr(like, one) for one in NUMBERS if like},
    )
    db.session.add(cohort)
    try:
        db.session.flush()
    except sa.exc.IntegrityError as error:
        raise Refused(lazy("Another cohort has this name."), field="name") from error
    calendar = working_days_of(organisation.id) if in_working_days else None
    for one in planned_schedule(course.id, starts_on, organisation.zone, calendar, like):
        db.session.add(
            Schedule(
                cohort_id=cohort.id,
                assignment_id=one.assignment.id,
                opens_at=one.opens_at,
                due_at=one.due_at,
                closes_at=one.closes_at,
                feedback_days=one.feedback_days,
                rubric_version_id=one.rubric_version_id,
            )
        )
    record(
        "cohorts.create", cohort, by=by, cohort_id=cohort.id, course_id=course.id,
        like=like.id if like else None,
    )  # fmt: skip
    return cohort


@action
def reschedule(
    schedule: Schedule,
    *,
    opens_at: datetime,
    due_at: datetime,
    closes_at: datetime,
    feedback_days: int,
    revision: int,
    by: int,
) -> None:
    """Move an assignment's dates for a cohort. Whose own dates become others is told, once.

    Refused as a conflict when somebody else changed them meanwhile. What was handed in keeps the
    deadline that held when it arrived.
    """
    moments = ["opens_at", "due_at", "closes_at"]
    db.session.refresh(schedule, ["revision", *moments], with_for_update=True)
    if schedule.revision != revision:
        raise Refused(
            lazy("Somebody else changed these dates meanwhile. Look at them and press again."),
            conflict=True,
        )
    dates = replace(
        queries.dates_of(schedule), opens_at=opens_at, due_at=due_at, closes_at=closes_at
    )
    affected = [one for one in effects_of(schedule, clock.now(), dates=dates) if one.is_affected]
    before = schedule.due_at
    schedule.opens_at, schedule.due_at, schedule.closes_at = opens_at, due_at, closes_at
    schedule.feedback_days = feedback_days
    schedule.revision += 1
    record(
        "assignments.reschedule",
        schedule,
        by=by,
        cohort_id=schedule.cohort_id,
        assignment_id=schedule.assignment_id,
        before=before.isoformat(),
        due_at=due_at.isoformat(),
        people=[one.person.id for one in affected],
    )
    is_due_moved = {one.person.id: one.before.due_at != one.after.due_at for one in affected}
    for kind, moves_due in (("deadline_moved", True), ("dates_moved", False)):
        tell_each(
            kind,
            f"schedule-{schedule.id}-{schedule.revision}",
            rules.assignment_path(schedule.cohort_id, schedule.assignment_id),
            {
                one.person.id: {
                    "assignment": schedule.assignment.title,
                    "opens": one.after.opens_at.isoformat(),
                    "until": one.after.due_at.isoformat(),
                    "closes": one.after.closes_at.isoformat(),
                }
                for one in affected
                if is_due_moved[one.person.id] is moves_due
            },
        )


@action
def give_as_seen(
    schedule: Schedule,
    *,
    revision: int,
    due_at: datetime | None,
    reason: str,
    by: int,
    person_ids: Collection[int] | None,
) -> list[Extension]:
    """``give`` what somebody looked at first; refused as a conflict when the dates of the
    schedule were moved since."""
    if actions.held(schedule).revision != revision:
        raise Refused(
            lazy("Somebody else changed these dates meanwhile. Look at them and press again."),
            conflict=True,
        )
    return actions.give(schedule, due_at=due_at, reason=reason, by=by, person_ids=person_ids)
