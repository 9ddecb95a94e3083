"""What changes who belongs to a cohort and who mentors whom. Nothing anybody wrote is lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from portal import clock
from portal.cohorts import imports
from portal.cohorts.actions import enrol, member, pair
from portal.cohorts.announcing import tell_late
from portal.cohorts.details import Details, RosterRow
from portal.cohorts.imports import hold
from portal.cohorts.models import Capacity, Cohort, Enrolment, Mentorship
from portal.cohorts.plan import REFUSED
from portal.cohorts.roster import Roster
from portal.cohorts.stand_ins import end_with
from portal.cohorts.telling import tell_of
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell
from portal.people.models import Person
from portal.people.queries import names_by_id
from portal.texts import Refused, lazy


class Added(NamedTuple):
    """Who was enrolled, whether that changed anything, and what to say about it."""

    name: str
    is_new_here: bool
    remarks: list[str]


@action
def add_person(cohort: Cohort, details: Details, role: str, list_number: str, by: int) -> Added:
    """Enrol one person, new or known, by the rules of a roster; Refused with the reason.

    What is known of somebody who has an account already stays: nobody has seen what would change.
    """
    hold(cohort)
    capacity = "supervisor" if role == "mentor" else ""
    row = RosterRow("", 1, role, capacity, details, list_number)
    plan = imports.plan_for(cohort, Roster(rows=[row]), by)
    verdict = plan.verdicts[0]
    if verdict.kind == REFUSED:
        raise Refused(next(p.text for p in verdict.problems if p.refuses))
    name, remarks = details.name, [p.text for p in verdict.problems]
    for person_id in plan.update:
        name = db.session.get_one(Person, person_id).name
        remarks.append(str(lazy(
            "%(name)s has had an account before. What is known of them was left as it was, and can "
            "be changed on their own page.", name=name,
        )))  # fmt: skip
    plan.update = {}
    trace = imports.carry_out(cohort, plan)
    for enrolment_id in trace.enrolments:
        tell_of(cohort, trace, f"enrolment-{enrolment_id}")
    record("cohorts.add_person", cohort, by=by, cohort_id=cohort.id, name=name, role=role)
    return Added(name, plan.changes_something, remarks)


@action
def leave(cohort: Cohort, enrolment: Enrolment, by: int) -> None:
    """The person leaves the cohort now; their mentorships in it end. Their work stays."""
    hold(cohort)
    if enrolment.left_at is not None:
        return
    enrolment.left_at = clock.now()
    is_participant = enrolment.role == "participant"
    theirs = Mentorship.participant_id if is_participant else Mentorship.mentor_id
    now = enrolment.left_at
    ended = db.session.scalars(
        sa.select(Mentorship).where(
            Mentorship.cohort_id == cohort.id,
            sa.or_(Mentorship.ended_at.is_(None), Mentorship.ended_at > now),
            theirs == enrolment.person_id,
        )
    ).all()
    begun = [one for one in ended if one.starts_at <= now]
    for one in ended:
        one.ended_at = max(now, one.starts_at)
    end_with(cohort, ended)
    _tell_ended(cohort, begun, but=enrolment.person_id)
    record("cohorts.leave", enrolment, by=by, cohort_id=cohort.id, person_id=enrolment.person_id)


@action
def come_back(cohort: Cohort, enrolment: Enrolment, by: int) -> None:
    """A person who had left takes their place again. Mentors are assigned anew by hand."""
    hold(cohort)
    if enrolment.left_at is None:
        return
    enrol(enrolment.person, cohort, enrolment.role)
    record(
        "cohorts.come_back", enrolment, by=by, cohort_id=cohort.id, person_id=enrolment.person_id
    )


@action
def assign_mentor(
    cohort: Cohort, participant_id: int, mentor_id: int, capacity: Capacity, by: int
) -> Mentorship:
    """Let a mentor of the cohort mentor one of its participants in a capacity from now on."""
    hold(cohort)
    participant = member(cohort, participant_id, "participant", "participant_id")
    mentor = member(cohort, mentor_id, "mentor", "mentor_id")
    if participant.id == mentor.id:
        raise Refused(lazy("Nobody is their own mentor."), field="mentor_id")
    mentorship = pair(cohort, participant, mentor, capacity)
    record(
        "cohorts.assign_mentor", mentorship, by=by, cohort_id=cohort.id,
        participant_id=participant.id, mentor_id=mentor.id, capacity=capacity.key,
    )  # fmt: skip
    _tell_of(cohort, mentorship, participant, mentor)
    return mentorship


def _tell_of(cohort: Cohort, mentorship: Mentorship, participant: Person, mentor: Person) -> None:
    for person, other in ((participant, mentor), (mentor, participant)):
        tell(
            person.id,
            "mentorship_begun" if person is participant else "mentee_assigned",
            f"mentorship-{mentorship.id}",
            f"/cohorts/{cohort.id}" if person is participant else "/reviews",
            who=other.name,
            cohort=cohort.name,
        )


def _tell_ended(cohort: Cohort, ended: Sequence[Mentorship], but: int | None = None) -> None:
    """Tell both sides that these mentorships have ended, except the person ``but``."""
    ids = {one.participant_id for one in ended} | {one.mentor_id for one in ended}
    names = names_by_id(ids)
    for one in ended:
        for person_id, other_id, kind, path in (
            (one.participant_id, one.mentor_id, "mentorship_ended", f"/cohorts/{cohort.id}"),
            (one.mentor_id, one.participant_id, "mentee_gone", "/reviews"),
        ):
            if person_id != but:
                key = f"mentorship-{one.id}-ended"
                tell(person_id, kind, key, path, who=names[other_id], cohort=cohort.name)


@action
def share_out(cohort: Cohort, capacity: Capacity, pairs: Mapping[int, int], by: int) -> int:
    """Give each of these participants their mentor (participant id → mentor id) in a capacity in
    which they have none, all or none of them. How many; the same once more is none.

    Each mentor is told once how many they have got, each participant who mentors them.
    """
    hold(cohort)
    present = {
        (one.participant_id, one.mentor_id)
        for one in db.session.scalars(
            sa.select(Mentorship).where(
                Mentorship.cohort_id == cohort.id,
                Mentorship.capacity_id == capacity.id,
                Mentorship.ended_at.is_(None),
            )
        )
    }
    if set(pairs.items()) <= present:
        return 0
    if {participant_id for participant_id, _mentor in present} & set(pairs):
        raise Refused(
            lazy("Somebody else assigned mentors meanwhile. Look at the new proposal."),
            conflict=True,
        )
    got: dict[Person, list[Mentorship]] = {}
    names = {}
    for participant_id, mentor_id in pairs.items():
        participant = member(cohort, participant_id, "participant", "mentors")
        mentor = member(cohort, mentor_id, "mentor", "mentors")
        if participant is mentor:
            raise Refused(lazy("Nobody is their own mentor."), field="mentors")
        mentorship = pair(cohort, participant, mentor, capacity)
        got.setdefault(mentor, []).append(mentorship)
        names[participant.id] = participant.name
        tell(
            participant.id,
            "mentorship_begun",
            f"mentorship-{mentorship.id}",
            f"/cohorts/{cohort.id}",
            who=mentor.name,
            cohort=cohort.name,
        )
    record(
        "cohorts.share_out", cohort, by=by, cohort_id=cohort.id, capacity=capacity.key,
        pairs=[list(one) for one in pairs.items()],
    )  # fmt: skip
    for mentor, given in got.items():
        tell(
            mentor.id,
            "mentees_assigned",
            f"mentorships-{min(one.id for one in given)}",
            "/reviews",
            count=len(given),
            who="; ".join(names[one.participant_id] for one in given),
            cohort=cohort.name,
        )
    return len(pairs)


@action
def end_mentorship(cohort: Cohort, mentorship: Mentorship, by: int) -> None:
    """The mentorship ends now; what the mentor wrote stays with its author."""
    hold(cohort)
    if mentorship.ended_at is None:
        mentorship.ended_at = clock.now()
        end_with(cohort, [mentorship])
        record("cohorts.end_mentorship", mentorship, by=by, cohort_id=cohort.id)
        _tell_ended(cohort, [mentorship])


@action
def transfer(
    cohort: Cohort, mentorship: Mentorship, to_id: int, by: int, *, everybody: bool = False
) -> int:
    """Hand a participant over to another mentor in the same capacity, in one moment.

    With ``everybody``, all participants the mentor has in this capacity here. How many changed
    hands; a participant who has the new mentor already only loses the old one. What waits for
    feedback goes with them; what was released stays as it is. The old mentor is told once.
    """
    hold(cohort)
    wanted = sa.select(Mentorship).where(
        Mentorship.cohort_id == cohort.id,
        Mentorship.mentor_id == mentorship.mentor_id,
        Mentorship.capacity_id == mentorship.capacity_id,
        Mentorship.ended_at.is_(None),
    )
    if not everybody:
        wanted = wanted.where(Mentorship.id == mentorship.id)
    capacity = db.session.get_one(Capacity, mentorship.capacity_id)
    moved = db.session.scalars(wanted.order_by(Mentorship.id)).all()
    for one in moved:
        if to_id == one.mentor_id:
            raise Refused(lazy("Choose another mentor than the present one."), field="mentor_id")
        assign_mentor(cohort, one.participant_id, to_id, capacity, by)
        one.ended_at = clock.now()
    end_with(cohort, moved)
    tell(
        mentorship.mentor_id,
        "mentees_handed_over",
        f"transfer-{mentorship.id}",
        "/reviews",
        count=len(moved),
        who=db.session.get_one(Person, mentorship.participant_id).name,
        to=db.session.get_one(Person, to_id).name,
        cohort=cohort.name,
    )
    record(
        "cohorts.transfer", mentorship, by=by, cohort_id=cohort.id,
        from_id=mentorship.mentor_id, to_id=to_id, participants=[m.participant_id for m in moved],
    )  # fmt: skip
    return len(moved)


@action
def update_cohort(
    cohort: Cohort,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    numbers: dict[str, int],
    revision: int,
    by: int,
) -> None:
    """Rename a cohort, move its dates, or change its numbers (silent_days, unanswered_days,
    group_size). The schedule stays; Refused when somebody was faster."""
    hold(cohort)
    db.session.refresh(cohort, ["revision", "name", "starts_on", "ends_on", *numbers])
    if cohort.revision != revision:
        raise Refused(
            lazy("Somebody else changed this cohort meanwhile. Look at both and press again."),
            conflict=True,
        )
    taken = db.session.scalar(
        sa.select(Cohort.id).where(
            Cohort.organisation_id == cohort.organisation_id,
            Cohort.name == name,
            Cohort.id != cohort.id,
        )
    )
    if taken:
        raise Refused(lazy("Another cohort has this name."), field="name")
    before = {
        "name": cohort.name,
        "starts_on": str(cohort.starts_on),
        "ends_on": str(cohort.ends_on),
        **{one: getattr(cohort, one) for one in numbers},
    }
    cohort.name, cohort.starts_on, cohort.ends_on = name, starts_on, ends_on
    for one, number in numbers.items():
        setattr(cohort, one, number)
    cohort.revision += 1
    record("cohorts.update_cohort", cohort, by=by, cohort_id=cohort.id, before=before)


@action
def close(cohort: Cohort, by: int) -> None:
    """The cohort is over: from now on everything in it is read, nothing changed nor lost.

    Waits for whoever is just writing in it (``queries.stays_open``); who comes later is refused.
    """
    db.session.refresh(cohort, ["closed_at"], with_for_update=True)
    if cohort.closed_at is None:
        cohort.closed_at = clock.now()
        record("cohorts.close", cohort, by=by, cohort_id=cohort.id)


@action
def reopen(cohort: Cohort, by: int) -> int:
    """The cohort goes on, and what was to be announced meanwhile is told now: how many of these."""
    db.session.refresh(cohort, ["closed_at"], with_for_update=True)
    closed_at, cohort.closed_at = cohort.closed_at, None
    if closed_at is None:
        return 0
    record("cohorts.reopen", cohort, by=by, cohort_id=cohort.id)
    return tell_late(cohort, closed_at)
