"""Organisations, cohorts, who is enrolled, who mentors whom, and the rosters they came from."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.courses.models import Course
from portal.database import Base, length
from portal.files.models import Blob
from portal.people.models import Person

# What is counted differently from cohort to cohort: columns of `Cohort`.
NUMBERS = ("silent_days", "unanswered_days", "group_size")


class Organisation(Base):
    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), unique=True)
    zone: Mapped[str] = mapped_column(sa.String(50))
    contact: Mapped[str] = mapped_column(sa.String(500), default="")
    brand: Mapped[str] = mapped_column(sa.String(30), default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    __table_args__ = (length("name", 200), length("contact", 500))


class Appointment(Base):
    """An administrator of one organisation, or of the whole portal when it names none."""

    __tablename__ = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Cohort(Base):
    """A group of people who follow one course together between two dates (angkatan).

    A participant counts as silent after ``silent_days`` without a trace, a mentor as late when
    work waited ``unanswered_days`` for them; ``group_size`` participants are one mentor's share.
    """

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    course_id: Mapped[int] = mapped_column(
        sa.ForeignKey("course.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    silent_days: Mapped[int] = mapped_column(default=7)
    unanswered_days: Mapped[int] = mapped_column(default=5)
    group_size: Mapped[int] = mapped_column(default=7)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    course: Mapped[Course] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "name"),
        sa.CheckConstraint("starts_on <= ends_on", name="dates_in_order"),
        sa.CheckConstraint("silent_days BETWEEN 1 AND 60", name="silent_days_range"),
        sa.CheckConstraint("unanswered_days BETWEEN 1 AND 60", name="unanswered_days_range"),
        sa.CheckConstraint("group_size BETWEEN 1 AND 100", name="group_size_range"),
        length("name", 200),
    )


class Enrolment(Base):
    """A person's place in a cohort, as participant or as mentor. Leaving is a date."""

    __tablename__ = "enrolment"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True
    )
    role: Mapped[str] = mapped_column(sa.String(12))
    list_number: Mapped[int | None]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "person_id", "role"),
        sa.CheckConstraint("role IN ('participant', 'mentor')", name="role_known"),
    )


class Capacity(Base):
    """In what capacity somebody mentors: supervisor, coach, examiner. The list is data."""

    __tablename__ = "capacity"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name_id: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]

    def name_in(self, language: str) -> str:
        return self.name_id if language == "id" else self.name_en


class Mentorship(Base):
    """One mentor for one participant of a cohort in one capacity, from a moment until another.

    A mentorship for a time only names for whom the mentor stands in; its end is then known from
    the beginning. Without it, whose end is empty mentors now, until somebody ends it.
    """

    __tablename__ = "mentorship"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id", ondelete="RESTRICT"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    mentor_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    capacity_id: Mapped[int] = mapped_column(sa.ForeignKey("capacity.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    stands_in_for_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True
    )

    cohort: Mapped[Cohort] = relationship(lazy="raise")
    participant: Mapped[Person] = relationship(lazy="raise", foreign_keys=[participant_id])
    mentor: Mapped[Person] = relationship(lazy="raise", foreign_keys=[mentor_id])
    stands_in_for: Mapped[Person | None] = relationship(
        lazy="raise", foreign_keys=[stands_in_for_id]
    )
    capacity: Mapped[Capacity] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint("participant_id <> mentor_id", name="nobody_mentors_themselves"),
        sa.CheckConstraint("stands_in_for_id <> mentor_id", name="stands_in_for_another"),
        sa.CheckConstraint(
            "stands_in_for_id IS NULL OR ended_at IS NOT NULL", name="stand_in_has_an_end"
        ),
        sa.Index("ix_mentorship_cohort_id_participant_id", "cohort_id", "participant_id"),
        sa.Index("ix_mentorship_mentor_id_cohort_id", "mentor_id", "cohort_id"),
        sa.Index(
            "uq_mentorship_current",
            "cohort_id",
            "participant_id",
            "mentor_id",
            "capacity_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class RosterColumn(Base):
    """What an organisation said of a header in its lists, so that it need not say it again.

    ``header`` is the key of `headers.keys_of`; ``meaning`` is "person.nip", "coach.name", or ""
    for a column that is not used.
    """

    __tablename__ = "roster_column"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE")
    )
    header: Mapped[str] = mapped_column(sa.String(200))
    meaning: Mapped[str] = mapped_column(sa.String(40))

    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "header"),
        length("header", 200),
        length("meaning", 40),
    )


class RosterImport(Base):
    """An uploaded roster and what was found in it, before and after it was applied.

    ``reading`` says which columns were read as what. ``state`` goes from *checked* over *waiting*,
    *reading* and *writing* (the worker's steps) to *applied*, and from there to *undone*; where
    nothing was imported it goes back to *checked*, and ``outcome`` says why. ``undo`` is what the
    import wrote, kept for taking it back.
    """

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cohort.id", ondelete="CASCADE"), index=True
    )
    blob_id: Mapped[int] = mapped_column(sa.ForeignKey("blob.id", ondelete="RESTRICT"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(255))
    uploaded_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL")
    )
    uploaded_at: Mapped[datetime]
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verdicts: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(sa.String(10), default="checked")
    outcome: Mapped[str] = mapped_column(sa.String(20), default="")
    applied_at: Mapped[datetime | None]
    undo: Mapped[dict[str, Any] | None]
    undone_at: Mapped[datetime | None]

    blob: Mapped[Blob] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('checked', 'waiting', 'reading', 'writing', 'applied', 'undone')",
            name="state_known",
        ),
        length("outcome", 20),
    )


class Announcement(Base):
    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cohort.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    published_at: Mapped[datetime]

    author: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (length("title", 200), length("body", 20000))
