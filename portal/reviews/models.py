"""Reviews of submission versions: marks, remarks, action items, decisions, and the dialogue.

A review is a review draft until the moment ``released_at``, which may lie some minutes ahead when
it goes out with a set. A released review never changes; a correction is the next review of the
same submission version.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.database import Base, Hundredths, length
from portal.people.models import Person
from portal.rubrics.models import Criterion, Level
from portal.submissions.models import Submission, SubmissionFile

MOST_REMARK = 10_000
MOST_PLACED = 2_000
MOST_FEEDBACK = 50_000


class Review(Base):
    """The shared judgement of a participant's mentors on one submission version."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id", ondelete="RESTRICT"))
    number: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0)
    feedback: Mapped[str] = mapped_column(sa.Text, default="")
    feedback_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT")
    )
    decision: Mapped[str | None] = mapped_column(sa.String(8))
    #: the date as typed while the review is a draft; on release only when the decision is revise
    revise_by: Mapped[datetime | None]
    mark: Mapped[Decimal | None] = mapped_column(Hundredths)
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    released_at: Mapped[datetime | None] = mapped_column(index=True)
    released_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT")
    )
    release_set_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("release_set.id", ondelete="RESTRICT"), index=True
    )

    submission: Mapped[Submission] = relationship(lazy="raise")
    feedback_author: Mapped[Person | None] = relationship(
        lazy="raise", foreign_keys=[feedback_by_id]
    )
    released_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[released_by_id])
    judgements: Mapped[list["Judgement"]] = relationship(lazy="raise", order_by="Judgement.id")
    action_items: Mapped[list["ActionItem"]] = relationship(lazy="raise", order_by="ActionItem.id")

    __table_args__ = (
        sa.UniqueConstraint("submission_id", "number"),
        sa.Index(
            "uq_review_draft",
            "submission_id",
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
        sa.CheckConstraint("decision IN ('accepted', 'revise')", name="decision_known"),
        sa.CheckConstraint("mark IS NULL OR mark BETWEEN 0 AND 10000", name="mark_range"),
        sa.CheckConstraint("released_at IS NULL OR decision IS NOT NULL", name="release_decided"),
        length("feedback", MOST_FEEDBACK),
    )

    def is_released_at(self, now: datetime) -> bool:
        """Whether it has reached the participant: ``queries.released`` of a loaded row."""
        return self.released_at is not None and self.released_at <= now

    @property
    def is_on_its_way(self) -> bool:
        """Whether it was released with a set whose moment has not come: nobody sees it yet."""
        return self.released_at is not None and not self.is_released_at(clock.now())


class ReleaseSet(Base):
    """Reviews that one mentor released together. Until ``due_at`` nobody sees them, and they can
    be taken back; what was taken back names the set no longer."""

    __tablename__ = "release_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True
    )
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]


class Judgement(Base):
    """What a review says on one criterion: the level, the number, and a remark with its author."""

    __tablename__ = "judgement"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criterion.id", ondelete="RESTRICT"))
    level_id: Mapped[int | None] = mapped_column(sa.ForeignKey("level.id", ondelete="RESTRICT"))
    value: Mapped[Decimal | None] = mapped_column(Hundredths)
    marked_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT")
    )

    criterion: Mapped[Criterion] = relationship(lazy="raise")
    level: Mapped[Level | None] = relationship(lazy="raise")
    marked_by: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("review_id", "criterion_id"),
        sa.CheckConstraint("value IS NULL OR value BETWEEN 0 AND 10000", name="value_range"),
    )


class Remark(Base):
    """A mentor's remark on one criterion of a review. Each mentor has their own."""

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(
        sa.ForeignKey("review.id", ondelete="CASCADE"), index=True
    )
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criterion.id", ondelete="RESTRICT"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    text: Mapped[str] = mapped_column(sa.Text)
    written_at: Mapped[datetime]

    author: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("review_id", "criterion_id", "author_id"),
        length("text", MOST_REMARK),
    )


class PlacedRemark(Base):
    """A mentor's remark on a place in the work: a passage of its text or of a document (then with
    its file), or a spot in a file.

    ``key`` is its name through all saves and corrections; if it is an action item as well, that is
    the item's ``thread``. See ``places`` for what the numbers of its place mean.
    """

    __tablename__ = "placed_remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(22))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    text: Mapped[str] = mapped_column(sa.String(MOST_PLACED))
    written_at: Mapped[datetime]
    start: Mapped[int | None]
    stop: Mapped[int | None]
    quote: Mapped[str] = mapped_column(sa.String(500), default="")
    paragraph: Mapped[int | None]
    submission_file_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("submission_file.id", ondelete="RESTRICT")
    )
    page: Mapped[int | None]
    x: Mapped[int | None]
    y: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]

    author: Mapped[Person] = relationship(lazy="raise")
    file: Mapped[SubmissionFile | None] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("review_id", "key"),
        sa.CheckConstraint(
            "(start IS NULL AND submission_file_id IS NOT NULL)"
            " OR (start IS NOT NULL AND page IS NULL)",
            name="place_of_one_kind",
        ),
        sa.CheckConstraint("start IS NULL OR start BETWEEN 0 AND stop", name="passage_forwards"),
        sa.CheckConstraint(
            "x IS NULL OR (page IS NOT NULL AND x >= 0 AND y >= 0 AND width > 0 AND height > 0"
            " AND x + width <= 10000 AND y + height <= 10000)",
            name="area_on_page",
        ),
        length("text", MOST_PLACED),
        length("quote", 500),
    )


class MarkedCopy(Base):
    """A copy of a PDF with the remarks of a released review on it, made by the worker.

    Its bytes lie beside the previews: they can be made again at any time, and are in no backup.
    """

    __tablename__ = "marked_copy"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id", ondelete="CASCADE"))
    submission_file_id: Mapped[int] = mapped_column(
        sa.ForeignKey("submission_file.id", ondelete="RESTRICT")
    )
    state: Mapped[str] = mapped_column(sa.String(8), default="waiting")
    problem: Mapped[str | None] = mapped_column(sa.String(12))
    asked_at: Mapped[datetime]

    file: Mapped[SubmissionFile] = relationship(lazy="raise")

    __table_args__ = (
        sa.UniqueConstraint("review_id", "submission_file_id"),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state_known"),
        sa.CheckConstraint("problem IN ('encrypted', 'broken', 'too_heavy')", name="problem_known"),
        sa.CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name="failed_why"),
    )


class ActionItem(Base):
    """Something the participant is asked to do, by a day. ``thread`` joins corrected copies.

    One that a placed remark was made into has the remark's key as its thread, and its words.
    """

    __tablename__ = "action_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(
        sa.ForeignKey("review.id", ondelete="CASCADE"), index=True
    )
    thread: Mapped[str] = mapped_column(sa.String(22), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    text: Mapped[str] = mapped_column(sa.String(MOST_PLACED))
    due_on: Mapped[date | None]

    author: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (length("text", MOST_PLACED),)


class ActionItemStep(Base):
    """What became of an action item: done by the participant, confirmed or reopened by a mentor."""

    __tablename__ = "action_item_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    thread: Mapped[str] = mapped_column(sa.String(22), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    state: Mapped[str] = mapped_column(sa.String(10))
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint("state IN ('done', 'confirmed', 'reopened')", name="state_known"),
        length("note", 1000),
    )


class ReviewSave(Base):
    """Each save of a review, whole: the history from which no value ever disappears.

    ``revision`` is what the save made of the review. It is empty for a save that was not taken
    over because somebody else had been faster: ``based_on`` is then older than what they made.
    ``page_key`` names the open page it came from.
    """

    __tablename__ = "review_save"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("review.id", ondelete="CASCADE"))
    based_on: Mapped[int]
    revision: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    page_key: Mapped[str] = mapped_column(sa.String(22), default="")
    at: Mapped[datetime]
    content: Mapped[dict[str, Any]]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (sa.UniqueConstraint("review_id", "revision"),)


class Claim(Base):
    """Who is at work on a submission version, so that two mentors do not begin the same. It is a
    lease: it ends by itself at ``until``, and nothing but its holder's work makes it longer."""

    __tablename__ = "claim"

    submission_id: Mapped[int] = mapped_column(
        sa.ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    since: Mapped[datetime]
    until: Mapped[datetime]


class HandOver(Base):
    """A submission version that one mentor left to another who may review it, too. It ends when
    it is taken back or handed on; what it means while it lasts is ``queries.is_left_to_another``.
    """

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id", ondelete="RESTRICT"))
    from_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("from_id <> to_id", name="to_another"),
        sa.Index(
            "uq_hand_over_open",
            "from_id",
            "submission_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class QueueFilter(Base):
    """What a mentor chose to see of their queue; without a row they see all of it."""

    __tablename__ = "queue_filter"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("assignment.id", ondelete="CASCADE")
    )
    state: Mapped[str | None] = mapped_column(sa.String(8))

    __table_args__ = (
        sa.CheckConstraint("state IN ('new', 'revised', 'soon', 'overdue')", name="state_known"),
    )


class Archive(Base):
    """Submission versions that a mentor downloaded together, so that the next archive may hold
    only what is new since."""

    __tablename__ = "archive"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime]


class ArchiveEntry(Base):
    """One submission version in an archive."""

    __tablename__ = "archive_entry"

    archive_id: Mapped[int] = mapped_column(
        sa.ForeignKey("archive.id", ondelete="CASCADE"), primary_key=True
    )
    submission_id: Mapped[int] = mapped_column(
        sa.ForeignKey("submission.id", ondelete="RESTRICT"), primary_key=True, index=True
    )


class Message(Base):
    """A line of the dialogue between a participant and their mentors on one assignment."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id", ondelete="RESTRICT"))
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id", ondelete="RESTRICT"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    key: Mapped[str] = mapped_column(sa.String(43), unique=True)
    text: Mapped[str] = mapped_column(sa.Text)
    sent_at: Mapped[datetime]

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])

    __table_args__ = (
        sa.Index("ix_message_dialogue", "cohort_id", "assignment_id", "participant_id"),
        length("text", MOST_REMARK),
    )
