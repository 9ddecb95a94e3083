"""Rows that name bytes."""

from collections.abc import Collection
from typing import IO

from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql
from portal.files import kinds, queries, storage
from portal.files.models import Blob
from portal.files.names import display_name
from portal.files.storage import Kept
from portal.texts import Refused, _


@action
def blob_of(kept: Kept, kind: kinds.Kind) -> Blob:
    """The row for kept bytes; the same bytes have one row, whoever sent them."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    new = db.session.scalar(
        insert(Blob)
        .values(
            sha256=kept.sha256, size=kept.size, media_type=kind.media_type, stored_at=clock.now()
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
        .returning(Blob)
    )
    blob = new or queries.blob_with_hash(kept.sha256)
    assert blob is not None
    return blob


def keep_accepted(
    stream: IO[bytes], name: str, allowed: Collection[str] = kinds.WORK, at_most: int | None = None
) -> tuple[Kept, kinds.Kind]:
    """Bytes kept on the disk and their kind, or Refused. Touches no database."""
    try:
        kept = storage.keep(stream, at_most=at_most)
    except storage.TooLarge as error:
        assert at_most is not None
        raise Refused(
            _("This file is larger than %(most)s MB.", most=f"{at_most / 2**20:.0f}")
        ) from error
    return kept, kinds.accepted(kept, display_name(name), allowed)


def store(
    stream: IO[bytes], name: str, allowed: Collection[str] = kinds.WORK, at_most: int | None = None
) -> Blob:
    """Keep a file and name it; Refused with a sentence when it may not be kept.

    Call it first in a view: the bytes go to disk before the transaction takes any lock.
    """
    kept, kind = keep_accepted(stream, name, allowed, at_most)
    return blob_of(kept, kind)
