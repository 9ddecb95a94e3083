"""Every select on courses, modules, lessons and their files."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.courses.models import Course, CourseFile, Lesson, LessonDownload, Module
from portal.database import db
from portal.files.models import Blob


def courses_of(organisation_id: int) -> list[Course]:
    """The organisation's courses, by title."""
    return list(
        db.session.scalars(
            sa.select(Course)
            .where(Course.organisation_id == organisation_id)
            .order_by(Course.title, Course.id)
        )
    )


def course_in(organisation_id: int, course_id: int) -> Course | None:
    """A course, if it belongs to this organisation."""
    return db.session.scalar(
        sa.select(Course).where(Course.id == course_id, Course.organisation_id == organisation_id)
    )


def course_coded(organisation_id: int, code: str) -> Course | None:
    """The organisation's course of this code."""
    return db.session.scalar(
        sa.select(Course).where(Course.organisation_id == organisation_id, Course.code == code)
    )


def modules_of(course_id: int) -> list[Module]:
    """Every module of a course with its lessons (without their texts), hidden ones included."""
    return list(
        db.session.scalars(
            sa.select(Module)
            .where(Module.course_id == course_id)
            .options(
                selectinload(Module.lessons).defer(Lesson.body, raiseload=True),
                selectinload(Module.lessons).defer(Lesson.html, raiseload=True),
                selectinload(Module.lessons).defer(Lesson.search_text, raiseload=True),
            )
            .order_by(Module.position, Module.id)
        )
    )


def texts_of(course_id: int) -> list[Lesson]:
    """Every lesson of a course with its text, hidden ones included, to write to or to render."""
    return list(
        db.session.scalars(
            sa.select(Lesson)
            .join(Module)
            .where(Module.course_id == course_id)
            .options(selectinload(Lesson.downloads))
            .order_by(Module.position, Module.id, Lesson.position, Lesson.id)
        )
    )


def module_in(course_id: int, module_id: int) -> Module | None:
    """A module, if it belongs to this course."""
    return db.session.scalar(
        sa.select(Module).where(Module.id == module_id, Module.course_id == course_id)
    )


def lesson_in(course_id: int, lesson_id: int) -> Lesson | None:
    """A lesson with its module and its downloads, if it belongs to this course."""
    return db.session.scalar(
        sa.select(Lesson)
        .join(Module)
        .where(Lesson.id == lesson_id, Module.course_id == course_id)
        .options(
            joinedload(Lesson.module),
            selectinload(Lesson.downloads)
            .joinedload(LessonDownload.course_file)
            .joinedload(CourseFile.blob),
        )
    )


def files_of(course_id: int) -> list[CourseFile]:
    """Every file of a course with its blob, by path."""
    return list(
        db.session.scalars(
            sa.select(CourseFile)
            .where(CourseFile.course_id == course_id)
            .options(joinedload(CourseFile.blob))
            .order_by(CourseFile.path)
        )
    )


def file_in(course_id: int, file_id: int) -> CourseFile | None:
    """A file with its blob, if it belongs to this course."""
    return db.session.scalar(
        sa.select(CourseFile)
        .where(CourseFile.id == file_id, CourseFile.course_id == course_id)
        .options(joinedload(CourseFile.blob))
    )


def file_at(course_id: int, path: str) -> CourseFile | None:
    """A file of the course by its path, with its blob."""
    return db.session.scalar(
        sa.select(CourseFile)
        .where(CourseFile.path == path, CourseFile.course_id == course_id)
        .options(joinedload(CourseFile.blob))
    )


def resized(file: CourseFile, width: int) -> Blob | None:
    """A picture's copy of this width."""
    blob_id = file.widths.get(str(width))
    return db.session.get(Blob, blob_id) if blob_id else None
