"""The comment bank: remarks that mentors keep to write again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cohorts.models import Organisation
from portal.database import Base, length
from portal.people.models import Person

MOST_TEXT = 2_000
MOST_SNIPPETS = 200


class Snippet(Base):
    """A remark kept to be written again: one mentor's own, or shared by an organisation.

    ``criterion`` and ``level`` are the titles it was kept under, so that it is found again in
    later rubric versions; both may be empty. ``uses`` counts how often it was put into a remark.
    """

    __tablename__ = "snippet"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(sa.Text)
    criterion: Mapped[str] = mapped_column(sa.String(200), default="")
    level: Mapped[str] = mapped_column(sa.String(200), default="")
    uses: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    owner: Mapped[Person | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    __table_args__ = (
        sa.CheckConstraint(
            "(owner_id IS NULL AND organisation_id IS NOT NULL)"
            " OR (owner_id IS NOT NULL AND organisation_id IS NULL)",
            name="belongs_to_one",
        ),
        sa.CheckConstraint("uses >= 0", name="uses_counted"),
        length("text", MOST_TEXT),
        length("criterion", 200),
        length("level", 200),
    )
