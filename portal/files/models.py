"""Stored files. Names, owners and purposes live with whoever refers to a blob."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Stored(NamedTuple):
    """A row of ``Blob``, as much of it as says what it is and where it lies."""

    id: int
    sha256: str
    media_type: str


class Blob(Base):
    """Bytes on disk, known by their SHA-256. A row never exists without its bytes."""

    __tablename__ = "blob"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(120))
    stored_at: Mapped[datetime]

    __table_args__ = (sa.CheckConstraint("size >= 0", name="size_positive"),)
