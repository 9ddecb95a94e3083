"""Drafts that may change, submission versions that never do, and the receipts for them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.assignments.models import Assignment
from portal.cohorts.models import Cohort
from portal.database import Base, length
from portal.files.models import Blob
from portal.people.models import Person
from portal.rubrics.models import RubricVersion

MOST_CHARACTERS = 200_000


class Draft(Base):
    """What a participant is working on for one assignment. ``revision`` grows with each save.

    ``page_key`` names the open page that saved last and ``page_revision`` what that save was based
    on: a page whose answer got lost is known when it saves again, and is no stranger.
    """

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id", ondelete="RESTRICT"))
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True
    )
    text: Mapped[str] = mapped_column(sa.Text, default="")
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    hand_in_key: Mapped[str] = mapped_column(sa.String(43))
    page_key: Mapped[str] = mapped_column(sa.String(43), default="")
    page_revision: Mapped[int] = mapped_column(default=-1)

    files: Mapped[list["DraftFile"]] = relationship(lazy="raise", order_by="DraftFile.id")
    copies: Mapped[list["DraftCopy"]] = relationship(lazy="raise", order_by="DraftCopy.id")

    __table_args__ = (sa.UniqueConstraint("cohort_id", "assignment_id", "person_id"),)


class DraftCopy(Base):
    """The other text of a collision (two tabs, a phone and a PC), kept beside the draft.

    A settled copy was put aside by the person, or is what a chosen text replaced.
    """

    __tablename__ = "draft_copy"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("draft.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    based_on: Mapped[int]
    kept_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class DraftFile(Base):
    __tablename__ = "draft_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("draft.id", ondelete="CASCADE"), index=True)
    blob_id: Mapped[int] = mapped_column(sa.ForeignKey("blob.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    added_at: Mapped[datetime]

    blob: Mapped[Blob] = relationship(lazy="raise")


class Submission(Base):
    """One submission version: immutable, numbered per participant and assignment.

    ``receipt_code`` opens the public check page. ``deadline`` holds the effective deadline and
    its reason as decided when the work arrived. ``punctuality`` is in_time, grace or late.
    """

    __tablename__ = "submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id", ondelete="RESTRICT"))
    assignment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="RESTRICT"), index=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True
    )
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text, default="")
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    hand_in_key: Mapped[str] = mapped_column(sa.String(43), unique=True)
    receipt_code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    received_at: Mapped[datetime]
    draft_changed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    deadline: Mapped[dict[str, Any]]
    punctuality: Mapped[str] = mapped_column(sa.String(8))
    feedback_by: Mapped[datetime]
    rubric_version_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("rubric_version.id", ondelete="RESTRICT")
    )

    cohort: Mapped[Cohort] = relationship(lazy="raise")
    assignment: Mapped[Assignment] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
    rubric_version: Mapped[RubricVersion | None] = relationship(lazy="raise")
    files: Mapped[list["SubmissionFile"]] = relationship(
        lazy="raise", order_by="SubmissionFile.position"
    )

    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "assignment_id", "person_id", "number"),
        sa.Index("ix_submission_feedback_by_id", "feedback_by", "id"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("punctuality IN ('in_time', 'grace', 'late')", name="punctuality_known"),
        length("text", MOST_CHARACTERS),
    )


class SubmissionFile(Base):
    """A file of a submission version, with the hash computed by reading the stored bytes back."""

    __tablename__ = "submission_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        sa.ForeignKey("submission.id", ondelete="CASCADE"), index=True
    )
    blob_id: Mapped[int] = mapped_column(sa.ForeignKey("blob.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(255))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64))

    blob: Mapped[Blob] = relationship(lazy="raise")
