"""What is known of the preview of a stored file."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, length

MOST_HTML = 1_000_000
MOST_TEXT = 20_000


class Preview(Base):
    """The preview of one file: asked for, then made page by page, then done or failed.

    ``pages`` is how many pages the file has, ``ready`` how many have their picture. A failed
    preview keeps the pages it came to; ``problem`` says why there are no more.
    """

    __tablename__ = "preview"

    id: Mapped[int] = mapped_column(primary_key=True)
    blob_id: Mapped[int] = mapped_column(sa.ForeignKey("blob.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(sa.String(8), default="waiting")
    problem: Mapped[str | None] = mapped_column(sa.String(12))
    pages: Mapped[int | None]
    ready: Mapped[int] = mapped_column(default=0)
    html: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[datetime]

    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state_known"),
        sa.CheckConstraint(
            "problem IN ('encrypted', 'broken', 'too_heavy', 'too_long')", name="problem_known"
        ),
        sa.CheckConstraint("state <> 'failed' OR problem IS NOT NULL", name="failed_why"),
        length("html", MOST_HTML),
    )


class PreviewPage(Base):
    """One page of a PDF whose picture is there, with its size in pixels and its words."""

    __tablename__ = "preview_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    preview_id: Mapped[int] = mapped_column(sa.ForeignKey("preview.id", ondelete="CASCADE"))
    number: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text, default="")

    __table_args__ = (
        sa.UniqueConstraint("preview_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        length("text", MOST_TEXT),
    )
