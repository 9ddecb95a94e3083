"""Carrying out what participants do, by the actions that the pages call, each at its moment."""

import io
from datetime import timedelta
from functools import singledispatchmethod

import sqlalchemy as sa

from portal import clock
from portal.assignments import actions as assignments
from portal.assignments import queries as tasks
from portal.assignments import requests
from portal.assignments.models import Assignment, Schedule
from portal.cohorts.announcing import announce
from portal.courses.models import Lesson, Module
from portal.database import db
from portal.demo.days import ZONE
from portal.demo.events import (
    Announced,
    Answered,
    Asked,
    Drafted,
    Entered,
    Event,
    Exempted,
    ExtendedForAll,
    HandedIn,
    Read,
    Term,
)
from portal.demo.people import Member
from portal.demo.scene import Scene
from portal.files.actions import keep_accepted
from portal.files.kinds import WORK
from portal.files.storage import hash_of
from portal.holidays.queries import working_days_of
from portal.learning.actions import mark_done
from portal.submissions import actions as submissions
from portal.submissions.queries import Place, draft_with_files

WRITING = timedelta(minutes=25)


class Acting:
    """Turns events into rows. Knows every assignment by its place in the course."""

    def __init__(self, scene: Scene):
        self.scene = scene
        course_id = scene.the_course.id
        self.assignments: list[Assignment] = list(
            db.session.scalars(
                sa.select(Assignment).filter_by(course_id=course_id).order_by(Assignment.position)
            )
        )
        rows = db.session.execute(
            sa.select(Lesson.id, Module.opens_after_days)
            .join(Module, Module.id == Lesson.module_id)
            .where(Module.course_id == course_id)
            .order_by(Module.position, Lesson.position)
        ).all()
        self.lessons = [lesson_id for lesson_id, _ in rows]
        self.lessons_open = [opens for _, opens in rows]
        self.schedules: dict[tuple[str, int], Schedule] = {
            (name, number): schedule
            for name, cohort in scene.cohorts.items()
            for number, schedule in enumerate(tasks.schedules_in(cohort.id), 1)
        }
        self.calendar = working_days_of(scene.organisation.id)
        self.newest: dict[Place, int] = {}
        self.requests: dict[Place, int] = {}

    def terms(self) -> list[Term]:
        """What the story needs to know of the assignments."""
        return [
            Term(
                number,
                one.opens_offset,
                one.due_offset,
                one.closes_offset,
                takes_text=one.accepts_text,
                file_types=tuple(one.file_types or WORK) if one.accepts_files else (),
            )
            for number, one in enumerate(self.assignments, 1)
        ]

    def place(self, member: Member, number: int) -> Place:
        return Place(
            self.scene.cohorts[member.cohort].id,
            self.assignments[number - 1].id,
            self.scene.person(member.person).id,
        )

    def act(self, event: Event) -> None:
        """Let the event happen at its moment."""
        with clock.at(event.at):
            self._do(event)

    @singledispatchmethod
    def _do(self, event: Event) -> None:
        raise TypeError(event)

    @_do.register
    def _(self, event: Entered) -> None:
        person = self.scene.people[event.nip]
        if person.first_entered_at is None:
            person.first_entered_at = event.at

    @_do.register
    def _(self, event: Read) -> None:
        cohort, person = self.scene.cohorts[event.member.cohort], event.member.person
        mark_done(cohort.id, self.scene.person(person).id, self.lessons[event.lesson])

    @_do.register
    def _(self, event: Drafted) -> None:
        self._write(self.place(event.member, event.number), event.text)

    def _write(self, place: Place, text: str) -> None:
        """Save the text as a page would, if there is one."""
        if text:
            draft = draft_with_files(place)
            submissions.save_text(place, text, draft.revision if draft else 0)

    @_do.register
    def _(self, event: HandedIn) -> None:
        place = self.place(event.member, event.number)
        task = tasks.task_of(place.cohort_id, place.assignment_id, place.person_id)
        assert task is not None
        with clock.at(event.at - WRITING):
            self._write(place, event.text)
            draft = draft_with_files(place)
            wanted = {paper.name for paper in event.papers}
            for file in list(draft.files) if draft else []:
                if file.name not in wanted:
                    submissions.remove_file(place, file)
            for paper in event.papers:
                kept, kind = keep_accepted(io.BytesIO(paper.content), paper.name, WORK)
                submissions.add_file(place, task, kept, kind, paper.name)
        draft = draft_with_files(place)
        assert draft is not None
        submission = submissions.hand_in(
            place,
            task,
            key=draft.hand_in_key,
            seen=submissions.contents(draft),
            hashes={file.blob_id: hash_of(file.blob) for file in draft.files},
            arrived_at=event.at,
            zone=ZONE,
            calendar=self.calendar,
        )
        self.newest[place] = submission.id

    @_do.register
    def _(self, event: Asked) -> None:
        place = self.place(event.member, event.number)
        schedule = self.schedules[event.member.cohort, event.number]
        request = assignments.ask_extension(schedule, place.person_id, event.reason, event.until)
        self.requests[place] = request.id

    @_do.register
    def _(self, event: Answered) -> None:
        place = self.place(event.member, event.number)
        request = requests.extension_request_in(place.cohort_id, self.requests[place])
        assert request is not None
        assignments.answer_extension_request(
            request, by=self.scene.administrator.id, answer=event.answer, due_at=event.until
        )

    @_do.register
    def _(self, event: ExtendedForAll) -> None:
        assignments.give_extension(
            self.schedules[event.cohort, event.number],
            due_at=event.until, reason=event.reason, by=self.scene.administrator.id,
        )  # fmt: skip

    @_do.register
    def _(self, event: Exempted) -> None:
        places = [self.place(one, event.number) for one in event.members]
        assignments.give(
            self.schedules[event.members[0].cohort, event.number], due_at=None,
            reason=event.reason, by=self.scene.administrator.id,
            person_ids=[one.person_id for one in places],
        )  # fmt: skip

    @_do.register
    def _(self, event: Announced) -> None:
        cohort = self.scene.cohorts[event.cohort]
        announce(cohort, event.title, event.body, self.scene.administrator.id)
