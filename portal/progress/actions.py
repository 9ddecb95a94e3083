"""Reminding people of what they owe."""

from collections.abc import Iterable

from portal.assignments.rules import assignment_path
from portal.cohorts.models import Cohort, Organisation
from portal.database import action
from portal.journal.actions import record
from portal.notices.actions import tell_each
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
    people, mentoring = list(participants), list(mentors)
    for (cohort, path), group in _grouped(people).items():
        tell_each(
            REMINDER,
            reminder_key(REMINDER, cohort.id, send_key),
            path,
            {
                one.person.id: {
                    "cohort": cohort.name,
                    "works": "; ".join(work.schedule.assignment.title for work in one.lacking),
                    "since": one.last_trace_at.isoformat(),
                    "note": note,
                }
                for one in group
            },
        )
    for cohort in {one.cohort for one in mentoring}:
        tell_each(
            MENTOR_REMINDER,
            reminder_key(MENTOR_REMINDER, cohort.id, send_key),
            "/reviews",
            {
                one.person.id: {
                    "cohort": cohort.name,
                    "count": len(one.waiting),
                    "since": one.oldest_at.isoformat(),
                    "note": note,
                }
                for one in mentoring
                if one.cohort is cohort
            },
        )
    record(
        "progress.remind",
        organisation,
        by=by,
        organisation_id=organisation.id,
        send_key=send_key,
        told=[one.who for one in people] + [one.who for one in mentoring],
    )


def _grouped(people: Iterable[Participant]) -> dict[tuple[Cohort, str], list[Participant]]:
    """By cohort and by the page that the notice leads to: the one work they owe, else all."""
    found: dict[tuple[Cohort, str], list[Participant]] = {}
    for one in people:
        path = f"/cohorts/{one.cohort.id}"
        if len(one.lacking) == 1:
            path = assignment_path(one.cohort.id, one.lacking[0].schedule.assignment_id)
        found.setdefault((one.cohort, path), []).append(one)
    return found
