"""Reminding people of what they owe."""

from collections.abc import Iterable

from portal.assignments.rules import assignment_path
from portal.cohorts.models import Organisation
from portal.database import action
from portal.journal.actions import record
from portal.notices.actions import tell
from portal.progress.chasing import (
    MENTOR_REMINDER,
    REMINDER,
    Mentor,
    Participant,
    reminder_key,
)


@action
def remind(
    organisation: Organisation,
    participants: Iterable[Participant],
    mentors: Iterable[Mentor],
    *,
    note: str,
    send_key: str,
    by: int,
) -> None:
    """Send each of them one notice of what they owe now. The same ``send_key`` again sends nothing
    to whoever has it already."""
    told = []
    for one in participants:
        works = [work.schedule for work in one.lacking]
        place = f"/cohorts/{one.cohort.id}"
        path = assignment_path(one.cohort.id, works[0].assignment_id) if len(works) == 1 else place
        tell(
            one.person.id,
            REMINDER,
            reminder_key(REMINDER, one.cohort.id, send_key),
            path,
            cohort=one.cohort.name,
            works="; ".join(work.assignment.title for work in works),
            since=one.last_trace_at.isoformat(),
            note=note,
        )
        told.append(one.who)
    for mentor in mentors:
        tell(
            mentor.person.id,
            MENTOR_REMINDER,
            reminder_key(MENTOR_REMINDER, mentor.cohort.id, send_key),
            "/reviews",
            cohort=mentor.cohort.name,
            count=len(mentor.waiting),
            since=mentor.oldest_at.isoformat(),
            note=note,
        )
        told.append(mentor.who)
    record(
        "progress.remind",
        organisation,
        by=by,
        organisation_id=organisation.id,
        send_key=send_key,
        told=told,
    )
