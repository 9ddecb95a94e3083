"""One calendar of a cohort for all its members: meetings in class and periods of work outside."""

from flask_login import current_user

from portal import clock
from portal.assignments.pictures import bars_of
from portal.assignments.queries import Task, deadlines_in, tasks_of
from portal.calendars import queries
from portal.calendars.rules import DAY_OFF, DUE, MEETING, OPENS, Item, agenda, local_day
from portal.holidays.queries import calendar_of
from portal.holidays.rules import days_off as working_days
from portal.web.access import MEMBER, standing
from portal.web.formats import is_elsewhere, local_today, zone
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("calendars", __name__, url_prefix="/cohorts/<int:cohort_id>/calendar")
NOBODY = 0


@routes.get("", access=MEMBER)
def show(cohort_id: int):
    """A participant sees their own deadlines, everybody else the schedule of the cohort."""
    here = standing()
    place = zone(here.organisation.zone)
    if here.is_participant:
        tasks = tasks_of(cohort_id, current_user.id)
    else:
        common = deadlines_in(cohort_id, NOBODY)
        tasks = [Task(one, common.of(NOBODY, one.assignment_id)) for one in common.schedules]
    days_off = calendar_of(here.organisation.id)
    first, last = here.cohort.starts_on, here.cohort.ends_on
    meetings = queries.meetings_in(cohort_id)
    items = [
        *(Item(MEETING, local_day(one.starts_at, place), one, one.starts_at) for one in meetings),
        *_of_tasks(tasks, place),
        *(
            Item(DAY_OFF, day, entry)
            for day, entry in days_off.items()
            if first <= day <= last and entry.is_off
        ),
    ]
    now, today = clock.now(), local_today(here.organisation.zone)
    days = agenda(items)
    bars = bars_of(
        [
            (
                one.assignment.title,
                one.deadline.opens_at,
                one.deadline.due_at,
                one.deadline.closes_at,
            )
            for one in tasks
            if not one.deadline.is_exempt
        ],
        place,
        working_days(days_off),
        first,
        last,
    )
    return page(
        "calendars/show.html",
        cohort=here.cohort,
        place=here.organisation.zone,
        place_zone=place,
        is_elsewhere=is_elsewhere(now, place),
        today=today,
        now=now,
        ahead=[one for one in days if one[0] >= today],
        past=[one for one in days if one[0] < today],
        bars=bars,
        is_administrator=here.is_administrator,
        is_participant=here.is_participant,
    )


def _of_tasks(tasks: list[Task], place):
    """When each opens and is due; who is exempt reads so on the day it would have been due."""
    for task in tasks:
        opens, due = task.deadline.opens_at, task.deadline.due_at
        if not task.deadline.is_exempt:
            yield Item(OPENS, local_day(opens, place), task, opens)
        yield Item(DUE, local_day(due, place), task, due)
