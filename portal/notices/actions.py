"""Telling people things in the portal, each of them once."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql
from portal.notices.models import Notice


@action
def tell(person_id: int, kind: str, key: str, path: str, **values) -> None:
    """Tell one person of one event. The same ``key`` again tells nothing.

    ``kind`` names the sentence in templates/notices/_sentence.html that ``values`` fill; ``path``
    is the page the notice leads to.
    """
    insert = (postgresql if is_postgresql() else sqlite).insert(Notice)
    db.session.execute(
        insert.values(
            person_id=person_id,
            kind=kind,
            key=key,
            path=path,
            values=values,
            created_at=clock.now(),
        ).on_conflict_do_nothing(index_elements=["person_id", "key"])
    )


@action
def mark_read(person_id: int, notice_ids: list[int] | None = None) -> None:
    """Note that the person has read these notices, or all of theirs."""
    statement = (
        sa.update(Notice)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    db.session.execute(statement)
