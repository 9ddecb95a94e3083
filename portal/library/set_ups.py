"""A new cohort with the set-up of another one: its course as it is now, its dates and meetings from
another first day on, its numbers. Never its people, and nothing they did."""

from dataclasses import dataclass
from datetime import date, datetime

from portal import clock
from portal.assignments.rules import moved_along
from portal.assignments.scheduling import open_cohort
from portal.calendars import queries
from portal.calendars.models import Meeting
from portal.cohorts.models import Cohort, Organisation
from portal.database import action, db
from portal.holidays.queries import working_days_of
from portal.holidays.rules import WorkingDays
from portal.web.formats import zone


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting of another cohort as one that begins on some day would have it, without its link:
    a room on line is one cohort's own."""

    subject: str
    teacher: str
    place: str
    starts_at: datetime
    ends_at: datetime


def planned_meetings(
    like: Cohort, starts_on: date, place: str, calendar: WorkingDays | None
) -> list[PlannedMeeting]:
    """The meetings of a cohort that were not cancelled, moved along with its first day: the same
    hours, as many working days after it."""
    planned = []
    for one in queries.meetings_in(like.id):
        if one.cancelled_at is None:
            begins = moved_along(one.starts_at, like.starts_on, starts_on, zone(place), calendar)
            ends = begins + (one.ends_at - one.starts_at)
            planned.append(PlannedMeeting(one.subject, one.teacher, one.place, begins, ends))
    return planned


def last_day_like(like: Cohort, starts_on: date, calendar: WorkingDays | None) -> date:
    """The last day of a cohort that lasts as many working days as another one."""
    if calendar is None:
        return starts_on + (like.ends_on - like.starts_on)
    count = calendar.between(calendar.at_or_after(like.starts_on), like.ends_on)
    return max(starts_on, calendar.plus(calendar.at_or_after(starts_on), count))


@action
def open_like(
    organisation: Organisation,
    like: Cohort,
    name: str,
    starts_on: date,
    ends_on: date,
    by: int,
    *,
    in_working_days: bool = True,
) -> Cohort:
    """A cohort with the set-up of another one of the organisation, from its first day on."""
    cohort = open_cohort(
        organisation, like.course, name, starts_on, ends_on, by,
        in_working_days=in_working_days, like=like,
    )  # fmt: skip
    calendar = working_days_of(organisation.id) if in_working_days else None
    for one in planned_meetings(like, starts_on, organisation.zone, calendar):
        db.session.add(
            Meeting(
                cohort_id=cohort.id,
                subject=one.subject,
                teacher=one.teacher,
                place=one.place,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                changed_at=clock.now(),
            )
        )
    return cohort
