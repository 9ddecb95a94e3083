"""Importing a course, and importing it again."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import clock
from portal.assignments.models import Assignment
from portal.courses.models import Course, CourseFile, Lesson, LessonDownload, Module
from portal.library.actions import import_course, preview
from portal.library.prepare import prepare
from portal.library.sources import Folder
from portal.rubrics.models import Level, Rubric, RubricVersion

FOLDERS = Path(__file__).with_name("folders")


@pytest.fixture
def course(tmp_path):
    """The folder of the small course in our own format, to change at will."""
    return Path(shutil.copytree(FOLDERS / "own", tmp_path / "own"))


@pytest.fixture
def bring_in(portal, world, database_session):
    """Import a folder for the first organisation; what happened to what, apart from «same»."""

    def run(folder: Path) -> dict[str, str]:
        with portal.test_request_context(headers={"Accept-Language": "en"}):
            prepared = prepare(Folder(folder))
            foreseen = preview(prepared, world.organisation).changes
            outcome = import_course(prepared, world.organisation, None)
        assert outcome.changes == foreseen
        database_session.commit()
        database_session.expire_all()
        return {one.path: one.verdict for one in outcome.changes if one.verdict != "same"}

    return run


def lesson_of(session, path: str) -> Lesson:
    return session.scalar(sa.select(Lesson).where(Lesson.source_path == path))


def rows(session) -> list[tuple]:
    """Everything an import writes, as plain values."""
    tables = (
        Course,
        Module,
        Lesson,
        CourseFile,
        LessonDownload,
        Assignment,
        Rubric,
        RubricVersion,
        Level,
    )
    return [
        tuple(row)
        for table in tables
        for row in session.execute(
            sa.select(table.__table__).order_by(*table.__table__.primary_key)
        )
    ]


def test_a_course_is_imported_whole(course, bring_in, database_session):
    assert set(bring_in(course).values()) == {"new"}
    found = database_session.scalar(sa.select(Course).where(Course.code == "CONTOH"))
    assert (found.title, found.language) == ("Kursus contoh", "id")
    first = lesson_of(database_session, "01-dasar/01-pembuka.md")
    second = lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md")
    file = database_session.scalar(sa.select(CourseFile).where(CourseFile.path.like("%alur.svg")))
    assert (file.width, file.height) == (40, 20)
    assert first.minutes == 20
    assert f'href="\ue010L{second.id}#t-bagian-kedua"' in first.html
    assert f'<figure><img src="\ue010F{file.path}?v=' in first.html
    assert 'class="broken-link">yang tidak ada' in first.html
    assert first.headings == [{"level": 2, "id": "t-isi", "title": "Isi"}]
    assert first.search_text.startswith("pembuka\nisi alur rapat")
    offered = sa.select(LessonDownload.course_file_id).filter_by(lesson_id=first.id)
    assert len(database_session.scalars(offered).all()) == 1
    assignment = database_session.scalar(
        sa.select(Assignment).where(Assignment.course_id == found.id)
    )
    assert (assignment.title, assignment.due_offset, assignment.file_types) == (
        "Rencana", 14, ["pdf", "docx"],
    )  # fmt: skip


def test_importing_twice_changes_nothing(course, bring_in, database_session):
    bring_in(course)
    before = rows(database_session)
    assert bring_in(course) == {}
    assert rows(database_session) == before


def test_a_changed_file_changes_only_its_lesson(course, bring_in, database_session):
    bring_in(course)
    before = {one.source_path: one.revision for one in database_session.scalars(sa.select(Lesson))}
    (course / "02-lanjut" / "01-tanpa-kepala.md").write_text("# Judul baru\n\nIsi baru.")
    assert bring_in(course) == {"02-lanjut/01-tanpa-kepala.md": "changed"}
    after = {one.source_path: one.revision for one in database_session.scalars(sa.select(Lesson))}
    assert {path for path in after if after[path] != before[path]} == {
        "02-lanjut/01-tanpa-kepala.md"
    }
    lesson = lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md")
    assert (lesson.title, lesson.html) == ("Judul baru", "<p>Isi baru.</p>\n")


def test_what_was_edited_here_is_kept_and_said_each_time(course, bring_in, database_session):
    bring_in(course)
    lesson = lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md")
    lesson.body, lesson.edited_at = "Milik kami.", clock.now()
    database_session.commit()
    assert bring_in(course) == {}
    (course / "02-lanjut" / "01-tanpa-kepala.md").write_text("# Judul baru\n\nIsi baru.")
    for _again in range(2):
        assert bring_in(course) == {"02-lanjut/01-tanpa-kepala.md": "kept"}
    assert lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md").body == "Milik kami."


def test_a_vanished_file_hides_its_lesson_and_coming_back_shows_it(
    course, bring_in, database_session
):
    bring_in(course)
    path = course / "02-lanjut" / "01-tanpa-kepala.md"
    text = path.read_text()
    path.unlink()
    assert bring_in(course) == {"02-lanjut/01-tanpa-kepala.md": "gone"}
    hidden = lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md")
    assert hidden.hidden_at is not None
    assert bring_in(course) == {}
    path.write_text(text)
    assert bring_in(course) == {"02-lanjut/01-tanpa-kepala.md": "back"}
    shown = lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md")
    assert (shown.id, shown.hidden_at) == (hidden.id, None)


def test_what_an_administrator_hid_stays_hidden_and_what_they_edited_stays_shown(
    course, bring_in, database_session
):
    bring_in(course)
    lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md").hidden_at = clock.now()
    lesson_of(database_session, "02-lanjut/02-kunci-asing.md").edited_at = clock.now()
    database_session.commit()
    (course / "02-lanjut" / "01-tanpa-kepala.md").write_text("# Baru\n\nIsi baru.")
    (course / "02-lanjut" / "02-kunci-asing.md").unlink()
    assert bring_in(course) == {
        "02-lanjut/01-tanpa-kepala.md": "changed",
        "02-lanjut/02-kunci-asing.md": "kept-gone",
    }
    assert lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md").hidden_at is not None
    assert lesson_of(database_session, "02-lanjut/02-kunci-asing.md").hidden_at is None


def test_our_order_stays_and_a_new_lesson_follows_its_neighbour(course, bring_in, database_session):
    bring_in(course)
    first = lesson_of(database_session, "02-lanjut/01-tanpa-kepala.md")
    second = lesson_of(database_session, "02-lanjut/02-kunci-asing.md")
    first.position, second.position = 2, 1
    database_session.commit()
    (course / "02-lanjut" / "03-baru.md").write_text("Isi.")
    assert bring_in(course) == {"02-lanjut/03-baru.md": "new"}
    order = database_session.scalars(
        sa.select(Lesson.source_path)
        .join(Module)
        .where(Module.source_path == "02-lanjut")
        .order_by(Lesson.position)
    ).all()
    assert order == [
        "02-lanjut/02-kunci-asing.md",
        "02-lanjut/03-baru.md",
        "02-lanjut/01-tanpa-kepala.md",
    ]


def test_a_changed_picture_changes_every_page_that_shows_it(course, bring_in, database_session):
    bring_in(course)
    before = lesson_of(database_session, "01-dasar/01-pembuka.md").html
    (course / "01-dasar" / "gambar" / "alur.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"/>'
    )
    assert bring_in(course) == {"01-dasar/gambar/alur.svg": "changed"}
    after = lesson_of(database_session, "01-dasar/01-pembuka.md")
    assert after.html != before
    assert 'width="80" height="40"' in after.html
    assert after.revision == 1


def test_a_changed_rubric_is_a_new_version_for_later_work(course, bring_in, database_session):
    bring_in(course)
    path = course / "rubrics" / "rencana.yaml"
    path.write_text(path.read_text().replace("70.01", "75.5"))
    assert bring_in(course) == {"rubrics/rencana.yaml": "changed"}
    numbers = database_session.execute(
        sa.select(RubricVersion.number, sa.func.max(Level.lowest))
        .join(Rubric)
        .join(RubricVersion.criteria)
        .join(Level)
        .where(Rubric.key == "rencana")
        .group_by(RubricVersion.number)
        .order_by(RubricVersion.number)
    ).all()
    assert [number for number, _lowest in numbers] == [1, 2]


def test_pictures_come_in_several_widths(bring_in, database_session):
    bring_in(FOLDERS / "readmes")
    wanted = sa.select(CourseFile).where(CourseFile.path.like("%tipe.png"))
    file = database_session.scalar(wanted.options(joinedload(CourseFile.blob)))
    assert (file.width, file.height, sorted(file.widths)) == (1200, 600, ["480", "800"])
    html = lesson_of(database_session, "2-tipe-data/README.md").html
    assert f"\ue010F{file.path}?v={file.blob.sha256[:8]}&amp;width=480 480w" in html
    assert 'width="1200" height="600" loading="lazy"' in html


@pytest.mark.parametrize("name", ["episodes", "readmes", "jekyll"])
def test_foreign_folders_come_in_and_again_change_nothing(name, bring_in, database_session):
    bring_in(FOLDERS / name)
    before = rows(database_session)
    assert bring_in(FOLDERS / name) == {}
    assert rows(database_session) == before
