"""Handing reviews over: what waits for one mentor is left to another who may review it, too.

Nothing else changes: drafts and claims stay, and the first may still open it and take it back.
Whoever gets something no longer has it handed over themselves, so it never goes round in a circle.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal import clock
from portal.assignments.models import Assignment, AssignmentCapacity
from portal.assignments.queries import reviewing
from portal.cohorts.models import Enrolment, Mentorship
from portal.cohorts.queries import hold_open
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell
from portal.people.models import Person
from portal.reviews.models import HandOver
from portal.reviews.queries import is_in_running_cohort, is_left_to_another, reviewable_by
from portal.reviews.waiting import is_unreviewed, is_waiting
from portal.selects import prepared
from portal.submissions.models import Submission
from portal.texts import Refused, lazy

MOST = 200


@dataclass(frozen=True)
class Receiver:
    """A mentor to whom something can be handed over, and how much of it they may review."""

    id: int
    name: str
    count: int


@dataclass(frozen=True)
class Given:
    """A submission version that somebody handed over and that still waits for the other."""

    hand_over_id: int
    submission_id: int
    cohort_id: int
    number: int
    title: str
    person: str
    to: str
    made_at: datetime
    feedback_by: datetime


def receivers(mentor_id: int, submission_ids: Collection[int]) -> list[Receiver]:
    """Who else may review any of these now: who may review most first. One query."""
    other, reviewed = aliased(Mentorship), aliased(AssignmentCapacity)
    count = sa.func.count(sa.distinct(Submission.id))
    rows = db.session.execute(
        reviewing(Person.id, Person.name, count, mentorship=other, reviewed=reviewed)
        .join(Person, Person.id == other.mentor_id)
        .join(
            Enrolment,
            sa.and_(
                Enrolment.cohort_id == other.cohort_id,
                Enrolment.person_id == other.mentor_id,
                Enrolment.role == "mentor",
                Enrolment.left_at.is_(None),
            ),
        )
        .join(
            Submission,
            sa.and_(
                Submission.cohort_id == other.cohort_id,
                Submission.person_id == other.participant_id,
                Submission.assignment_id == reviewed.assignment_id,
            ),
        )
        .where(
            Submission.id.in_(submission_ids),
            other.mentor_id != mentor_id,
            Person.deactivated_at.is_(None),
        )
        .group_by(Person.id, Person.name, Person.sort_name)
        .order_by(count.desc(), Person.sort_name, Person.id)
    )
    return [Receiver(*row) for row in rows]


def given_by(person_id: int) -> list[Given]:
    """What this person handed over and still waits for the other, the earliest promise first."""
    to, author = aliased(Person), aliased(Person)
    rows = db.session.execute(
        sa.select(
            HandOver.id,
            Submission.id,
            Submission.cohort_id,
            Submission.number,
            Assignment.title,
            author.name,
            to.name,
            HandOver.made_at,
            Submission.feedback_by,
        )
        .select_from(HandOver)
        .join(Submission, Submission.id == HandOver.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(author, author.id == Submission.person_id)
        .join(to, to.id == HandOver.to_id)
        .where(
            HandOver.from_id == person_id,
            HandOver.ended_at.is_(None),
            is_left_to_another(person_id),
            *is_unreviewed(),
        )
        .order_by(Submission.feedback_by, Submission.id)
        .limit(MOST)
    )
    return [Given(*row) for row in rows]


def left_in(cohort_ids: Collection[int]) -> set[tuple[int, int]]:
    """(submission id, mentor id) of everything in these cohorts that waits for a mentor no more,
    since they handed it over. One query."""
    rows = _left.rows(cohort_ids=list(cohort_ids))
    return {(one.submission_id, one.from_id) for one in rows}


@prepared
def _left(cohort_ids):
    return (
        sa.select(HandOver.submission_id, HandOver.from_id)
        .join(Submission, Submission.id == HandOver.submission_id)
        .where(
            Submission.cohort_id.in_(cohort_ids),
            HandOver.ended_at.is_(None),
            is_left_to_another(HandOver.from_id),
        )
    )


@action
def hand_over(from_id: int, to_id: int, submission_ids: Collection[int]) -> int:
    """Leave what of these waits for one mentor to another; how many. The other is told once.

    Refuses when nothing of it waits any more, and whole when the other may not review all of it.
    Two who hand over the same wait for each other, and the second finds what the first made of it.
    """
    wanted = sorted(set(submission_ids))
    if not wanted:
        raise Refused(lazy("Tick at least one piece of work."), field="take")
    to = db.session.get(Person, to_id)
    if to is None or not to.is_active or to_id == from_id:
        raise Refused(lazy("Choose to whom."), field="to")
    hold_open(sa.select(Submission.cohort_id).where(Submission.id.in_(wanted)))
    db.session.execute(
        sa.select(Submission.id)
        .where(Submission.id.in_(wanted))
        .order_by(Submission.id)
        .with_for_update(key_share=True)
    )
    found = _waiting_among(wanted, from_id, to_id)
    if not found:
        raise Refused(lazy("Nothing of this waits for you any more."), conflict=True)
    barred = list(dict.fromkeys(one.name for one in found if not one.may))
    if barred:
        raise Refused(
            lazy("%(to)s does not review work of: %(names)s.", to=to.name, names="; ".join(barred)),
            field="to",
        )
    now, ids = clock.now(), [one.id for one in found]
    db.session.execute(
        sa.update(HandOver)
        .where(
            HandOver.submission_id.in_(ids),
            HandOver.from_id.in_([from_id, to_id]),
            HandOver.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    made = db.session.scalars(
        sa.insert(HandOver).returning(HandOver.id),
        [{"submission_id": one, "from_id": from_id, "to_id": to_id, "made_at": now} for one in ids],
    ).all()
    _record("reviews.hand_over", found, from_id, to_id=to_id)
    tell(
        to_id,
        "reviews_handed_over",
        f"hand-over-{min(made)}",
        "/reviews",
        count=len(ids),
        by=db.session.get_one(Person, from_id).name,
        who="; ".join(dict.fromkeys(one.name for one in found)),
    )
    return len(ids)


def _waiting_among(ids: Collection[int], from_id: int, to_id: int) -> Sequence[Any]:
    """What of these waits for one mentor: id, cohort, whose, and whether the other may review."""
    return db.session.execute(
        sa.select(
            Submission.id, Submission.cohort_id, Person.name, reviewable_by(to_id).label("may")
        )
        .join(Person, Person.id == Submission.person_id)
        .where(Submission.id.in_(ids), *is_waiting())
        .order_by(Submission.id),
        {"mentor_id": from_id},
    ).all()


def _record(verb: str, found: Sequence[Any], by: int, **details: Any) -> None:
    for cohort_id in sorted({one.cohort_id for one in found}):
        ids = [one.id for one in found if one.cohort_id == cohort_id]
        record(verb, by=by, cohort_id=cohort_id, submission_ids=ids, **details)


@action
def take_back(person_id: int, hand_over_ids: Collection[int]) -> int:
    """Let these wait for who handed them over again; how many. Each who had them is told once."""
    hold_open(
        sa.select(Submission.cohort_id)
        .join(HandOver, HandOver.submission_id == Submission.id)
        .where(HandOver.id.in_(hand_over_ids))
    )
    ended = db.session.execute(
        sa.update(HandOver)
        .where(
            HandOver.id.in_(hand_over_ids),
            HandOver.from_id == person_id,
            HandOver.ended_at.is_(None),
            HandOver.submission_id.in_(sa.select(Submission.id).where(is_in_running_cohort())),
        )
        .values(ended_at=clock.now())
        .returning(HandOver.id, HandOver.submission_id, HandOver.to_id)
    ).all()
    if not ended:
        return 0
    found = db.session.execute(
        sa.select(Submission.id, Submission.cohort_id, Person.name)
        .join(Person, Person.id == Submission.person_id)
        .where(Submission.id.in_([one.submission_id for one in ended]))
        .order_by(Submission.id)
    ).all()
    _record("reviews.take_back_hand_over", found, person_id)
    names = {one.id: one.name for one in found}
    for to_id in sorted({one.to_id for one in ended}):
        own = [one for one in ended if one.to_id == to_id]
        tell(
            to_id,
            "reviews_taken_back",
            f"hand-over-{min(one.id for one in own)}-back",
            "/reviews",
            count=len(own),
            by=db.session.get_one(Person, person_id).name,
            who="; ".join(dict.fromkeys(names[one.submission_id] for one in own)),
        )
    return len(ended)
