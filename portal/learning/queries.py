"""What a participant may read, and has read."""

from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.courses.models import CourseFile, Lesson, LessonDownload, Module
from portal.courses.rendering import folded
from portal.database import db
from portal.files.models import Blob
from portal.learning.models import LessonCompletion
from portal.learning.rules import LessonEntry, ModuleEntry
from portal.selects import prepared


def entries_of_course(course_id: int, cohort_id: int, person_id: int | None) -> list[ModuleEntry]:
    """The visible modules and lessons of a course in order, with what the person has done."""
    rows = _entries.rows(course_id=course_id, cohort_id=cohort_id, person_id=person_id)
    return [
        ModuleEntry(
            id=first.id,
            title=first.title,
            agenda=first.agenda,
            opens_after_days=first.opens_after_days,
            requires_previous=first.requires_previous,
            lessons=tuple(
                LessonEntry(row.lesson_id, row.lesson_title, row.minutes, bool(row.is_done))
                for row in (first, *rest)
                if row.lesson_id is not None
            ),
        )
        for _module_id, (first, *rest) in groupby(rows, key=lambda row: row.id)
    ]


@prepared
def _entries(course_id, cohort_id, person_id):
    done_at = (
        sa.select(LessonCompletion.done_at)
        .where(
            LessonCompletion.cohort_id == cohort_id,
            LessonCompletion.person_id == person_id,
            LessonCompletion.lesson_id == Lesson.id,
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            Module.id,
            Module.title,
            Module.agenda,
            Module.opens_after_days,
            Module.requires_previous,
            Lesson.id.label("lesson_id"),
            Lesson.title.label("lesson_title"),
            Lesson.minutes,
            done_at.is_not(None).label("is_done"),
        )
        .outerjoin(Lesson, sa.and_(Lesson.module_id == Module.id, Lesson.hidden_at.is_(None)))
        .where(Module.course_id == course_id, Module.hidden_at.is_(None))
        .order_by(Module.position, Module.id, Lesson.position, Lesson.id)
    )


class Download(NamedTuple):
    """A file that a lesson offers: where it lies in the course, and its size in bytes."""

    course_file_id: int
    path: str
    size: int


class LessonText(NamedTuple):
    """A lesson as it is read."""

    id: int
    title: str
    html: str
    headings: list[dict[str, Any]]
    downloads: tuple[Download, ...]


def lesson_in(course_id: int, lesson_id: int) -> LessonText | None:
    """A visible lesson of this course, with its downloads in order."""
    rows = _lesson.rows(course_id=course_id, lesson_id=lesson_id)
    if not rows:
        return None
    downloads = tuple(Download(*row[4:]) for row in rows if row.course_file_id is not None)
    first = rows[0]
    return LessonText(first.id, first.title, first.html, first.headings, downloads)


@prepared
def _lesson(course_id, lesson_id):
    return (
        sa.select(
            Lesson.id,
            Lesson.title,
            Lesson.html,
            Lesson.headings,
            LessonDownload.course_file_id,
            CourseFile.path,
            Blob.size,
        )
        .join(Module, Module.id == Lesson.module_id)
        .outerjoin(LessonDownload, LessonDownload.lesson_id == Lesson.id)
        .outerjoin(CourseFile, CourseFile.id == LessonDownload.course_file_id)
        .outerjoin(Blob, Blob.id == CourseFile.blob_id)
        .where(
            Lesson.id == lesson_id,
            Lesson.hidden_at.is_(None),
            Module.course_id == course_id,
            Module.hidden_at.is_(None),
        )
        .order_by(LessonDownload.position)
    )


def course_file_in(course_id: int, path: str, width: int | None = None) -> Blob | None:
    """The stored file at this path of the course; of a raster picture the copy of that width."""
    found = db.session.scalar(
        sa.select(CourseFile)
        .where(CourseFile.course_id == course_id, CourseFile.path == path)
        .options(joinedload(CourseFile.blob))
    )
    if found is None or width is None or str(width) not in found.widths:
        return found.blob if found else None
    return db.session.get(Blob, found.widths[str(width)])


def lessons_with(course_id: int, words: str, at_most: int = 50) -> list[tuple[int, str, str]]:
    """Visible lessons that hold every word: id, title and HTML, in the order of the course."""
    wanted = folded(words).split()[:10]
    rows = db.session.execute(
        sa.select(Lesson.id, Lesson.title, Lesson.html)
        .join(Module)
        .where(
            Module.course_id == course_id,
            Module.hidden_at.is_(None),
            Lesson.hidden_at.is_(None),
            *(Lesson.search_text.contains(word, autoescape=True) for word in wanted),
        )
        .order_by(Module.position, Module.id, Lesson.position, Lesson.id)
        .limit(at_most)
    )
    return [(row.id, row.title, row.html) for row in rows] if wanted else []
