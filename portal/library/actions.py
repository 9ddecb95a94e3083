"""Importing a course: what a folder says, written where nobody here has written since."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from portal import clock
from portal.assignments.models import Assignment
from portal.courses import actions as courses
from portal.courses.models import Course, Lesson, Module
from portal.database import action, db
from portal.files.actions import blob_of
from portal.files.kinds import KINDS
from portal.journal.actions import record
from portal.library import compare
from portal.library.assigned import fill_assignment
from portal.library.compare import BACK, CHANGED, GONE, NEW, SAME, Change
from portal.library.pictures import Ready
from portal.library.plan import AssignmentPlan, LessonPlan, ModulePlan, Plan, Remark, RubricPlan
from portal.library.prepare import Prepared
from portal.library.queries import Snapshot, snapshot
from portal.rubrics.actions import criterion_texts, write_version
from portal.rubrics.models import Rubric

WRITTEN = {NEW, CHANGED, BACK}


@dataclass
class Outcome:
    """What an import did, or would do."""

    course: Course | None
    changes: list[Change] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many parts got each verdict."""
        verdicts = [change.verdict for change in self.changes]
        return {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}


def code_of(plan: Plan) -> str:
    """The code a plan's course is known by: its own, else one made from its title."""
    return plan.code or re.sub(r"[^A-Z0-9]+", "-", plan.title.upper()).strip("-")[:60] or "KURSUS"


def preview(prepared: Prepared, organisation_id: int) -> Outcome:
    """What `import_course` would do, without doing anything."""
    there = snapshot(organisation_id, code_of(prepared.plan))
    return Outcome(there.course, _changes(prepared, there), prepared.plan.remarks)


@action
def import_course(prepared: Prepared, organisation_id: int, by: int | None) -> Outcome:
    """Write a prepared course. Twice the same folder changes nothing the second time."""
    plan = prepared.plan
    there = snapshot(organisation_id, code_of(plan))
    changes = _changes(prepared, there)
    course = there.course or _course(plan, organisation_id)
    _Import(prepared, there, course, changes, by).run()
    if any(change.verdict in {*WRITTEN, GONE} for change in changes):
        counts = Outcome(course, changes).counts
        record("import_course", course, by=by, organisation_id=organisation_id, counts=counts)
    return Outcome(course, changes, plan.remarks)


def _changes(prepared: Prepared, there: Snapshot) -> list[Change]:
    plan, found = prepared.plan, []

    def add(what: str, path: str, title: str, verdict: str) -> None:
        found.append(Change(what, path, title, verdict))

    add("course", plan.path, plan.title, compare.verdict(plan.digest, there.course))
    for module in plan.modules:
        row = there.modules.get(module.key)
        add("module", module.key, module.title, compare.verdict(module.digest, row))
    for lesson in plan.lessons:
        verdict = compare.verdict(lesson.digest, there.lessons.get(lesson.path))
        add("lesson", lesson.path, lesson.title, verdict)
    for assignment in plan.assignments:
        verdict = compare.verdict(assignment.digest, there.assignments.get(assignment.path))
        add("assignment", assignment.path, assignment.title, verdict)
    for rubric in plan.rubrics:
        verdict = compare.verdict(rubric.digest, there.rubrics.get(rubric.key))
        add("rubric", rubric.path, rubric.title, verdict)
    for path, ready in prepared.files.items():
        file = there.files.get(path)
        same = file is not None and file.blob.sha256 == ready.kept.sha256
        add("file", path, path, SAME if same else CHANGED if file else NEW)
    for what, rows, present in (
        ("module", there.modules, [one.key for one in plan.modules]),
        ("lesson", there.lessons, [one.path for one in plan.lessons]),
        ("assignment", there.assignments, [one.path for one in plan.assignments]),
    ):
        for path, verdict in compare.vanished(rows, present).items():
            add(what, path, rows[path].title, verdict)
    return found


def _course(plan: Plan, organisation_id: int) -> Course:
    course = Course(
        organisation_id=organisation_id,
        code=code_of(plan),
        title=plan.title,
        description=plan.body,
        language=plan.language or "id",
        source_hash=plan.digest,
        created_at=clock.now(),
    )
    db.session.add(course)
    db.session.flush()
    return course


class _Import:
    def __init__(
        self,
        prepared: Prepared,
        there: Snapshot,
        course: Course,
        changes: list[Change],
        by: int | None,
    ) -> None:
        self.prepared, self.plan, self.there = prepared, prepared.plan, there
        self.course, self.by = course, by
        self.verdicts = {(one.what, one.path): one.verdict for one in changes}

    def run(self) -> None:
        """Write every part that is new or changed, hide what vanished, then render."""
        self._files()
        self._about_the_course()
        for module in self.plan.modules:
            self._module(module)
        for rubric in self.plan.rubrics:
            self._rubric(rubric)
        for assignment in self.plan.assignments:
            self._assignment(assignment)
        self._hide_vanished()
        self._order()
        db.session.flush()
        self._render()

    def _is_written(self, what: str, path: str) -> bool:
        return self.verdicts[what, path] in WRITTEN

    def _files(self) -> None:
        for path, ready in self.prepared.files.items():
            if not self._is_written("file", path):
                continue
            blob = blob_of(ready.kept, ready.kind)
            values: dict[str, Any] = {
                "blob_id": blob.id,
                "width": ready.width,
                "height": ready.height,
                "widths": copies_of(ready),
            }
            file = self.there.files.get(path)
            if file is None:
                courses.file_named(self.course, path, **values)
            else:
                for name, value in values.items():
                    setattr(file, name, value)
                file.blob = blob
        db.session.flush()

    def _about_the_course(self) -> None:
        if self.verdicts["course", self.plan.path] == CHANGED:
            self.course.title, self.course.description = self.plan.title, self.plan.body
            self.course.source_hash = self.plan.digest
            self.course.revision += 1

    def _module(self, plan: ModulePlan) -> None:
        row = self.there.modules.get(plan.key)
        if row is None:
            row = Module(course_id=self.course.id, source_path=plan.key, position=0)
            db.session.add(row)
            self.there.modules[plan.key] = row
        if self._is_written("module", plan.key):
            row.title, row.agenda, row.summary = plan.title, plan.agenda, plan.body
            row.opens_after_days = plan.opens_after_days or 0
            row.requires_previous = plan.requires_previous
            _came_from(row, plan.digest)
        db.session.flush()
        for lesson in plan.lessons:
            self._lesson(lesson, row)

    def _lesson(self, plan: LessonPlan, module: Module) -> None:
        row = self.there.lessons.get(plan.path)
        if row is None:
            row = Lesson(module_id=module.id, source_path=plan.path, position=0, downloads=[])
            db.session.add(row)
            self.there.lessons[plan.path] = row
        if self._is_written("lesson", plan.path):
            row.title, row.body, row.minutes = plan.title, plan.body, plan.minutes or 0
            row.edited_by_id = None
            _came_from(row, plan.digest)
        db.session.flush()

    def _rubric(self, plan: RubricPlan) -> None:
        row = self.there.rubrics.get(plan.key)
        if row is None:
            row = Rubric(course_id=self.course.id, key=plan.key, title=plan.title, versions=[])
            db.session.add(row)
            self.there.rubrics[plan.key] = row
        if self._is_written("rubric", plan.path):
            row.title, row.source_hash, row.edited_at = plan.title, plan.digest, None
            write_version(row, criterion_texts(plan.criteria), self.by)

    def _assignment(self, plan: AssignmentPlan) -> None:
        row = self.there.assignments.get(plan.path)
        if row is None:
            row = Assignment(
                course_id=self.course.id,
                source_path=plan.path,
                position=0,
                title=plan.title,
                reviewers=[],
            )
            self.there.assignments[plan.path] = row
            db.session.add(row)
        if self._is_written("assignment", plan.path):
            module = self.there.modules.get(plan.module) if plan.module else None
            rubric = self.there.rubrics.get(plan.rubric) if plan.rubric else None
            said = fill_assignment(row, plan, module, rubric)
            for code, detail in said:
                self.plan.remark(plan.path, code, detail)
            _came_from(row, plan.digest)
        db.session.flush()

    def _hide_vanished(self) -> None:
        for what, rows in (
            ("module", self.there.modules),
            ("lesson", self.there.lessons),
            ("assignment", self.there.assignments),
        ):
            for path, row in rows.items():
                if self.verdicts.get((what, path)) == GONE:
                    row.hidden_at = row.hidden_at or clock.now()
                    row.source_hash = None

    def _order(self) -> None:
        """Our order stays; what is new stands where the folder has it."""
        modules, lessons = self.there.modules, self.there.lessons
        _place(modules, [one.key for one in self.plan.modules])
        _place(self.there.assignments, [one.path for one in self.plan.assignments])
        for module in modules.values():
            inside = {path: row for path, row in lessons.items() if row.module_id == module.id}
            _place(inside, [one.path for one in self.plan.lessons if one.path in inside])

    def _render(self) -> None:
        assignments = {path: row.id for path, row in self.there.assignments.items()}
        renderer = courses.renderer_of(self.course, assignments)
        courses.render_lessons(self.course, renderer)
        for path, row in self.there.assignments.items():
            html = renderer.render(path, row.brief).html
            if row.html != html:
                row.html = html
        for plan in self.plan.lessons:
            if not self._is_written("lesson", plan.path):
                continue
            lesson = self.there.lessons[plan.path]
            ids = [renderer.files[path].id for path in plan.files if path in renderer.files]
            courses.forget_downloads(lesson, set(ids))
            for file_id in ids:
                if file_id not in {one.course_file_id for one in lesson.downloads}:
                    courses.add_download(lesson, file_id)


def _came_from(row: Module | Lesson | Assignment, digest: str) -> None:
    """Note that a row is what its file says; a row whose file came back is shown again."""
    if row.source_hash is None:
        row.hidden_at = None
    row.source_hash, row.edited_at = digest, None
    row.revision = (row.revision or 0) + 1


def _place(rows: dict[str, Any], planned: list[str]) -> None:
    placed = [path for path in rows if rows[path].position]
    placed.sort(key=lambda path: (rows[path].position, rows[path].id))
    for position, path in enumerate(compare.order_with(placed, planned), 1):
        if rows[path].position != position:
            rows[path].position = position


def copies_of(ready: Ready) -> dict[str, int]:
    """The ids of a picture's smaller copies by their width."""
    webp = KINDS["webp"]
    return {str(width): blob_of(kept, webp).id for width, kept in ready.widths.items()}
