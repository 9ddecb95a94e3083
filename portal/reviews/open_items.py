"""Action items that no mentor has confirmed yet: how many there are, and what follows a participant
from earlier assignments of the same thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.assignments.models import Assignment
from portal.reviews.models import ActionItem, ActionItemStep, Review
from portal.reviews.queries import released
from portal.reviews.records import Record, Said, filled, record_of, select_versions
from portal.reviews.sheets import Item
from portal.reviews.versions import rows_in
from portal.selects import prepared
from portal.submissions.asked import Asked
from portal.submissions.models import Submission

Work = tuple[int, int, int]
"""The ids of cohort, assignment and participant."""


@dataclass(frozen=True)
class Count:
    """How many are to be done, and how many are done, says the participant, and to be confirmed."""

    todo: int = 0
    done: int = 0

    def __bool__(self) -> bool:
        return bool(self.todo or self.done)


NONE = Count()


class Threaded(Protocol):
    """An assignment, or as much of it as says which others its open items follow from."""

    @property
    def id(self) -> int: ...

    @property
    def thread(self) -> str: ...

    @property
    def course_id(self) -> int: ...

    @property
    def position(self) -> int: ...


def follows(assignment: Threaded, earlier: Any) -> bool:
    """Whether what is open of the earlier assignment (or a row of it) is shown at the later one."""
    return bool(
        assignment.thread
        and (assignment.thread, assignment.course_id) == (earlier.thread, earlier.course_id)
        and earlier.position < assignment.position
    )


def counts_of(works: Iterable[tuple[int, Threaded, int]]) -> dict[Work, Count]:
    """How many items are open at each of these works (cohort id, assignment, person id), with what
    followed from earlier assignments. One query, none for no work."""
    wanted = list(works)
    if not wanted:
        return {}
    rows = _open.rows(
        cohort_ids=sorted({one[0] for one in wanted}), person_ids=sorted({one[2] for one in wanted})
    )
    found: dict[Work, Count] = {}
    for cohort_id, assignment, person_id in wanted:
        states = {
            row.item: row.state
            for row in rows
            if (row.cohort_id, row.person_id) == (cohort_id, person_id)
            and (row.id == assignment.id or follows(assignment, row))
        }
        done = sum(state == "done" for state in states.values())
        found[cohort_id, assignment.id, person_id] = Count(len(states) - done, done)
    return found


def count_in(items: Iterable[tuple[Said, Item]]) -> Count:
    """How many of these open items are to be done, and to be confirmed."""
    states = [said.state_of(item) for said, item in items]
    done = states.count("done")
    return Count(len(states) - done, done)


def _state():
    last = (
        sa.select(ActionItemStep.state)
        .where(ActionItemStep.thread == ActionItem.thread)
        .order_by(ActionItemStep.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, "open")


def _is_current() -> sa.ColumnElement[bool]:
    """Whether the released review is the newest one of its submission version."""
    newer = aliased(Review)
    later = sa.select(newer.id).where(
        newer.submission_id == Review.submission_id,
        newer.number > Review.number,
        released(newer),
    )
    return sa.and_(released(), ~later.exists())


@prepared
def _open(cohort_ids, person_ids):
    last, later = aliased(ActionItemStep), aliased(ActionItemStep)
    state = sa.func.coalesce(last.state, "open")
    return (
        sa.select(
            ActionItem.thread.label("item"),
            state.label("state"),
            Submission.cohort_id,
            Submission.person_id,
            Assignment.id,
            Assignment.course_id,
            Assignment.thread,
            Assignment.position,
        )
        .join(Review, Review.id == ActionItem.review_id)
        .join(Submission, Submission.id == Review.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .outerjoin(last, last.thread == ActionItem.thread)
        .outerjoin(later, sa.and_(later.thread == last.thread, later.id > last.id))
        .where(
            later.id.is_(None),
            Submission.cohort_id.in_(cohort_ids),
            Submission.person_id.in_(person_ids),
            _is_current(),
            state != "confirmed",
        )
    )


def record_with_followed(
    cohort_id: int, assignment: Threaded, person_id: int, *, for_mentors: bool
) -> tuple[Record, list[tuple[Said, Item]]]:
    """A participant's record of an assignment, and the open items that followed to it from earlier
    ones of its thread. Only ``for_mentors`` it holds review drafts. At most four queries."""
    statement = _all_with_followed if for_mentors else _released_with_followed
    rows = rows_in(statement.rows(**_place_of(cohort_id, assignment, person_id)))
    record = record_of([row for row in rows if row.version.assignment_id == assignment.id])
    earlier = [
        (position, Said(row.review, row.version, title))
        for row in rows
        for title, position in (row.beyond,)
        if row.review and row.version.assignment_id != assignment.id
    ]
    earlier.sort(key=lambda one: (one[0], -one[1].version.number, one[1].review.id))
    followed = [said for _position, said in earlier]
    filled([*record.said, *followed])
    return record, Record([], followed).open_items()


@prepared
def _all_with_followed(cohort_id, person_id, assignment_id, course_id, thread, position):
    return _with_followed(
        select_versions(cohort_id, person_id, sa.true()), assignment_id, course_id, thread, position
    )


@prepared
def _released_with_followed(cohort_id, person_id, assignment_id, course_id, thread, position):
    return _with_followed(
        select_versions(cohort_id, person_id, released()),
        assignment_id,
        course_id,
        thread,
        position,
    )


def _with_followed(versions: sa.Select, assignment_id, course_id, thread, position) -> sa.Select:
    return (
        versions.add_columns(Assignment.title, Assignment.position)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            sa.or_(Assignment.id == assignment_id, _earlier(course_id, thread, position)),
            sa.or_(
                Submission.assignment_id == assignment_id,
                sa.and_(_is_current(), _has_open_items()),
            ),
        )
    )


def asked_on(cohort_id: int, assignment: Assignment, person_id: int) -> list[Asked]:
    """All open items that stand beside a draft: of earlier versions, and what followed to it."""
    rows = rows_in(_asked.rows(**_place_of(cohort_id, assignment, person_id)))
    said = filled([Said(row.review, row.version, *row.beyond) for row in rows if row.review])
    return [
        Asked(
            item.text,
            item.due_on,
            one.state_of(item),
            one.source or None,
        )
        for one, item in Record([], said).open_items()
    ]


def _place_of(cohort_id: int, assignment: Threaded, person_id: int) -> dict[str, Any]:
    return {
        "cohort_id": cohort_id,
        "person_id": person_id,
        "assignment_id": assignment.id,
        "course_id": assignment.course_id,
        "thread": assignment.thread,
        "position": assignment.position,
    }


def _has_open_items() -> sa.ColumnElement[bool]:
    return (
        sa.select(ActionItem.id)
        .where(ActionItem.review_id == Review.id, _state() != "confirmed")
        .exists()
    )


@prepared
def _asked(cohort_id, person_id, assignment_id, course_id, thread, position):
    own = Assignment.id == assignment_id
    return (
        select_versions(cohort_id, person_id, released())
        .add_columns(sa.case((own, ""), else_=Assignment.title))
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            sa.or_(own, _earlier(course_id, thread, position)),
            _is_current(),
            _has_open_items(),
        )
        .order_by(None)
        .order_by(Assignment.position, Submission.number.desc(), Review.id)
    )


def _earlier(course_id, thread, position) -> sa.ColumnElement[bool]:
    return sa.and_(
        Assignment.course_id == course_id,
        Assignment.thread == thread,
        Assignment.thread != "",
        Assignment.position < position,
    )
