"""Assignments and rubrics written in the browser, and courses copied."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Assignment, AssignmentCapacity
from portal.courses import actions as courses
from portal.courses import editing
from portal.courses.models import Course, CourseFile, LessonDownload
from portal.courses.queries import course_coded, file_at, files_of, modules_of, texts_of
from portal.database import action, db
from portal.files.actions import blob_of
from portal.journal.actions import record
from portal.library.actions import copies_of
from portal.library.pictures import Ready
from portal.library.queries import assignments_of, newest_version_of, rubrics_of
from portal.rubrics.actions import CriterionText, criterion_texts, write_version
from portal.rubrics.models import Rubric
from portal.texts import Refused, _


@action
def create_assignment(course: Course, by: int, **values: Any) -> Assignment:
    """A new assignment at the end of a course."""
    rows = assignments_of(course.id)
    assignment = Assignment(
        course_id=course.id,
        position=max((one.position for one in rows), default=0) + 1,
        edited_at=clock.now(),
        reviewers=[],
        **values,
    )
    db.session.add(assignment)
    record(
        "assignment.create",
        assignment,
        by=by,
        organisation_id=course.organisation_id,
        title=assignment.title,
    )
    return assignment


@action
def set_reviewers(assignment: Assignment, review: Collection[int], mark: Collection[int]) -> None:
    """Say which capacities may review an assignment, and which may mark it."""
    wanted = {one: one in mark for one in [*review, *mark]}
    for row in list(assignment.reviewers):
        if row.capacity_id not in wanted:
            assignment.reviewers.remove(row)
            db.session.delete(row)
        else:
            row.may_mark = wanted.pop(row.capacity_id)
    for capacity_id, may_mark in wanted.items():
        assignment.reviewers.append(
            AssignmentCapacity(
                assignment_id=assignment.id, capacity_id=capacity_id, may_mark=may_mark
            )
        )
    db.session.flush()


@action
def write_rubric(
    course: Course,
    rubric: Rubric | None,
    base: int,
    title: str,
    criteria: list[CriterionText],
    by: int,
) -> Rubric:
    """A rubric as written; a change is a new version, for work that begins later."""
    if not criteria:
        raise Refused(_("A rubric needs at least one criterion with a level."))
    total = sum((one.weight for one in criteria), Decimal(0))
    if total != 100:
        raise Refused(_("The weights sum to %(total)s; they must sum to 100.", total=total))
    if rubric is None:
        keys = {one.key for one in rubrics_of(course.id)}
        key, number = editing.path_word(title), 2
        while key in keys:
            key, number = f"{editing.path_word(title)}-{number}", number + 1
        rubric = Rubric(
            course_id=course.id, key=key, title=title, edited_at=clock.now(), versions=[]
        )
        db.session.add(rubric)
        db.session.flush()
    else:
        db.session.refresh(rubric, with_for_update=True)
        newest = newest_version_of(rubric.id)
        if newest is not None and newest.number != base:
            raise Refused(
                _(
                    "Somebody changed this rubric while you were writing. What you wrote is below; "
                    "nothing is lost."
                ),
                conflict=True,
            )
        same = newest is not None and criterion_texts(newest.criteria) == criteria
        if same and rubric.title == title:
            return rubric
        rubric.title, rubric.edited_at = title, clock.now()
        if same:
            return rubric
    write_version(rubric, criteria, by)
    record("rubric.write", rubric, by=by, organisation_id=course.organisation_id, title=title)
    return rubric


@action
def copy_course(source: Course, organisation_id: int, by: int) -> Course:
    """A course of another organisation as one's own; later changes of theirs do not reach it."""
    code, number = source.code, 2
    while course_coded(organisation_id, code):
        code, number = f"{source.code[:50]}-{number}", number + 1
    course = _alike(
        source,
        organisation_id=organisation_id,
        code=code,
        copied_from_id=source.id,
        created_at=clock.now(),
        source_hash=None,
        edited_at=clock.now(),
        revision=1,
    )
    files = {one.id: _alike(one, course_id=course.id) for one in files_of(source.id)}
    modules = {one.id: _alike(one, course_id=course.id) for one in modules_of(source.id)}
    for lesson in texts_of(source.id):
        twin = _alike(lesson, module_id=modules[lesson.module_id].id)
        for one in lesson.downloads:
            db.session.add(
                LessonDownload(
                    lesson_id=twin.id,
                    position=one.position,
                    course_file_id=files[one.course_file_id].id,
                )
            )
    rubrics: dict[int, Rubric] = {}
    for rubric in rubrics_of(source.id):
        rubrics[rubric.id] = _alike(rubric, course_id=course.id)
        newest = newest_version_of(rubric.id)
        if newest is not None:
            write_version(rubrics[rubric.id], criterion_texts(newest.criteria), by)
    for assignment in assignments_of(source.id):
        module = modules.get(assignment.module_id or 0)
        own_rubric = rubrics.get(assignment.rubric_id or 0)
        twin = _alike(
            assignment,
            course_id=course.id,
            module_id=module.id if module else None,
            rubric_id=own_rubric.id if own_rubric else None,
        )
        for reviewer in assignment.reviewers:
            db.session.add(
                AssignmentCapacity(
                    assignment_id=twin.id,
                    capacity_id=reviewer.capacity_id,
                    may_mark=reviewer.may_mark,
                )
            )
    db.session.flush()
    db.session.expire_all()
    render_course(course)
    record("course.copy", course, by=by, organisation_id=organisation_id, copied=source.id)
    return course


@action
def render_course(course: Course) -> None:
    """Render every lesson and brief of a course anew."""
    assignments = assignments_of(course.id)
    ids = {one.source_path: one.id for one in assignments if one.source_path}
    renderer = courses.renderer_of(course, ids)
    courses.render_lessons(course, renderer)
    for one in assignments:
        html = renderer.render(one.source_path, one.brief).html
        if one.html != html:
            one.html = html


@action
def add_file(course: Course, path: str, ready: Ready, by: int) -> CourseFile:
    """A picture or file of a course; another of the same path takes its place."""
    blob = blob_of(ready.kept, ready.kind)
    file = file_at(course.id, path)
    if file is None:
        file = courses.file_named(course, path, blob_id=blob.id)
    file.blob_id, file.blob = blob.id, blob
    file.width, file.height = ready.width, ready.height
    file.widths = copies_of(ready)
    record("course_file.write", file, by=by, organisation_id=course.organisation_id, path=path)
    return file


def _alike(row: Any, **values: Any) -> Any:
    """A new row with the same plain values, apart from these."""
    kind, unloaded = type(row), set(sa.inspect(row).unloaded)
    same = {
        column.key: getattr(row, column.key)
        for column in kind.__mapper__.column_attrs
        if column.key != "id" and column.key not in values and column.key not in unloaded
    }
    twin = kind(**same, **values)
    db.session.add(twin)
    db.session.flush()
    return twin
