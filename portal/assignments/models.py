"""Off-class assignments: the brief, each cohort's schedule, and extensions of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cohorts.models import Capacity
from portal.courses.models import Course, Module
from portal.database import Base, Hundredths, length
from portal.outages.models import Outage
from portal.people.models import Person
from portal.rubrics.models import Rubric, RubricVersion


class Assignment(Base):
    """What participants hand in. Offsets count from a cohort's first day, in working days.

    Assignments of a course with the same ``thread`` carry open action items on, in their order.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"))
    module_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("module.id", ondelete="SET NULL"), index=True
    )
    rubric_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("rubric.id", ondelete="RESTRICT"), index=True
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    thread: Mapped[str] = mapped_column(sa.String(60), default="")
    brief: Mapped[str] = mapped_column(sa.Text, default="")
    html: Mapped[str] = mapped_column(sa.Text, default="")
    accepts_text: Mapped[bool] = mapped_column(default=True)
    accepts_files: Mapped[bool] = mapped_column(default=True)
    max_characters: Mapped[int] = mapped_column(default=20000)
    max_files: Mapped[int] = mapped_column(default=5)
    max_file_bytes: Mapped[int] = mapped_column(sa.BigInteger, default=10 * 1024 * 1024)
    file_types: Mapped[list[Any]] = mapped_column(default=list)
    opens_offset: Mapped[int] = mapped_column(default=0)
    due_offset: Mapped[int] = mapped_column(default=14)
    closes_offset: Mapped[int] = mapped_column(default=21)
    feedback_days: Mapped[int] = mapped_column(default=5)
    grace_seconds: Mapped[int] = mapped_column(default=120)
    weight: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    source_path: Mapped[str | None] = mapped_column(sa.String(500))
    source_hash: Mapped[str | None] = mapped_column(sa.String(64))
    edited_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    hidden_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship(lazy="raise")
    module: Mapped[Module | None] = relationship(lazy="raise")
    rubric: Mapped[Rubric | None] = relationship(lazy="raise")
    reviewers: Mapped[list["AssignmentCapacity"]] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("course_id", "source_path"),
        sa.Index("ix_assignment_course_id_position", "course_id", "position"),
        sa.CheckConstraint("accepts_text OR accepts_files", name="accepts_something"),
        sa.CheckConstraint(
            "opens_offset <= due_offset AND due_offset <= closes_offset", name="offsets_in_order"
        ),
        sa.CheckConstraint("max_characters BETWEEN 1 AND 200000", name="max_characters_range"),
        sa.CheckConstraint("max_files BETWEEN 1 AND 50", name="max_files_range"),
        length("title", 200),
        length("thread", 60),
    )


class AssignmentCapacity(Base):
    """Which capacity may review an assignment, and which may also mark it."""

    __tablename__ = "assignment_capacity"

    assignment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True
    )
    capacity_id: Mapped[int] = mapped_column(
        sa.ForeignKey("capacity.id", ondelete="RESTRICT"), primary_key=True
    )
    may_mark: Mapped[bool] = mapped_column(default=False)

    capacity: Mapped[Capacity] = relationship(lazy="raise")


class Schedule(Base):
    """When an assignment opens, is due and closes for one cohort, and when feedback is promised.

    ``rubric_version_id`` pins the rubric version by which this cohort's work is judged.
    """

    __tablename__ = "schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id", ondelete="CASCADE"))
    assignment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="RESTRICT"), index=True
    )
    opens_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    feedback_days: Mapped[int] = mapped_column(default=5)
    rubric_version_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("rubric_version.id", ondelete="RESTRICT")
    )
    revision: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship(lazy="raise")
    rubric_version: Mapped[RubricVersion | None] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "assignment_id"),
        sa.CheckConstraint("opens_at <= due_at AND due_at <= closes_at", name="dates_in_order"),
    )


class Extension(Base):
    """More time for one participant, or for the whole cohort when it names nobody.

    Without a ``due_at`` it is an exemption: nothing is due from them. One that is taken back stays,
    with the moment of it.
    """

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(
        sa.ForeignKey("schedule.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True
    )
    due_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.String(1000))
    given_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT")
    )

    given_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[given_by_id])
    withdrawn_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[withdrawn_by_id])
    schedule: Mapped[Schedule] = relationship(lazy="raise")

    __table_args__ = (
        length("reason", 1000),
        *(
            sa.Index(
                name,
                "schedule_id",
                *columns,
                unique=True,
                sqlite_where=sa.text(one_holds),
                postgresql_where=sa.text(one_holds),
            )
            for name, columns, one_holds in (
                (
                    "uq_extension_exempt",
                    ["person_id"],
                    "due_at IS NULL AND withdrawn_at IS NULL",
                ),
                (
                    "uq_extension_everybody_exempt",
                    [],
                    "due_at IS NULL AND withdrawn_at IS NULL AND person_id IS NULL",
                ),
            )
        ),
    )

    @property
    def is_exemption(self) -> bool:
        return self.due_at is None


class ExtensionRequest(Base):
    """A participant asks for more time; a mentor or administrator answers."""

    __tablename__ = "extension_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(
        sa.ForeignKey("schedule.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True
    )
    reason: Mapped[str] = mapped_column(sa.String(1000))
    wanted_until: Mapped[datetime]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(sa.String(1000))
    answered_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT")
    )
    answered_at: Mapped[datetime | None]
    extension_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("extension.id", ondelete="SET NULL")
    )

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[answered_by_id])
    schedule: Mapped[Schedule] = relationship(lazy="raise")
    extension: Mapped[Extension | None] = relationship(lazy="raise")

    __table_args__ = (
        length("reason", 1000),
        sa.Index(
            "uq_extension_request_open",
            "schedule_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
    )


class OutageDecision(Base):
    """What an administrator decided about an outage shortly before an assignment was due."""

    __tablename__ = "outage_decision"

    schedule_id: Mapped[int] = mapped_column(
        sa.ForeignKey("schedule.id", ondelete="CASCADE"), primary_key=True
    )
    outage_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Outage.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    decided_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime]
    is_given: Mapped[bool]
