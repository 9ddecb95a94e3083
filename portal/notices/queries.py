"""Every select on notices."""

from typing import Any

import sqlalchemy as sa

from portal.database import db
from portal.notices.models import Notice


def leads_to(path: Any) -> sa.ColumnElement[bool]:
    """Whether a notice leads to this page, or to a place on it."""
    typed = sa.type_coerce(path, sa.String)
    before_place = sa.func.substr(Notice.path, 1, sa.func.length(typed) + 1)
    return sa.or_(Notice.path == typed, before_place == typed + "#")


def notices_of(person_id: int, *, limit: int, offset: int = 0) -> list[Notice]:
    """The person's notices, newest first."""
    return list(
        db.session.scalars(
            sa.select(Notice)
            .where(Notice.person_id == person_id)
            .order_by(Notice.created_at.desc(), Notice.id.desc())
            .limit(limit)
            .offset(offset)
        )
    )


def notices_count(person_id: int) -> int:
    return (
        db.session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.person_id == person_id))
        or 0
    )
