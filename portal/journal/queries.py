"""Every select on the record and the sightings."""

import sqlalchemy as sa

from portal.database import db
from portal.journal.models import JournalEntry


def entries_about_account(person_id: int, *, limit: int) -> list[JournalEntry]:
    """What happened to a person's account, and what they did with it, newest first."""
    return list(
        db.session.scalars(
            sa.select(JournalEntry)
            .where(
                JournalEntry.verb.startswith("people."),
                sa.or_(
                    JournalEntry.person_id == person_id,
                    sa.and_(JournalEntry.subject == "person", JournalEntry.subject_id == person_id),
                ),
            )
            .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
            .limit(limit)
        )
    )
