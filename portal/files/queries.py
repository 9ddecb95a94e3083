"""Every select on blobs."""

import sqlalchemy as sa

from portal.database import db
from portal.files.models import Blob
from portal.selects import prepared


def blob_with_hash(sha256: str) -> Blob | None:
    """The blob of these bytes, if any row names them."""
    return db.session.scalar(*_with_hash(sha256=sha256))


@prepared
def _with_hash(sha256):
    return sa.select(Blob).where(Blob.sha256 == sha256)


def all_hashes() -> set[str]:
    """The hashes of all blobs."""
    return set(db.session.scalars(sa.select(Blob.sha256)))
