"""What a course holds now, as an import compares it with a folder."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.assignments.models import Assignment
from portal.courses.models import Course, CourseFile, Lesson, Module
from portal.courses.queries import course_coded, files_of, texts_of
from portal.database import db
from portal.rubrics.models import Rubric


@dataclass
class Snapshot:
    """The parts of a course by the path of the file each came from."""

    course: Course | None
    modules: dict[str, Module] = field(default_factory=dict)
    lessons: dict[str, Lesson] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    rubrics: dict[str, Rubric] = field(default_factory=dict)
    files: dict[str, CourseFile] = field(default_factory=dict)


def snapshot(organisation_id: int, code: str) -> Snapshot:
    """The course of this code as it is; empty when there is none."""
    course = course_coded(organisation_id, code)
    if course is None:
        return Snapshot(None)
    modules = db.session.scalars(sa.select(Module).where(Module.course_id == course.id))
    return Snapshot(
        course,
        {one.source_path: one for one in modules if one.source_path is not None},
        {one.source_path: one for one in texts_of(course.id) if one.source_path},
        {one.source_path: one for one in assignments_of(course.id) if one.source_path},
        {one.key: one for one in rubrics_of(course.id)},
        {one.path: one for one in files_of(course.id)},
    )


def assignments_of(course_id: int) -> list[Assignment]:
    """Every assignment of a course in order, hidden ones included."""
    return list(
        db.session.scalars(
            sa.select(Assignment)
            .where(Assignment.course_id == course_id)
            .options(selectinload(Assignment.reviewers))
            .order_by(Assignment.position, Assignment.id)
        )
    )


def rubrics_of(course_id: int) -> list[Rubric]:
    """Every rubric of a course with its versions."""
    return list(
        db.session.scalars(
            sa.select(Rubric)
            .where(Rubric.course_id == course_id)
            .options(selectinload(Rubric.versions))
            .order_by(Rubric.title, Rubric.id)
        )
    )
