"""What participants and mentors say to each other: messages, and what became of action items."""

import secrets
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from portal import clock
from portal.cohorts.models import Mentorship
from portal.cohorts.queries import is_present
from portal.database import action, db, is_postgresql, locked
from portal.journal.actions import record
from portal.notices.actions import tell
from portal.people.models import Person
from portal.reviews.models import (
    MOST_REMARK,
    ActionItem,
    ActionItemStep,
    Message,
    Review,
)
from portal.reviews.queries import released
from portal.selects import prepared
from portal.submissions.models import Submission
from portal.texts import Refused, lazy
from portal.web.formats import number

MOST_NOTE = 1000


def new_key() -> str:
    """A one-time key for a message's form: sending it twice sends it once."""
    return secrets.token_urlsafe(32)


class Written(NamedTuple):
    """A message as the dialogue shows it."""

    id: int
    author_id: int
    author: str
    text: str
    sent_at: datetime


def messages_on(cohort_id: int, assignment_id: int, participant_id: int) -> list[Written]:
    """The dialogue of a participant and their mentors on an assignment, oldest first."""
    rows = _messages.rows(
        cohort_id=cohort_id, assignment_id=assignment_id, participant_id=participant_id
    )
    return [Written(*row) for row in rows]


@prepared
def _messages(cohort_id, assignment_id, participant_id):
    return (
        sa.select(Message.id, Message.author_id, Person.name, Message.text, Message.sent_at)
        .join(Person, Person.id == Message.author_id)
        .where(
            Message.cohort_id == cohort_id,
            Message.assignment_id == assignment_id,
            Message.participant_id == participant_id,
        )
        .order_by(Message.sent_at, Message.id)
    )


def mentors_of(cohort_id: int, participant_id: int) -> list[int]:
    """The ids of the participant's present mentors, each once."""
    return list(
        db.session.scalars(
            sa.select(Mentorship.mentor_id)
            .where(
                Mentorship.cohort_id == cohort_id,
                Mentorship.participant_id == participant_id,
                is_present(),
            )
            .distinct()
            .order_by(Mentorship.mentor_id)
        )
    )


@action
def send_message(
    cohort_id: int,
    assignment_id: int,
    participant_id: int,
    author_id: int,
    text: str,
    key: str,
    *,
    paths: dict[str, str],
    author_name: str,
    assignment_title: str,
) -> None:
    """Add a line to the dialogue and tell the others of it. The same key again adds nothing.

    ``paths``: where the notice leads, for the ``participant`` and for a ``mentor``.
    """
    text = text.strip()
    if not text:
        raise Refused(lazy("Write something first."), field="text")
    if len(text) > MOST_REMARK:
        raise Refused(lazy("At most %(most)s characters.", most=number(MOST_REMARK)), field="text")
    if not 20 <= len(key) <= 43:
        raise Refused(lazy("The form was not whole. Send it once more."), field="text")
    insert = (postgresql if is_postgresql() else sqlite).insert(Message)
    sent: Any = db.session.execute(
        insert.values(
            cohort_id=cohort_id,
            assignment_id=assignment_id,
            participant_id=participant_id,
            author_id=author_id,
            key=key,
            text=text,
            sent_at=clock.now(),
        ).on_conflict_do_nothing(index_elements=["key"])
    )
    if sent.rowcount == 0:
        return
    others = {participant_id, *mentors_of(cohort_id, participant_id)} - {author_id}
    for person_id in sorted(others):
        tell(
            person_id,
            "message_received",
            f"message:{key}",
            paths["participant" if person_id == participant_id else "mentor"],
            author=author_name,
            assignment=assignment_title,
        )
    message = db.session.scalar(sa.select(Message).filter_by(key=key))
    record("messages.send", message, by=author_id, cohort_id=cohort_id, assignment_id=assignment_id)


def released_item_in(cohort_id: int, action_item_id: int, person_id: int) -> ActionItem | None:
    """A released action item that concerns this person: their own, or their present mentee's."""
    mentored = (
        sa.select(Mentorship.id)
        .where(
            Mentorship.cohort_id == Submission.cohort_id,
            Mentorship.participant_id == Submission.person_id,
            Mentorship.mentor_id == person_id,
            is_present(),
        )
        .exists()
    )
    return db.session.scalar(
        sa.select(ActionItem)
        .join(Review, Review.id == ActionItem.review_id)
        .join(Submission, Submission.id == Review.submission_id)
        .where(
            ActionItem.id == action_item_id,
            Submission.cohort_id == cohort_id,
            released(),
            sa.or_(Submission.person_id == person_id, mentored),
        )
    )


def work_of(item: ActionItem) -> Submission:
    """The submission version whose review named the action item, with its assignment."""
    return db.session.scalars(
        sa.select(Submission)
        .join(Review, Review.submission_id == Submission.id)
        .where(Review.id == item.review_id)
        .options(joinedload(Submission.assignment), joinedload(Submission.person))
    ).one()


MAY_FOLLOW = {
    "open": {"participant": {"done"}, "mentor": {"confirmed"}},
    "done": {"participant": set(), "mentor": {"confirmed", "reopened"}},
    "reopened": {"participant": {"done"}, "mentor": {"confirmed"}},
    "confirmed": {"participant": set(), "mentor": {"reopened"}},
}


def may_follow(state: str, role: str) -> set[str]:
    """What a participant or mentor may make of an action item in this state."""
    return MAY_FOLLOW[state][role]


@action
def take_step(item: ActionItem, person_id: int, state: str, note: str) -> Submission:
    """Say that an action item is done, confirmed, or open again. Never twice in a row, and one
    after the other: whoever comes second is judged by what the first one said."""
    same = sa.select(ActionItem.id).where(ActionItem.thread == item.thread).order_by(ActionItem.id)
    db.session.execute(locked(same)).all()
    work = work_of(item)
    role = "participant" if work.person_id == person_id else "mentor"
    last = db.session.scalar(
        sa.select(ActionItemStep.state)
        .where(ActionItemStep.thread == item.thread)
        .order_by(ActionItemStep.id.desc())
        .limit(1)
    )
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise Refused(lazy("At most %(most)s characters.", most=number(MOST_NOTE)))
    if state == last:
        return work
    if state not in may_follow(last or "open", role):
        raise Refused(lazy("This action item has changed since; look again."), conflict=True)
    step = ActionItemStep(
        thread=item.thread, person_id=person_id, state=state, note=note, at=clock.now()
    )
    db.session.add(step)
    record(f"action_items.{state}", item, by=person_id, cohort_id=work.cohort_id)
    return work
