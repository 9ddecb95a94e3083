"""What changes the dates of an assignment for people: asking for more time, and giving it."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.assignments import queries, requests, rules
from portal.assignments.models import Extension, ExtensionRequest, Schedule
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell, tell_all
from portal.people.queries import person_by_id
from portal.texts import Refused, lazy

MOST_REASON = 1000


def _worded(text: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(lazy("Write why: the reason is shown to everybody concerned."), field=field)
    if len(text) > MOST_REASON:
        raise Refused(lazy("At most %(most)s characters.", most=MOST_REASON), field=field)
    return text


@action
def ask_extension(
    schedule: Schedule, person_id: int, reason: str, wanted_until: datetime
) -> ExtensionRequest:
    """A participant asks for more time. One unanswered request per assignment at a time."""
    reason = _worded(reason, "reason")
    if wanted_until <= max(clock.now(), queries.task_under(schedule, person_id).deadline.due_at):
        raise Refused(
            lazy("Choose a day after the present deadline that still lies ahead."),
            field="wanted_until",
        )
    waiting = lazy("You have asked already. The answer will stand here.")
    if requests.open_request_of(schedule.id, person_id):
        raise Refused(waiting, conflict=True)
    request = ExtensionRequest(
        schedule=schedule,
        schedule_id=schedule.id,
        person_id=person_id,
        reason=reason,
        wanted_until=wanted_until,
        asked_at=clock.now(),
    )
    db.session.add(request)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused(waiting, conflict=True) from error
    record("assignments.ask_extension", request, by=person_id, cohort_id=schedule.cohort_id)
    person = person_by_id(person_id)
    reviewers = queries.reviewers_of(schedule.cohort_id, schedule.assignment_id, person_id)
    may_answer = {one.mentor_id for one in reviewers}
    may_answer |= set(queries.administrator_ids_of(schedule.cohort_id))
    tell_all(
        may_answer - {person_id},
        "extension_asked",
        f"extension-request-{request.id}",
        f"/cohorts/{schedule.cohort_id}/extension-requests/{request.id}/answer",
        assignment=schedule.assignment.title,
        who=person.name if person else "",
        until=wanted_until.isoformat(),
    )
    return request


@action
def give_extension(
    schedule: Schedule,
    *,
    due_at: datetime,
    reason: str,
    by: int,
    person_id: int | None = None,
) -> Extension:
    """Move the deadline for one participant, or for the whole cohort when nobody is named.

    Refuses a moment that is not after the scheduled one, and a person who does not take part.
    """
    reason = _worded(reason, "reason")
    if due_at <= schedule.due_at:
        raise Refused(lazy("Choose a moment after the scheduled deadline."), field="due_at")
    everybody = queries.participant_ids_in(schedule.cohort_id)
    if person_id is not None and person_id not in everybody:
        raise Refused(lazy("This person does not take part in the cohort."), field="person_id")
    extension = Extension(
        schedule=schedule,
        schedule_id=schedule.id,
        person_id=person_id,
        due_at=due_at,
        reason=reason,
        given_by_id=by,
        given_at=clock.now(),
    )
    db.session.add(extension)
    db.session.flush()
    record(
        "assignments.give_extension",
        extension,
        by=by,
        cohort_id=schedule.cohort_id,
        assignment_id=schedule.assignment_id,
        participant_id=person_id,
        due_at=due_at.isoformat(),
    )
    tell_all(
        everybody if person_id is None else [person_id],
        "extension_given",
        f"extension-{extension.id}",
        rules.assignment_path(schedule.cohort_id, schedule.assignment_id),
        assignment=schedule.assignment.title,
        until=due_at.isoformat(),
        reason=reason,
    )
    return extension


@action
def withdraw_extension(extension: Extension, *, by: int) -> None:
    """Take an extension back; the row stays, with the moment. Twice does nothing."""
    if extension.withdrawn_at is not None:
        return
    extension.withdrawn_at = clock.now()
    record(
        "assignments.withdraw_extension",
        extension,
        by=by,
        cohort_id=extension.schedule.cohort_id,
    )


@action
def answer_extension_request(
    request: ExtensionRequest,
    *,
    by: int,
    answer: str,
    due_at: datetime | None = None,
) -> ExtensionRequest:
    """Answer a participant: more time until ``due_at``, or none when it is None.

    ``answer`` is the reason that is shown; for more time it may be empty, then the participant's
    own reason is shown. Refuses, as a conflict, when somebody else has answered already.
    """
    schedule = request.schedule
    db.session.refresh(request, ["answered_at"], with_for_update=True)
    if request.answered_at is not None:
        raise Refused(lazy("Somebody else has answered this request already."), conflict=True)
    answer = answer.strip()
    if due_at is None or len(answer) > MOST_REASON:
        answer = _worded(answer, "answer")
    if due_at is not None:
        extension = give_extension(
            schedule,
            person_id=request.person_id,
            due_at=due_at,
            reason=answer or request.reason,
            by=by,
        )
        request.extension_id = extension.id
    request.answer, request.answered_by_id, request.answered_at = answer, by, clock.now()
    record(
        "assignments.answer_extension_request",
        request,
        by=by,
        cohort_id=schedule.cohort_id,
        is_given=due_at is not None,
    )
    if due_at is None:
        tell(
            request.person_id,
            "extension_refused",
            f"extension-request-{request.id}-answer",
            rules.assignment_path(schedule.cohort_id, schedule.assignment_id),
            assignment=schedule.assignment.title,
            reason=answer,
        )
    return request
