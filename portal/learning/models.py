"""What a participant has read."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class LessonCompletion(Base):
    """A participant marked a lesson as done in a cohort."""

    __tablename__ = "lesson_completion"

    cohort_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cohort.id", ondelete="RESTRICT"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True
    )
    lesson_id: Mapped[int] = mapped_column(
        sa.ForeignKey("lesson.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    done_at: Mapped[datetime]
