"""What a course holds now, as an import compares it with a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.assignments.models import Assignment, AssignmentCapacity
from portal.cohorts.models import Capacity, Organisation
from portal.courses.models import Course, CourseFile, Lesson, Module
from portal.courses.queries import course_coded, files_of, lesson_in, modules_of, texts_of
from portal.database import db
from portal.rubrics.models import Criterion, Rubric, RubricVersion


class CourseLine(NamedTuple):
    """A course in a list, with how much of it participants see."""

    id: int
    title: str
    code: str
    modules: int
    lessons: int
    assignments: int


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


def courses_in(organisation_ids: Sequence[int]) -> dict[int, list[CourseLine]]:
    """The courses of these organisations, with how much is in each, by title."""

    def count(column: Any, *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count(column)).where(*where).scalar_subquery()

    modules = count(Module.id, Module.course_id == Course.id, Module.hidden_at.is_(None))
    lessons = (
        sa.select(sa.func.count(Lesson.id))
        .join(Module)
        .where(
            Module.course_id == Course.id, Module.hidden_at.is_(None), Lesson.hidden_at.is_(None)
        )
        .scalar_subquery()
    )
    assignments = count(
        Assignment.id, Assignment.course_id == Course.id, Assignment.hidden_at.is_(None)
    )
    rows = db.session.execute(
        sa.select(
            Course.organisation_id,
            Course.id,
            Course.title,
            Course.code,
            modules,
            lessons,
            assignments,
        )
        .where(Course.organisation_id.in_(organisation_ids))
        .order_by(Course.title, Course.id)
    )
    found: dict[int, list[CourseLine]] = {one: [] for one in organisation_ids}
    for organisation_id, *line in rows:
        found[organisation_id].append(CourseLine(*line))
    return found


def copyable_courses(organisation_ids: Sequence[int]) -> list[tuple[int, int, str, str]]:
    """The courses of these organisations: (course id, organisation id, title, organisation)."""
    rows = db.session.execute(
        sa.select(Course.id, Course.organisation_id, Course.title, Organisation.name)
        .join(Organisation, Organisation.id == Course.organisation_id)
        .where(Course.organisation_id.in_(organisation_ids))
        .order_by(Organisation.name, Course.title)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def assignment_in(course_id: int, assignment_id: int) -> Assignment | None:
    """An assignment with its rubric and reviewers, if it belongs to this course."""
    return db.session.scalar(
        sa.select(Assignment)
        .where(Assignment.id == assignment_id, Assignment.course_id == course_id)
        .options(
            selectinload(Assignment.reviewers).joinedload(AssignmentCapacity.capacity),
            joinedload(Assignment.rubric),
            joinedload(Assignment.module),
        )
    )


def rubric_in(course_id: int, rubric_id: int) -> Rubric | None:
    """A rubric with its versions, if it belongs to this course."""
    return db.session.scalar(
        sa.select(Rubric)
        .where(Rubric.id == rubric_id, Rubric.course_id == course_id)
        .options(selectinload(Rubric.versions))
    )


def newest_version_of(rubric_id: int) -> RubricVersion | None:
    """A rubric's newest version with its criteria and levels."""
    return db.session.scalar(
        sa.select(RubricVersion)
        .where(RubricVersion.rubric_id == rubric_id)
        .options(selectinload(RubricVersion.criteria).selectinload(Criterion.levels))
        .order_by(RubricVersion.number.desc())
        .limit(1)
    )


def part_in(course_id: int, what: str, part_id: int) -> tuple[Any, list[Any]] | None:
    """A module, lesson or assignment of a course with its neighbours in order, itself included."""
    if what == "lesson":
        lesson = lesson_in(course_id, part_id)
        if lesson is None:
            return None
        rows: list[Any] = [one for one in texts_of(course_id) if one.module_id == lesson.module_id]
    elif what == "module":
        rows = modules_of(course_id)
    else:
        rows = assignments_of(course_id)
    row = next((one for one in rows if one.id == part_id), None)
    return (row, rows) if row is not None else None


def capacities() -> list[Capacity]:
    """Every capacity, in its order."""
    return list(db.session.scalars(sa.select(Capacity).order_by(Capacity.position, Capacity.id)))


def course_to_copy(course_id: int, organisation_ids: Sequence[int]) -> Course | None:
    """The course, when one of these organisations has it."""
    return db.session.scalar(
        sa.select(Course).where(
            Course.id == course_id, Course.organisation_id.in_(organisation_ids)
        )
    )
