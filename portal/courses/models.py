"""Course content only: courses, modules, lessons, and the files they show or offer."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, length
from portal.files.models import Blob


class Course(Base):
    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    code: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    language: Mapped[str] = mapped_column(sa.String(5), default="id")
    source_hash: Mapped[str | None] = mapped_column(sa.String(64))
    edited_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    copied_from_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("course.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]

    modules: Mapped[list["Module"]] = relationship(lazy="raise", order_by="Module.position")

    __table_args__ = (sa.UniqueConstraint("organisation_id", "code"), length("title", 200))


class Module(Base):
    """A part of a course. ``agenda`` is the heading it stands under, if the course has such."""

    __tablename__ = "module"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    agenda: Mapped[str] = mapped_column(sa.String(200), default="")
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    opens_after_days: Mapped[int] = mapped_column(default=0)
    requires_previous: Mapped[bool] = mapped_column(default=False)
    source_path: Mapped[str | None] = mapped_column(sa.String(500))
    source_hash: Mapped[str | None] = mapped_column(sa.String(64))
    edited_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    hidden_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(lazy="raise", back_populates="modules")
    lessons: Mapped[list["Lesson"]] = relationship(lazy="raise", order_by="Lesson.position")

    __table_args__ = (
        sa.Index("ix_module_course_id_position", "course_id", "position"),
        sa.UniqueConstraint("course_id", "source_path"),
        length("title", 200),
        sa.CheckConstraint("opens_after_days BETWEEN 0 AND 3650", name="opens_after_days_range"),
    )


class Lesson(Base):
    """One page of text. ``html`` is ``body`` rendered and sanitised when it was written."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(sa.ForeignKey("module.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text, default="")
    headings: Mapped[list[Any]] = mapped_column(default=list)
    search_text: Mapped[str] = mapped_column(sa.Text, default="")
    minutes: Mapped[int] = mapped_column(default=0)
    source_path: Mapped[str | None] = mapped_column(sa.String(500))
    source_hash: Mapped[str | None] = mapped_column(sa.String(64))
    edited_at: Mapped[datetime | None]
    edited_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL")
    )
    revision: Mapped[int] = mapped_column(default=1)
    hidden_at: Mapped[datetime | None]

    module: Mapped[Module] = relationship(lazy="raise", back_populates="lessons")
    downloads: Mapped[list["LessonDownload"]] = relationship(
        lazy="raise", order_by="LessonDownload.position"
    )

    __table_args__ = (
        sa.Index("ix_lesson_module_id_position", "module_id", "position"),
        sa.UniqueConstraint("module_id", "source_path"),
        length("title", 200),
    )


class CourseFile(Base):
    """A figure or a download of a course, by its path in the course folder.

    ``widths`` maps a width in pixels to the blob id of a raster image resized to it.
    """

    __tablename__ = "course_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(sa.String(500))
    blob_id: Mapped[int] = mapped_column(sa.ForeignKey("blob.id", ondelete="RESTRICT"), index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    widths: Mapped[dict[str, Any]] = mapped_column(default=dict)

    blob: Mapped[Blob] = relationship(lazy="raise")

    __table_args__ = (sa.UniqueConstraint("course_id", "path"),)


class LessonDownload(Base):
    """A file that a lesson offers for download."""

    __tablename__ = "lesson_download"

    lesson_id: Mapped[int] = mapped_column(
        sa.ForeignKey("lesson.id", ondelete="CASCADE"), primary_key=True
    )
    course_file_id: Mapped[int] = mapped_column(
        sa.ForeignKey("course_file.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(default=0)

    course_file: Mapped[CourseFile] = relationship(lazy="raise")
