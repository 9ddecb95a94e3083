"""Releasing a review: it reaches the participant at one stored moment, as it was previewed."""

from collections.abc import Sequence
from datetime import datetime

from portal import clock
from portal.database import action, db
from portal.journal.actions import record
from portal.notices.actions import tell
from portal.reviews import claims, copies
from portal.reviews.actions import present_of
from portal.reviews.basis import Basis, require
from portal.reviews.desks import Desk, Handed
from portal.reviews.models import Review
from portal.reviews.queries import Present
from portal.reviews.rules import Lack, mark_of, missing_before_release
from portal.reviews.sheets import Sheet
from portal.rubrics.rules import Criterion
from portal.submissions.models import Submission
from portal.texts import Refused, lazy


@action
def release(
    desk: Desk, mentor_id: int, criteria: Sequence[Criterion], *, seen: Basis, path: str
) -> Review:
    """Let the review reach the participant, as it was previewed, and tell them.

    ``seen`` is what the preview showed, ``path`` the page the notice leads to. Pressing twice
    releases once.
    """
    present = present_of(desk.submission.id, hold=True)
    last = present.last_released
    if last is not None and (last.number, last.revision) == (seen.number, seen.revision):
        return last
    review = ready(desk, present, criteria, seen)
    write_release(desk, review, present.sheet, criteria, mentor_id, at=clock.now())
    copies.ask_for(review, present.sheet)
    tell_release(review, desk.submission, desk.assignment.title, path)
    return review


def ready(
    desk: Desk, present: Present[Review], criteria: Sequence[Criterion], seen: Basis
) -> Review:
    """The held review draft, when it is whole and as it was previewed; else Refused."""
    require(desk, present, seen)
    if present.draft is None:
        raise Refused(lazy("Nothing waits to be released here."), conflict=True)
    missing = missing_for(desk, present.sheet, criteria)
    if missing:
        raise Refused(" ".join(one.sentence for one in missing))
    return present.draft


def write_release(
    desk: Desk,
    review: Review,
    sheet: Sheet,
    criteria: Sequence[Criterion],
    mentor_id: int,
    *,
    at: datetime,
    release_set_id: int | None = None,
) -> None:
    """Note of a held review that it reaches the participant at this moment; its claim ends."""
    mark = mark_of(criteria, sheet.judgements) if desk.is_marked else None
    review.mark = mark.rounded if mark else None
    if sheet.decision != "revise":
        review.revise_by = None
    review.released_at, review.released_by_id = at, mentor_id
    review.release_set_id = release_set_id
    db.session.flush()
    claims.end(desk.submission.id)
    record(
        "reviews.release",
        review,
        by=mentor_id,
        cohort_id=desk.submission.cohort_id,
        submission_id=desk.submission.id,
        submission_number=desk.submission.number,
        review_number=review.number,
        decision=review.decision,
        mark=str(review.mark) if review.mark is not None else None,
        visible_from=at.isoformat(),
    )


def tell_release(review: Review, submission: Submission | Handed, title: str, path: str) -> None:
    """Tell the participant of feedback that has reached them, once."""
    tell(
        submission.person_id,
        "feedback_released",
        f"review:{review.id}",
        path,
        assignment=title,
        number=submission.number,
        decision=review.decision,
        is_correction=review.number > 1,
    )


def missing_for(desk: Desk, sheet: Sheet, criteria: Sequence[Criterion]) -> list[Lack]:
    """What this review still lacks before it may be released."""
    return missing_before_release(
        decision=sheet.decision,
        revise_by=sheet.revise_by,
        says_something=sheet.says_something,
        criteria=criteria if desk.is_marked else (),
        judgements=sheet.judgements,
        now=clock.now(),
    )
