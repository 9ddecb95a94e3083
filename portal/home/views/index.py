"""The first page after signing in: what to do next, for each thing that the person is."""

from datetime import datetime, timedelta
from typing import Any

from flask_login import current_user

from portal import clock
from portal.assignments.requests import extension_requests_waiting_for
from portal.cohorts.queries import organisations_administered_by
from portal.home import administrators, participants, rules
from portal.home.navigation import places
from portal.home.queries import Place
from portal.reviews.open_items import counts_of
from portal.reviews.queue import waiting_for
from portal.web.access import MEMBER, SIGNED_IN, standing
from portal.web.formats import reader_zone
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("home", __name__)

MOST_WAITING = 12
RECENT = timedelta(days=30)


@routes.get("/", access=SIGNED_IN)
def index():
    held, now = places(), clock.now()
    roles = held.roles
    cohort_ids = {place.cohort_id for place in held.cohorts}
    queue = waiting_for(current_user.id, now=now, most=MOST_WAITING) if "mentor" in roles else None
    overviews = (
        administrators.overviews_for(current_user.id, now) if "administrator" in roles else []
    )
    return page(
        "home/index.html",
        roles=roles,
        mine=_mine(held.as_role("participant"), now) if "participant" in roles else None,
        queue=queue,
        requests=extension_requests_waiting_for(current_user.id) if "mentor" in roles else [],
        organisations=administrators.by_organisation(overviews),
        administered=organisations_administered_by(current_user.id)
        if "administrator" in roles and not overviews
        else [],
        announcements=participants.announcements_for(cohort_ids, now - RECENT, now)
        if cohort_ids
        else [],
        open_items=counts_of(
            (one.cohort.id, one.assignment, one.person.id) for one in (queue.rows if queue else ())
        ),
        many_cohorts=len(cohort_ids) > 1,
        now=now,
    )


@routes.get("/cohorts/<int:cohort_id>", access=MEMBER)
def cohort(cohort_id: int):
    """Where a link to a cohort leads: to what this person does there."""
    if standing().is_administrator:
        return redirect_to("progress.index", cohort_id=cohort_id)
    if standing().is_participant:
        return redirect_to("lessons.index", cohort_id=cohort_id)
    return redirect_to("reviews.index")


def _mine(joined: list[Place], now: datetime) -> dict[str, Any]:
    """What the person does as a participant, over all their cohorts."""
    names = {place.cohort_id: place.name for place in joined}
    states = participants.states_of(current_user.id, names)
    tasks = participants.tasks_of(current_user.id, names, states, now)
    exempt = {(one.cohort_id, one.assignment_id) for one in tasks if one.deadline.is_exempt}
    return {
        "is_over": all(place.is_closed for place in joined),
        "agenda": rules.agenda(tasks, now, reader_zone()),
        "feedback": participants.fresh_feedback(states, now),
        "items": [
            one
            for one in participants.open_items_of(current_user.id, names)
            if (one.cohort_id, one.assignment_id) not in exempt
        ],
        "readings": participants.readings_of(current_user.id, names, now),
        "today": now.astimezone(reader_zone()).date(),
    }
