"""Stand-ins: who reviews for a mentor who is away, from a day until a day.

A stand-in holds a mentorship that names for whom. It ends by itself, by its dates
(``queries.is_present``), and is no mentorship for good: boards and lists do not see it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import clock
from portal.cohorts.actions import member
from portal.cohorts.imports import hold
from portal.cohorts.models import Cohort, Enrolment, Mentorship
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell, tell_all
from portal.people.models import Person
from portal.texts import Refused, lazy


@dataclass(frozen=True)
class StandIn:
    """One mentor in the place of another, from a moment until another, for these mentorships."""

    absent: Person
    mentor: Person
    starts_at: datetime
    until: datetime
    mentorships: list[Mentorship]

    @property
    def id(self) -> int:
        """That of its first mentorship, by which the whole is found."""
        return self.mentorships[0].id

    @property
    def cohort_id(self) -> int:
        return self.mentorships[0].cohort_id

    @property
    def cohort(self) -> Cohort:
        return self.mentorships[0].cohort

    @property
    def names(self) -> str:
        return _names(self.mentorships)

    def is_over_at(self, now: datetime) -> bool:
        return self.until <= now


def _names(mentorships: Iterable[Mentorship]) -> str:
    return "; ".join(dict.fromkeys(one.participant.name for one in mentorships))


def stand_ins_among(mentorships: Iterable[Mentorship]) -> list[StandIn]:
    """The stand-ins among mentorships that are loaded with everybody named, in their order."""
    found: dict[tuple, StandIn] = {}
    for one in mentorships:
        if one.stands_in_for is None or one.ended_at is None:
            continue
        key = (one.cohort_id, one.stands_in_for_id, one.mentor_id, one.starts_at, one.ended_at)
        new = StandIn(one.stands_in_for, one.mentor, one.starts_at, one.ended_at, [])
        found.setdefault(key, new).mentorships.append(one)
    return list(found.values())


def _found(*conditions: sa.ColumnElement[bool]) -> list[StandIn]:
    rows = db.session.scalars(
        sa.select(Mentorship)
        .where(Mentorship.stands_in_for_id.is_not(None), *conditions)
        .options(
            joinedload(Mentorship.cohort),
            joinedload(Mentorship.participant),
            joinedload(Mentorship.mentor),
            joinedload(Mentorship.stands_in_for),
        )
        .order_by(Mentorship.starts_at, Mentorship.id)
    )
    return stand_ins_among(rows)


def stand_ins_of(person_id: int) -> list[StandIn]:
    """Who stands in for this person and for whom they stand in, now or from a day to come, in
    cohorts that are not closed."""
    return _found(
        Mentorship.cohort_id.in_(sa.select(Cohort.id).where(Cohort.closed_at.is_(None))),
        sa.or_(Mentorship.stands_in_for_id == person_id, Mentorship.mentor_id == person_id),
        Mentorship.ended_at > clock.now(),
    )


def stand_in_with(
    cohort_id: int, mentorship_id: int, absent_id: int | None = None
) -> StandIn | None:
    """The stand-in this mentorship belongs to, if not over; with ``absent_id`` only for them."""
    conditions = [Mentorship.cohort_id == cohort_id, Mentorship.ended_at > clock.now()]
    if absent_id is not None:
        conditions.append(Mentorship.stands_in_for_id == absent_id)
    return next(
        (
            one
            for one in _found(*conditions)
            if mentorship_id in {each.id for each in one.mentorships}
        ),
        None,
    )


def mentor_named_by(cohort_id: int, mentor_id: int, reader_id: int | None) -> Person | None:
    """A mentor of the cohort for whom a stand-in may be named: with a reader only they."""
    statement = (
        sa.select(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.person_id == mentor_id,
            Enrolment.role == "mentor",
            Enrolment.left_at.is_(None),
        )
    )
    if reader_id is not None:
        statement = statement.where(Person.id == reader_id)
    return db.session.scalar(statement)


@action
def stand_in(
    cohort: Cohort,
    absent: Person,
    to_id: int,
    mentorship_ids: Collection[int],
    *,
    starts_at: datetime,
    until: datetime,
    by: int,
) -> int:
    """Let another mentor of the cohort review beside ``absent`` between two moments, in the same
    capacity, for these of their mentorships. For how many.

    Whom the other mentors in that capacity in these days anyway is passed over. All are told once.
    """
    hold(cohort)
    if until <= max(starts_at, clock.now()):
        raise Refused(lazy("Choose a last day that is not over."), field="until")
    chosen = _chosen(cohort, absent, mentorship_ids)
    mentor = _stand_in_for(cohort, absent, to_id, chosen)
    has = _held_by(cohort, mentor, starts_at, until)
    wanted = [one for one in chosen if (one.participant_id, one.capacity_id) not in has]
    if not wanted:
        raise Refused(
            lazy("%(name)s reviews their work in these days already.", name=mentor.name),
            field="stand_in_id",
        )
    new = [
        Mentorship(
            cohort_id=cohort.id,
            participant_id=one.participant_id,
            mentor_id=mentor.id,
            capacity_id=one.capacity_id,
            starts_at=starts_at,
            ended_at=until,
            stands_in_for_id=absent.id,
        )
        for one in wanted
    ]
    db.session.add_all(new)
    db.session.flush()
    record(
        "cohorts.stand_in", new[0], by=by, cohort_id=cohort.id, for_id=absent.id,
        mentor_id=mentor.id, until=until.isoformat(),
        participants=[one.participant_id for one in new],
    )  # fmt: skip
    _tell(cohort, absent, mentor, wanted, new)
    return len(new)


def _chosen(cohort: Cohort, absent: Person, ids: Collection[int]) -> Sequence[Mentorship]:
    """Those of these that are the absent mentor's for good."""
    chosen = db.session.scalars(
        sa.select(Mentorship)
        .where(
            Mentorship.cohort_id == cohort.id,
            Mentorship.mentor_id == absent.id,
            Mentorship.id.in_(ids),
            Mentorship.ended_at.is_(None),
        )
        .options(joinedload(Mentorship.participant))
        .order_by(Mentorship.id)
    ).all()
    if not chosen:
        raise Refused(lazy("Tick at least one participant."), field="mentorships")
    return chosen


def _stand_in_for(
    cohort: Cohort, absent: Person, to_id: int, chosen: Sequence[Mentorship]
) -> Person:
    """Who stands in, if they may: another mentor here, who never reviews their own work."""
    mentor = member(cohort, to_id, "mentor", "stand_in_id")
    if mentor.id == absent.id or not mentor.is_active:
        raise Refused(lazy("Choose somebody else than who is away."), field="stand_in_id")
    if mentor.id in {one.participant_id for one in chosen}:
        raise Refused(
            lazy("Nobody reviews their own work: leave %(name)s out.", name=mentor.name),
            field="mentorships",
        )
    return mentor


def _held_by(
    cohort: Cohort, mentor: Person, starts_at: datetime, until: datetime
) -> set[tuple[int, int]]:
    """(participant id, capacity id) of whom the mentor has in these days anyway."""
    rows = db.session.execute(
        sa.select(Mentorship.participant_id, Mentorship.capacity_id).where(
            Mentorship.cohort_id == cohort.id,
            Mentorship.mentor_id == mentor.id,
            Mentorship.starts_at < until,
            sa.or_(Mentorship.ended_at.is_(None), Mentorship.ended_at > starts_at),
        )
    )
    return {(participant_id, capacity_id) for participant_id, capacity_id in rows}


def _tell(
    cohort: Cohort,
    absent: Person,
    mentor: Person,
    wanted: Sequence[Mentorship],
    new: Sequence[Mentorship],
) -> None:
    """Tell all three sides of the new mentorships, each once."""
    assert new[0].ended_at is not None
    values = {
        "mentor": mentor.name,
        "absent": absent.name,
        "cohort": cohort.name,
        "first": new[0].starts_at.isoformat(),
        "last": new[0].ended_at.isoformat(),
        "who": _names(wanted),
    }
    key = f"stand-in-{new[0].id}"
    tell(mentor.id, "stand_in_asked", key, "/reviews", **values)
    tell(absent.id, "stand_in_named", key, "/stand-ins", **values)
    participants = {one.participant_id for one in new}
    tell_all(participants, "mentor_stood_in_for", key, f"/cohorts/{cohort.id}", **values)


@action
def end_stand_in(cohort: Cohort, found: StandIn, by: int) -> None:
    """The stand-in ends now, or never begins; what they wrote stays. All are told once."""
    hold(cohort)
    who = found.names
    ended = _end(Mentorship.id.in_([one.id for one in found.mentorships]))
    if not ended:
        return
    record("cohorts.end_stand_in", found.mentorships[0], by=by, cohort_id=cohort.id)
    values = {"mentor": found.mentor.name, "absent": found.absent.name, "cohort": cohort.name}
    key = f"stand-in-{found.id}-ended"
    both = [found.mentor.id, found.absent.id]
    tell_all(both, "stand_in_over", key, "/stand-ins", **values, who=who)
    participants = {one.participant_id for one in ended}
    tell_all(participants, "mentor_is_back", key, f"/cohorts/{cohort.id}", **values)


def end_with(cohort: Cohort, ended: Iterable[Mentorship]) -> None:
    """End who stands in for mentorships that end for good, and tell them; the caller holds the
    cohort."""
    over = [
        row
        for one in ended
        for row in _end(
            Mentorship.cohort_id == cohort.id,
            Mentorship.stands_in_for_id == one.mentor_id,
            Mentorship.participant_id == one.participant_id,
            Mentorship.capacity_id == one.capacity_id,
        )
    ]
    for found in _found(Mentorship.id.in_([one.id for one in over])) if over else ():
        tell(
            found.mentor.id,
            "stand_in_over",
            f"stand-in-{found.id}-ended",
            "/stand-ins",
            mentor=found.mentor.name,
            absent=found.absent.name,
            cohort=cohort.name,
            who=found.names,
        )


def _end(*conditions: sa.ColumnElement[bool]) -> list[Mentorship]:
    now = clock.now()
    ended = db.session.scalars(
        sa.select(Mentorship)
        .where(Mentorship.stands_in_for_id.is_not(None), Mentorship.ended_at > now, *conditions)
        .execution_options(populate_existing=True)
    ).all()
    for one in ended:
        one.ended_at = max(now, one.starts_at)
    db.session.flush()
    return list(ended)
