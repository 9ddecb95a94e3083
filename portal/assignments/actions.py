"""What changes the dates of an assignment for people: asking for more time, giving it, and
exempting."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.assignments import queries, requests, rules
from portal.assignments.effects import effects_of
from portal.assignments.models import Extension, ExtensionRequest, Schedule
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell, tell_all, tell_each
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


def check_is_later(schedule: Schedule, due_at: datetime | None) -> None:
    """Refuse to give as more time what is not after the schedule's deadline; None exempts."""
    if due_at is not None and due_at <= schedule.due_at:
        raise Refused(lazy("Choose a moment after the scheduled deadline."), field="due_at")


@action
def ask_extension(
    schedule: Schedule, person_id: int, reason: str, wanted_until: datetime
) -> ExtensionRequest:
    """A participant asks for more time. One unanswered request per assignment at a time."""
    reason = _worded(reason, "reason")
    deadline = queries.task_under(schedule, person_id).deadline
    if deadline.is_exempt:
        raise Refused(lazy("Nothing is due from you here, so no more time is needed."))
    if wanted_until <= max(clock.now(), deadline.due_at):
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


def held(schedule: Schedule) -> Schedule:
    """The schedule as it is now; until the commit nobody else gives or takes anything under it."""
    db.session.refresh(
        schedule,
        ["revision", "opens_at", "due_at", "closes_at"],
        with_for_update={"key_share": True},
    )
    return schedule


@action
def give(
    schedule: Schedule,
    *,
    due_at: datetime | None,
    reason: str,
    by: int,
    person_ids: Collection[int] | None,
) -> list[Extension]:
    """Move the deadline of these participants, or exempt them when there is no ``due_at``.

    For nobody named it is the whole cohort, also who joins later. All of them or, refused, none:
    for a moment that is not after the scheduled one, and for a person who does not take part. Who
    has exactly this already keeps it and is not told again. What somebody exempted had asked for
    is answered by it.
    """
    reason = _worded(reason, "reason")
    held(schedule)
    check_is_later(schedule, due_at)
    everybody = queries.participant_ids_in(schedule.cohort_id)
    if person_ids is not None and not person_ids:
        raise Refused(lazy("Tick at least one person."), field="people")
    if person_ids is not None and set(person_ids) - set(everybody):
        raise Refused(
            lazy("Somebody you chose does not take part in the cohort (any more)."), field="people"
        )
    there = queries.extensions_like(schedule.id, due_at, person_ids)
    owners: list[int | None] = [None] if person_ids is None else [*sorted(set(person_ids))]
    has_it = {one.person_id for one in there}
    lacking = [one for one in owners if one not in has_it]
    if not lacking:
        return there
    new = _written(schedule, lacking, due_at=due_at, reason=reason, given_by_id=by)
    if due_at is None:
        _answer_by(new, schedule.id, by=by)
    record(
        "assignments.exempt" if due_at is None else "assignments.give_extension",
        new[0],
        by=by,
        cohort_id=schedule.cohort_id,
        assignment_id=schedule.assignment_id,
        people=None if person_ids is None else [one.person_id for one in new],
        due_at=due_at.isoformat() if due_at else None,
    )
    giver = person_by_id(by)
    tell_all(
        everybody if person_ids is None else [one.person_id for one in new if one.person_id],
        "exempted" if due_at is None else "extension_given",
        f"extension-{new[0].id}",
        rules.assignment_path(schedule.cohort_id, schedule.assignment_id),
        assignment=schedule.assignment.title,
        until=due_at.isoformat() if due_at else None,
        reason=reason,
        who=giver.name if giver else "",
    )
    return there + new


def _written(schedule: Schedule, owners: list[int | None], **values: Any) -> list[Extension]:
    """A row for each owner, in one statement; the ORM would send one for each."""
    same = {"schedule_id": schedule.id, "given_at": clock.now(), **values}
    rows = [{**same, "person_id": one} for one in owners]
    new = db.session.scalars(sa.insert(Extension).returning(Extension), rows).all()
    for one in new:
        set_committed_value(one, "schedule", schedule)
    return sorted(new, key=lambda one: (one.person_id or 0, one.id))


def _answer_by(exemptions: list[Extension], schedule_id: int, *, by: int) -> None:
    """Answer what the exempted had asked for: there is nothing left to decide."""
    of = {one.person_id: one for one in exemptions}
    for request in requests.open_requests_under(schedule_id):
        exemption = of.get(request.person_id) or of.get(None)
        if exemption is not None:
            request.extension_id, request.answer = exemption.id, exemption.reason
            request.answered_by_id, request.answered_at = by, clock.now()


def give_extension(
    schedule: Schedule,
    *,
    due_at: datetime,
    reason: str,
    by: int,
    person_id: int | None = None,
) -> Extension:
    """``give`` more time to one participant, or to the whole cohort when nobody is named."""
    person_ids = None if person_id is None else [person_id]
    return give(schedule, due_at=due_at, reason=reason, by=by, person_ids=person_ids)[0]


@action
def withdraw_extension(extension: Extension, *, by: int) -> None:
    """Take an extension or exemption back; the row stays, with the moment. Twice does nothing.

    Whose own dates become others by it is told, once, what holds again.
    """
    schedule = held(extension.schedule)
    db.session.refresh(extension, ["withdrawn_at"])
    if extension.withdrawn_at is not None:
        return
    affected = [
        one
        for one in effects_of(schedule, clock.now(), but=extension.id)
        if one.is_affected and extension.person_id in (None, one.person.id)
    ]
    extension.withdrawn_at, extension.withdrawn_by_id = clock.now(), by
    record(
        "assignments.end_exemption" if extension.is_exemption else "assignments.withdraw_extension",
        extension,
        by=by,
        cohort_id=schedule.cohort_id,
        assignment_id=schedule.assignment_id,
        people=[one.person.id for one in affected],
    )
    tell_each(
        "exemption_ended" if extension.is_exemption else "extension_withdrawn",
        f"extension-{extension.id}-withdrawn",
        rules.assignment_path(schedule.cohort_id, schedule.assignment_id),
        {
            one.person.id: {
                "assignment": schedule.assignment.title,
                "until": one.after.due_at.isoformat(),
            }
            for one in affected
        },
    )


@action
def answer_extension_request(
    request: ExtensionRequest,
    *,
    by: int,
    answer: str,
    due_at: datetime | None = None,
    exempts: bool = False,
) -> ExtensionRequest:
    """Answer a participant: more time until ``due_at``, an exemption, or neither.

    ``answer`` is the reason that is shown; it may be empty where something is given, then the
    participant's own reason is shown. Refuses, as a conflict, when somebody else has answered
    already.
    """
    schedule = held(request.schedule)
    db.session.refresh(request, ["answered_at"], with_for_update=True)
    if request.answered_at is not None:
        raise Refused(lazy("Somebody else has answered this request already."), conflict=True)
    answer = answer.strip()
    is_given = exempts or due_at is not None
    if not is_given or len(answer) > MOST_REASON:
        answer = _worded(answer, "answer")
    if is_given:
        extension = give(
            schedule,
            person_ids=[request.person_id],
            due_at=None if exempts else due_at,
            reason=answer or request.reason,
            by=by,
        )[0]
        request.extension_id = extension.id
    request.answer, request.answered_by_id, request.answered_at = answer, by, clock.now()
    record(
        "assignments.answer_extension_request",
        request,
        by=by,
        cohort_id=schedule.cohort_id,
        is_given=is_given,
    )
    if not is_given:
        tell(
            request.person_id,
            "extension_refused",
            f"extension-request-{request.id}-answer",
            rules.assignment_path(schedule.cohort_id, schedule.assignment_id),
            assignment=schedule.assignment.title,
            reason=answer,
        )
    return request
