"""What the worker does for reviews."""

from portal.jobs.handlers import Handlers
from portal.jobs.worker import end_transaction
from portal.reviews import copies

handlers = Handlers()


@handlers.on(copies.JOB, most_tries=3)
def mark_copy(marked_copy_id: int) -> None:
    """Make a marked-up copy. Done twice it does no harm."""
    work = copies.work_for(marked_copy_id)
    if work is None:
        return
    end_transaction()
    problem = copies.make(*work)
    copies.finish(marked_copy_id, problem)
