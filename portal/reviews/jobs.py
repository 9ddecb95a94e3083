"""What the worker does for reviews."""

from portal.jobs.handlers import Handlers
from portal.jobs.worker import end_transaction
from portal.reviews import copies, sets
from portal.reviews.records import sheets_of
from portal.reviews.releasing import tell_release

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


@handlers.on(sets.TELL)
def tell_of_release(review_id: int, release_set_id: int, path: str) -> None:
    """Tell of feedback whose moment has come; of what was taken back nobody is told."""
    review = sets.review_to_tell(review_id, release_set_id)
    if review is None:
        return
    tell_release(review, review.submission, review.submission.assignment.title, path)
    if not copies.copies_of(review.id):
        copies.ask_for(review, sheets_of([review])[review.id][0])
