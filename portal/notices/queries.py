"""Every select on notices."""

import sqlalchemy as sa

from portal.database import db
from portal.notices.models import Notice


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
