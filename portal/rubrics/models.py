"""Rubrics: what a piece of work is judged by. A rubric version never changes once it is in use."""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Hundredths, length


class Rubric(Base):
    """A rubric of a course. Its text lives in its versions; the newest serves later work."""

    __tablename__ = "rubric"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(100))
    title: Mapped[str] = mapped_column(sa.String(200))
    source_hash: Mapped[str | None] = mapped_column(sa.String(64))
    edited_at: Mapped[datetime | None]

    versions: Mapped[list["RubricVersion"]] = relationship(
        lazy="raise", order_by="RubricVersion.number"
    )

    __table_args__ = (sa.UniqueConstraint("course_id", "key"), length("title", 200))


class RubricVersion(Base):
    __tablename__ = "rubric_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    rubric_id: Mapped[int] = mapped_column(sa.ForeignKey("rubric.id", ondelete="CASCADE"))
    number: Mapped[int]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL")
    )

    rubric: Mapped[Rubric] = relationship(lazy="raise", back_populates="versions")
    criteria: Mapped[list["Criterion"]] = relationship(lazy="raise", order_by="Criterion.position")

    __table_args__ = (sa.UniqueConstraint("rubric_id", "number"),)


class Criterion(Base):
    """One thing that is judged. Weights of a rubric version sum to 100.00."""

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    rubric_version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("rubric_version.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    weight: Mapped[Decimal] = mapped_column(Hundredths)

    levels: Mapped[list["Level"]] = relationship(lazy="raise", order_by="Level.position")

    __table_args__ = (
        sa.UniqueConstraint("rubric_version_id", "position"),
        sa.CheckConstraint("weight > 0 AND weight <= 10000", name="weight_range"),
    )


class Level(Base):
    """A grade of quality, best first. One number when ``lowest`` is ``highest``."""

    __tablename__ = "level"

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criterion.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    lowest: Mapped[Decimal] = mapped_column(Hundredths)
    highest: Mapped[Decimal] = mapped_column(Hundredths)

    __table_args__ = (
        sa.UniqueConstraint("criterion_id", "position"),
        sa.CheckConstraint(
            "lowest >= 0 AND lowest <= highest AND highest <= 10000", name="range_right"
        ),
    )
