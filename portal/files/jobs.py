"""What happens to stored files at intervals."""

from datetime import timedelta

from portal.files import queries, storage
from portal.jobs.handlers import Handlers
from portal.jobs.worker import end_transaction
from portal.texts import lazy

handlers = Handlers()


@handlers.every(
    timedelta(days=1),
    "files.sweep",
    label=lazy("Clearing files of nobody"),
    offset=timedelta(hours=19, minutes=30),
)
def sweep() -> None:
    """Each night (02:30 WIB) bytes that no row has named for a day are deleted."""
    known = queries.all_hashes()
    end_transaction()  # walking the disk is slow
    storage.sweep(known)
