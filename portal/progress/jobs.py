"""What the portal says by itself every hour: what opens, what is due soon, what was promised.

Each is told once, by the key of its notice; a worker that stood still tells it later. States and
dates are those of the board of who lacks what, hence of the hand-in.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from portal import clock
from portal.assignments.rules import assignment_path
from portal.cohorts.models import Organisation
from portal.database import db
from portal.jobs.actions import enqueue
from portal.jobs.handlers import Handlers
from portal.notices.actions import tell_each
from portal.progress import coming, rules
from portal.progress.chasing import Board, Lacking, board_of
from portal.texts import lazy
from portal.web.formats import local_today, zone

handlers = Handlers()

HOURLY = timedelta(hours=1)
DUE_SOON = timedelta(hours=48)
PROMISE_NEAR = timedelta(hours=24)
ITEM_DUE = timedelta(days=1)
# What happened longer ago is no news, such as on the first day of a portal.
NEWS = timedelta(days=3)


@handlers.every(
    HOURLY, "progress.tell", label=lazy("Telling what comes near"), offset=timedelta(minutes=3)
)
def tell_all_organisations() -> None:
    """One job for each organisation, so that none keeps the others waiting."""
    for organisation_id in db.session.scalars(sa.select(Organisation.id)).all():
        enqueue("progress.tell_organisation", {"organisation_id": organisation_id})


@handlers.on(
    "progress.tell_organisation",
    label=lazy("Telling what comes near"),
    lease=timedelta(minutes=10),
    most_tries=3,
)
def tell_organisation(organisation_id: int) -> None:
    """Tell the people of one organisation's running cohorts what comes near."""
    organisation, now = db.session.get_one(Organisation, organisation_id), clock.now()
    board = board_of(organisation, now)
    _tell_opening(board, now)
    _tell_due_soon(board, now)
    _tell_promises([one.id for one in board.cohorts], now)
    _tell_action_items(board, organisation.zone)


def _each(works: dict[tuple[str, str], dict[int, Lacking]], kind: str) -> None:
    """Tell every group (key, path) of works, each person with the date that holds for them."""
    for (key, path), lacking in works.items():
        told = {
            person_id: {
                "assignment": one.schedule.assignment.title,
                "until": one.cell.deadline.due_at.isoformat(),
                "is_revision": one.cell.state == rules.REVISE,
            }
            for person_id, one in lacking.items()
        }
        tell_each(kind, key, path, told)


def _tell_opening(board: Board, now: datetime) -> None:
    """Participants who may begin, and have not handed anything in."""
    works: dict[tuple[str, str], dict[int, Lacking]] = defaultdict(dict)
    for person in board.participants:
        for one in person.lacking:
            opened_at = one.cell.deadline.opens_at
            if one.cell.state in (rules.TO_DO, rules.DRAFT) and now - NEWS < opened_at <= now:
                works[f"opening-{one.schedule.id}", _path(one)][person.person.id] = one
    _each(works, "assignment_opened")


def _tell_due_soon(board: Board, now: datetime) -> None:
    """Participants from whom a hand-in would be taken now, and who owe it within two days."""
    works: dict[tuple[str, str], dict[int, Lacking]] = defaultdict(dict)
    for person in board.participants:
        for one in person.lacking:
            deadline = one.cell.deadline
            if deadline.accepts(now, now) and now <= deadline.due_at <= now + DUE_SOON:
                key = f"due-{one.schedule.id}-{deadline.due_at:%Y%m%d%H%M}"
                works[key, _path(one)][person.person.id] = one
    _each(works, "due_soon")


def _path(one: Lacking) -> str:
    return assignment_path(one.schedule.cohort_id, one.schedule.assignment_id)


def _tell_promises(cohort_ids: list[int], now: datetime) -> None:
    """Mentors for whom something waits whose feedback was promised within a day, or lately."""
    waiting: dict[int, list[coming.Promise]] = defaultdict(list)
    for one in coming.promises_until(cohort_ids, now - NEWS, now + PROMISE_NEAR):
        waiting[one.submission_id].append(one)
    for submission_id, promises in waiting.items():
        first = promises[0]
        values = {
            "assignment": first.title,
            "who": first.who,
            "until": first.feedback_by.isoformat(),
        }
        tell_each(
            "promise_near",
            f"promise-{submission_id}",
            f"/cohorts/{first.cohort_id}/submissions/{submission_id}/review",
            dict.fromkeys((one.mentor_id for one in promises), values),
        )


def _tell_action_items(board: Board, place: str) -> None:
    """Participants whose action items are due tomorrow, or were lately, and are not settled; not
    who is exempt from the assignment."""
    today, cohort_ids = local_today(place), [one.id for one in board.cohorts]
    for one in coming.due_items(cohort_ids, today - NEWS, today + ITEM_DUE):
        if board.deadlines[one.cohort_id].is_exempt(one.person_id, one.assignment_id):
            continue
        until = datetime.combine(one.due_on, time(23, 59), tzinfo=zone(place))
        values = {"assignment": one.title, "until": until.isoformat()}
        tell_each(
            "action_item_due",
            f"action-item-{one.thread}-{one.due_on}",
            assignment_path(one.cohort_id, one.assignment_id),
            {one.person_id: values},
        )
