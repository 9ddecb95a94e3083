"""Carrying out what mentors do: reviews and the dialogue."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from functools import singledispatchmethod
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.database import db
from portal.demo.acting import Acting
from portal.demo.events import Event, Reviewed, Said, Stepped
from portal.demo.people import Someone
from portal.demo.scene import Scene
from portal.people.models import Person
from portal.reviews import actions as reviews
from portal.reviews.basis import basis_of
from portal.reviews.desks import Desk, desk_of
from portal.reviews.dialogue import send_message, take_step
from portal.reviews.models import ActionItem
from portal.reviews.releasing import release
from portal.reviews.rules import Judged
from portal.reviews.sheets import Item, Typed, typed_part
from portal.rubrics.queries import criteria_by_version
from portal.rubrics.rules import Criterion
from portal.submissions.queries import Place

LEVELS = {"strong": 0, "fair": 1, "weak": 2}
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Mentoring(Acting):
    """Everybody's part: participants as in Acting, and those who answer them."""

    def __init__(self, scene: Scene, seed: int):
        super().__init__(scene)
        self.random = Random(f"mentoring {seed}")
        versions = {one.rubric_version_id for one in self.schedules.values()}
        self.criteria: dict[int | None, list[Criterion]] = criteria_by_version(versions)

        self.items: dict[Place, list[ActionItem]] = {}
        self.states: dict[str, str] = {}

    def _do(self, event: Event) -> None:
        self._answer(event)

    @singledispatchmethod
    def _answer(self, event: Event) -> None:
        super()._do(event)

    @_answer.register
    def _(self, event: Reviewed) -> None:
        place = self.place(event.member, event.number)
        if event.supervisor:
            with clock.at(event.at - timedelta(hours=1)):
                self._remark(event, place)
        coach = self.scene.person(event.member.coach)
        desk = self._desk(coach, place)
        criteria: list[Any] = [*self.criteria[desk.submission.rubric_version_id]]
        present = reviews.present_of(desk.submission.id)
        typed = Typed(
            judgements={
                criterion.id: self._judged(criterion, LEVELS[quality])
                for criterion, quality in zip(criteria, event.qualities, strict=False)
            },
            remarks={
                criterion.id: text
                for criterion, text in zip(criteria, event.remarks, strict=False)
                if text
            },
            feedback=event.feedback,
            items=tuple(Item(self._thread(), one.text, one.by) for one in event.items),
            decision=event.decision,
            revise_by=event.revise_by,
        )
        present = reviews.save(desk, coach.id, typed, seen=basis_of(desk, present))
        if event.decision is not None:
            released = release(
                desk,
                coach.id,
                criteria,
                seen=basis_of(desk, present),
                path=_address("work.show", f"feedback-{desk.submission.number}", place),
            )

            self.items.setdefault(place, []).extend(
                db.session.scalars(sa.select(ActionItem).filter_by(review_id=released.id))
            )

    @_answer.register
    def _(self, event: Stepped) -> None:
        place = self.place(event.member, event.number)
        is_done = event.state == "done"
        who = self.scene.person(event.member.person if is_done else event.member.coach)
        for item in self.items.get(place, ()):
            before = self.states.get(item.thread, "open")
            if before == ("open" if is_done else "done"):
                take_step(item, who.id, event.state, "")
                self.states[item.thread] = event.state

    def _remark(self, event: Reviewed, place: Place) -> None:
        """The supervisor's remark on the first criterion, in the review that both share."""
        supervisor = self.scene.person(event.member.supervisor)
        desk = self._desk(supervisor, place)
        first = self.criteria[desk.submission.rubric_version_id][0]
        present = reviews.present_of(desk.submission.id)
        typed = typed_part(present.sheet, supervisor.id, may_mark=False)
        typed = Typed(None, {first.id: event.supervisor}, typed.feedback, typed.items,
                      typed.decision, typed.revise_by)  # fmt: skip
        reviews.save(desk, supervisor.id, typed, seen=basis_of(desk, present))

    def _desk(self, mentor: Person, place: Place) -> Desk:
        desk = desk_of(mentor.id, place.cohort_id, self.newest[place])
        assert desk is not None
        return desk

    def _judged(self, criterion: Criterion, level: int) -> Judged:
        chosen = criterion.levels[min(level, len(criterion.levels) - 1)]
        if chosen.lowest == chosen.highest:
            return Judged(chosen.id, None)
        low, high = int(chosen.lowest) + 1, min(int(chosen.highest), 96)
        halves = self.random.choice((Decimal(0), Decimal(0), Decimal("0.5")))
        points = Decimal(self.random.randint(max(low, 62), high - 1)) + halves
        return Judged(chosen.id, points)

    def _thread(self) -> str:
        return "".join(self.random.choices(LETTERS, k=22))

    @_answer.register
    def _(self, event: Said) -> None:
        member, place = event.member, self.place(event.member, event.number)
        speakers: dict[str, Someone] = {
            "p": member.person, "c": member.coach, "s": member.supervisor
        }  # fmt: skip
        author = self.scene.person(speakers[event.who])
        key = hashlib.sha256(f"{place} {event.at} {event.text}".encode()).hexdigest()[:32]
        send_message(
            *place,
            author.id,
            event.text,
            key,
            paths={
                "participant": _address("work.show", "dialogue", place),
                "mentor": _address(
                    "histories.show", "dialogue", place, participant_id=place.person_id
                ),
            },
            author_name=author.name,
            assignment_title=self.assignments[event.number - 1].title,
        )


def _address(endpoint: str, anchor: str, place: Place, **values: int) -> str:
    """The address of a page, where there is no request to ask for it."""
    values |= {"cohort_id": place.cohort_id, "assignment_id": place.assignment_id}
    return f"{current_app.url_map.bind('').build(endpoint, values)}#{anchor}"
