"""What changes reviews: saving a review draft. Releasing it stands in ``releasing``."""

import re
import secrets
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import action, db, is_postgresql, locked
from portal.reviews.basis import Basis, require
from portal.reviews.desks import Desk
from portal.reviews.models import ActionItem, Review, ReviewSave
from portal.reviews.queries import Present, present_among, sheet_at
from portal.reviews.records import sheets_of
from portal.reviews.sheets import EMPTY, Sheet, Typed, applied, normal, to_content
from portal.reviews.writing import write
from portal.submissions.models import Submission
from portal.texts import Refused, lazy

THREAD = re.compile(r"[A-Za-z0-9_-]{22}")


def new_thread() -> str:
    """A name for a new action item, made when its empty row is shown: saving twice is then once."""
    return secrets.token_urlsafe(16)


def present_of(submission_id: int, *, hold: bool = False) -> Present[Review]:
    """The state of the review. With ``hold`` its rows stay locked until the commit.

    Which is the draft is decided once the rows are held: a release that was faster has then
    happened, whatever the time was when this began to wait for it.
    """
    statement = sa.select(Review).where(Review.submission_id == submission_id)
    statement = statement.order_by(Review.number).execution_options(populate_existing=True)
    reviews = db.session.scalars(locked(statement) if hold else statement).all()
    now = clock.now()
    draft = next((one for one in reviews if not one.is_released_at(now)), None)
    last = next((one for one in reversed(reviews) if one.is_released_at(now)), None)
    sheets = {
        key: one[0] for key, one in sheets_of([one for one in (draft or last,) if one]).items()
    }
    return present_among(draft, last, sheets)


def base_of(present: Present[Review], seen: Basis) -> Sheet | None:
    """The sheet that somebody started from: an earlier revision of a review, or its beginning."""
    for review in (present.draft, present.last_released):
        if review is not None and review.number == seen.number and seen.revision > 0:
            return sheet_at(review.id, seen.revision)
    if seen.number == present.number and seen.revision == 0:
        if present.last_released is None:
            return EMPTY
        return sheets_of([present.last_released])[present.last_released.id][0]
    return None


@action
def save(
    desk: Desk, mentor_id: int, typed: Typed, *, seen: Basis, page_key: str = ""
) -> Present[Review]:
    """Keep what a mentor typed in the shared review draft, which the first save makes.

    Refuses, as a conflict, when ``seen`` is no longer so (``basis.require``); saving the very same
    again changes nothing and is no conflict; nor is a save from the very page (``page_key``) that
    made every save since: its answers got lost on the way.
    """
    if typed.judgements is not None and not desk.may_mark:
        raise Refused(lazy("You may review this work, but in your capacity you do not mark it."))
    present = _present_for_writing(desk, mentor_id, typed)
    typed = _under_own_names(desk, typed, present.sheet, mentor_id)
    wanted = applied(typed, present.sheet, mentor_id)
    if _equal(wanted, present.sheet) and _is_of(present, seen.number):
        return present
    if present.draft is not None and present.draft.is_on_its_way:
        raise Refused(
            lazy("This review is about to be released. Take it back first, then change it."),
            conflict=True,
        )
    is_own = _is_own(present, mentor_id, seen.revision, page_key)
    require(desk, present, seen, is_own=is_own)
    review = present.draft
    assert review is not None
    now = clock.now()
    write(review, wanted, mentor_id)
    review.revision += 1
    review.saved_at = now
    db.session.add(
        ReviewSave(
            review_id=review.id,
            based_on=seen.revision,
            revision=review.revision,
            person_id=mentor_id,
            page_key=page_key,
            at=now,
            content=to_content(wanted),
        )
    )
    db.session.flush()
    return replace(present, revision=review.revision, sheet=wanted)


def _is_own(present: Present[Review], mentor_id: int, based_on: int, page_key: str) -> bool:
    """Whether every save since ``based_on`` came from this mentor's own open page."""
    if based_on == present.revision:
        return True
    if present.draft is None or not page_key or based_on > present.revision:
        return False
    since = db.session.execute(
        sa.select(ReviewSave.person_id, ReviewSave.page_key).where(
            ReviewSave.review_id == present.draft.id, ReviewSave.revision > based_on
        )
    ).all()
    return all(tuple(one) == (mentor_id, page_key) for one in since)


def _present_for_writing(desk: Desk, mentor_id: int, typed: Typed) -> Present[Review]:
    """The present review with its draft held; the draft is made when there is something to keep."""
    present = present_of(desk.submission.id, hold=True)
    if present.draft is not None:
        return present
    if _equal(applied(typed, present.sheet, mentor_id), present.sheet):
        return present
    now = clock.now()
    insert = (postgresql if is_postgresql() else sqlite).insert(Review)
    begun = db.session.scalar(
        insert.values(
            submission_id=desk.submission.id,
            number=present.number,
            revision=0,
            feedback="",
            started_at=now,
            saved_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Review)
    )
    if begun is None:  # somebody began it in between
        return present_of(desk.submission.id, hold=True)
    return replace(present, draft=begun)


def _is_of(present: Present[Review], number: int) -> bool:
    """Whether ``number`` is that of the present review, or of what was released last."""
    last = present.last_released
    return number == present.number or (last is not None and number == last.number)


def _equal(one: Sheet, other: Sheet) -> bool:
    """Whether two sheets say the same, whoever said it."""
    return _unsigned(one) == _unsigned(other)


def _unsigned(sheet: Sheet) -> Sheet:
    plain = normal(sheet)
    return replace(
        plain,
        feedback_by=None,
        judgements={key: replace(one, by=None) for key, one in plain.judgements.items()},
        items=tuple(replace(item, author=None) for item in plain.items),
    )


def _under_own_names(desk: Desk, typed: Typed, sheet: Sheet, mentor_id: int) -> Typed:
    """The action items and placed remarks under names that are theirs: well formed, used once, and
    of nobody else."""
    wanted = [item.thread for item in typed.items] + [one.key for one in typed.placed]
    taken = _names_elsewhere(desk, wanted) if wanted else set()
    taken |= {one.key for one in sheet.placed if one.author != mentor_id}

    def own(name: str) -> str:
        if not THREAD.fullmatch(name) or name in taken:
            name = new_thread()
        taken.add(name)
        return name

    return replace(
        typed,
        items=tuple(replace(item, thread=own(item.thread)) for item in typed.items),
        placed=tuple(replace(one, key=own(one.key)) for one in typed.placed),
    )


def _names_elsewhere(desk: Desk, names: list[str]) -> set[str]:
    """Which of these names are those of action items on other work."""
    return set(
        db.session.scalars(
            sa.select(ActionItem.thread)
            .join(Review, Review.id == ActionItem.review_id)
            .join(Submission, Submission.id == Review.submission_id)
            .where(
                ActionItem.thread.in_(names),
                sa.or_(
                    Submission.cohort_id != desk.submission.cohort_id,
                    Submission.assignment_id != desk.submission.assignment_id,
                    Submission.person_id != desk.submission.person_id,
                ),
            )
        )
    )


@action
def keep_refused(desk: Desk, mentor_id: int, typed: Typed, *, seen: Basis) -> Present[Review]:
    """Keep in the history what could not be taken over, so that closing the page loses nothing."""
    present = present_of(desk.submission.id, hold=True)
    review = present.draft or present.last_released
    mine = mine_of(present, typed, mentor_id, seen)
    content = to_content(mine)
    if review is not None:
        last = db.session.scalar(
            sa.select(ReviewSave)
            .where(ReviewSave.review_id == review.id, ReviewSave.person_id == mentor_id)
            .order_by(ReviewSave.id.desc())
            .limit(1)
        )
        if last is None or last.content != content:
            db.session.add(
                ReviewSave(
                    review_id=review.id,
                    based_on=seen.revision,
                    revision=None,
                    person_id=mentor_id,
                    at=clock.now(),
                    content=content,
                )
            )
    return present


def mine_of(present: Present[Review], typed: Typed, mentor_id: int, seen: Basis) -> Sheet:
    """The whole sheet as this mentor saw it: what they typed over what they started from."""
    base = base_of(present, seen) or EMPTY
    if typed.judgements is None:
        base = replace(base, judgements=present.sheet.judgements)
    return applied(typed, base, mentor_id)
