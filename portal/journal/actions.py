"""Writing to the append-only record."""

from flask import has_request_context, request

from portal import clock
from portal.database import Base, db
from portal.journal.models import JournalEntry


def record(
    verb: str,
    subject: Base | None = None,
    *,
    by: int | None,
    cohort_id: int | None = None,
    organisation_id: int | None = None,
    **details,
) -> None:
    """Note, in the same transaction, that person ``by`` did ``verb`` to a row.

    ``details`` are plain values (numbers, short texts, lists of them) and hold no secrets.
    """
    db.session.flush()
    db.session.add(
        JournalEntry(
            at=clock.now(),
            person_id=by,
            verb=verb,
            subject=subject.__tablename__ if subject is not None else "",
            subject_id=getattr(subject, "id", None),
            cohort_id=cohort_id,
            organisation_id=organisation_id,
            address=(request.remote_addr or "")[:64] if has_request_context() else "",
            details=details,
        )
    )
