"""Writing course content."""

from portal.courses import queries
from portal.courses.models import Course, CourseFile, Lesson, LessonDownload
from portal.courses.rendering import Renderer
from portal.database import action, db


def renderer_of(course: Course, assignments: dict[str, int] | None = None) -> Renderer:
    """A renderer that knows every visible lesson and every file of the course as they are now."""
    lessons = {
        one.source_path: one.id
        for one in queries.texts_of(course.id)
        if one.source_path and one.hidden_at is None
    }
    return Renderer(course.language, lessons, queries.files_of(course.id), assignments)


@action
def render_lessons(course: Course, renderer: Renderer) -> None:
    """Render every lesson anew; only those whose HTML differs are written."""
    for lesson in queries.texts_of(course.id):
        render_lesson(lesson, renderer)


@action
def render_lesson(lesson: Lesson, renderer: Renderer) -> list[str]:
    """Render one lesson, and offer the files it links to; the addresses that lead nowhere."""
    done = renderer.render(lesson.source_path, lesson.body, lesson.title)
    if lesson.html != done.html:
        lesson.html = done.html
    if lesson.headings != done.headings:
        lesson.headings = done.headings
    if lesson.search_text != done.search_text:
        lesson.search_text = done.search_text
    offered = {one.course_file_id for one in lesson.downloads}
    for file_id in done.downloads:
        if file_id not in offered:
            add_download(lesson, file_id)
    return done.missing


def add_download(lesson: Lesson, file_id: int) -> None:
    """Offer a file with a lesson, after those it offers already."""
    position = max((one.position for one in lesson.downloads), default=0) + 1
    lesson.downloads.append(
        LessonDownload(lesson_id=lesson.id, course_file_id=file_id, position=position)
    )
    db.session.flush()


@action
def forget_downloads(lesson: Lesson, kept: set[int]) -> None:
    """Offer only these files with a lesson."""
    for one in [one for one in lesson.downloads if one.course_file_id not in kept]:
        lesson.downloads.remove(one)
        db.session.delete(one)
    db.session.flush()


def file_named(course: Course, path: str, **values: object) -> CourseFile:
    """A new file of the course."""
    file = CourseFile(course_id=course.id, path=path, **values)
    db.session.add(file)
    return file
