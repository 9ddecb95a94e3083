"""A participant's assignments: brief, dates, feedback and dialogue on one page each; and the same
of one participant for the mentors and administrators who may read it."""

from datetime import datetime
from typing import Any

from flask import abort, url_for
from flask_login import current_user

from portal import clock
from portal.assignments.queries import deadline_under, schedules_in, tasks_of
from portal.assignments.rules import Deadline
from portal.journal.sightings import saw
from portal.reviews import dialogue, overview, queries
from portal.reviews.forms import MessageForm
from portal.reviews.open_items import count_in, counts_of, record_with_followed
from portal.reviews.overview import Begun
from portal.reviews.records import Record
from portal.reviews.stages import Stage, stage_of
from portal.rubrics.queries import criteria_by_version
from portal.texts import Refused
from portal.web.access import MEMBER, MENTOR, PARTICIPANT, STAFF, standing
from portal.web.htmx import page, redirect_to
from portal.web.routes import Routes

routes = Routes("work", __name__)
histories = Routes("histories", __name__)
messages = Routes("messages", __name__)
answers = Routes("answers", __name__)

ADDRESS = "/cohorts/<int:cohort_id>/assignments/<int:assignment_id>"
OF_ONE = (
    "/cohorts/<int:cohort_id>/participants/<int:participant_id>/assignments/<int:assignment_id>"
)


@routes.get("/cohorts/<int:cohort_id>/assignments", access=MEMBER)
def index(cohort_id: int):
    """The cohort's assignments; a participant's with where they stand."""
    cohort = standing().cohort
    if not standing().is_participant:
        return page("reviews/briefs.html", schedules=schedules_in(cohort_id), cohort=cohort)
    tasks = tasks_of(cohort_id, current_user.id)
    now = clock.now()
    states = overview.work_states_in(cohort_id, current_user.id)
    drafts = overview.drafts_in(cohort_id, current_user.id)
    rows = []
    for task in tasks:
        key = (current_user.id, task.assignment.id)
        state = states.get(key)
        stage = stage_of(
            deadline_state=task.deadline.state(now),
            has_draft=key in drafts,
            is_handed_in=state is not None,
            decision=state.decision if state else None,
            review_begun=state is not None and state.review_begun,
            is_exempt=task.deadline.is_exempt,
        )
        rows.append((task, stage, state))
    open_items = counts_of((cohort_id, task.assignment, current_user.id) for task in tasks)
    return page("reviews/work_index.html", rows=rows, open_items=open_items, cohort=cohort, now=now)


@routes.get(ADDRESS, access=MEMBER)
def show(cohort_id: int, assignment_id: int):
    """One's own work on an assignment; for mentors and administrators its brief, and whose work."""
    if not standing().is_participant:
        return _brief(cohort_id, assignment_id)
    begun = _begun_or_404(cohort_id, assignment_id)
    saw("assignment", assignment_id, cohort_id)
    return work_page(begun, is_own=True)


@histories.get(OF_ONE, access=STAFF, endpoint="show")
def show_history(cohort_id: int, participant_id: int, assignment_id: int):
    begun = _read_or_404(
        cohort_id, participant_id, assignment_id, is_administrator=standing().is_administrator
    )
    return work_page(begun, is_own=False)


@messages.post(f"{ADDRESS}/messages", access=PARTICIPANT)
def create(cohort_id: int, assignment_id: int):
    begun = _begun_or_404(cohort_id, assignment_id)
    return _say(begun, is_own=True)


@answers.post(f"{OF_ONE}/messages", access=MENTOR, endpoint="create")
def answer(cohort_id: int, participant_id: int, assignment_id: int):
    begun = _read_or_404(cohort_id, participant_id, assignment_id, is_administrator=False)
    return _say(begun, is_own=False)


def _begun_or_404(cohort_id: int, assignment_id: int) -> Begun:
    return _shown(overview.begun_by(current_user.id, cohort_id, assignment_id))


def _shown(begun: Begun | None) -> Begun:
    """What is begun, unless its assignment was hidden before anything was."""
    if begun is None or (begun.schedule.assignment.hidden_at is not None and not begun.has_draft):
        abort(404)
    return begun


def _read_or_404(
    cohort_id: int, participant_id: int, assignment_id: int, *, is_administrator: bool
) -> Begun:
    """A participant's, when the present person mentors them or administers the cohort."""
    found = overview.begun_read_by(
        current_user.id,
        cohort_id,
        participant_id,
        assignment_id,
        is_administrator=is_administrator,
    )
    return _shown(found)


def _brief(cohort_id: int, assignment_id: int):
    begun = _begun_or_404(cohort_id, assignment_id)
    version_id = begun.schedule.rubric_version_id
    return page(
        "reviews/brief.html",
        schedule=begun.schedule,
        criteria=criteria_by_version([version_id])[version_id],
        mentees=overview.mentees_of(current_user.id, cohort_id),
        cohort=standing().cohort,
    )


def work_page(
    begun: Begun,
    *,
    is_own: bool,
    form: MessageForm | None = None,
    status: int = 200,
):
    """Everything of one person's work on one assignment that has been released to them."""
    schedule, person = begun.schedule, begun.person
    key = (schedule.cohort_id, schedule.assignment_id, person.id)
    record, followed = record_with_followed(
        schedule.cohort_id, schedule.assignment, person.id, for_mentors=False
    )
    deadline = deadline_under(schedule, person.id, record.revise_by)
    now = clock.now()
    for said in record.current.values() if is_own else ():
        saw("review", said.review.id, schedule.cohort_id)
    return page(
        "reviews/work.html",
        status=status,
        schedule=schedule,
        deadline=deadline,
        begun=begun,
        person=person,
        is_own=is_own,
        is_mentor=not is_own and standing().is_mentor,
        stage=_stage(record, begun, deadline, now),
        record=record,
        followed=followed,
        open_count=count_in([*followed, *record.open_items()]),
        criteria_of=criteria_by_version(
            [schedule.rubric_version_id, *(one.rubric_version_id for one in record.versions)]
        ),
        messages=dialogue.messages_on(*key),
        capacities=queries.capacities_of(schedule.cohort_id, person.id),
        form=form or MessageForm(formdata=None, data={"key": dialogue.new_key()}),
        cohort=standing().cohort,
        now=now,
        **_addresses(begun, is_own=is_own),
    )


def _stage(record: Record, begun: Begun, deadline: Deadline, now: datetime) -> Stage:
    newest = record.versions[0] if record.versions else None
    said = record.current.get(newest.id) if newest else None
    return stage_of(
        deadline_state=deadline.state(now),
        has_draft=begun.has_draft,
        is_handed_in=newest is not None,
        decision=said.review.decision if said else None,
        review_begun=newest is not None and newest.id in record.begun,
        is_exempt=deadline.is_exempt,
    )


def _addresses(begun: Begun, *, is_own: bool) -> dict[str, Any]:
    schedule = begun.schedule
    place: dict[str, Any] = {
        "cohort_id": schedule.cohort_id,
        "assignment_id": schedule.assignment_id,
    }
    if is_own:
        return {"say_at": url_for("messages.create", **place)}
    return {"say_at": url_for("answers.create", participant_id=begun.person.id, **place)}


def _say(begun: Begun, *, is_own: bool):
    form = MessageForm()
    schedule, person = begun.schedule, begun.person
    place: dict[str, Any] = {
        "cohort_id": schedule.cohort_id,
        "assignment_id": schedule.assignment_id,
    }
    own = url_for("work.show", **place, _anchor="dialogue")
    theirs = url_for("histories.show", participant_id=person.id, **place, _anchor="dialogue")
    try:
        dialogue.send_message(
            schedule.cohort_id,
            schedule.assignment_id,
            person.id,
            current_user.id,
            form.text.data or "",
            form.key.data or "",
            paths={"participant": own, "mentor": theirs},
            author_name=current_user.name,
            assignment_title=schedule.assignment.title,
        )
    except Refused as refusal:
        form.refuse(str(refusal), refusal.field)
        return work_page(begun, is_own=is_own, form=form, status=422)
    if is_own:
        return redirect_to("work.show", _anchor="dialogue", **place)
    return redirect_to("histories.show", _anchor="dialogue", participant_id=person.id, **place)
