"""Selects on what reviews say: a participant's versions with their reviews, whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal import clock
from portal.assignments.models import Assignment
from portal.people.models import Person
from portal.people.queries import names_by_id
from portal.reviews.models import (
    ActionItem,
    ActionItemStep,
    Judgement,
    PlacedRemark,
    Remark,
    Review,
)
from portal.reviews.places import Area, Passage, Place, Spot
from portal.reviews.queries import released
from portal.reviews.rules import Judged
from portal.reviews.sheets import Item, Placed, Sheet, in_order
from portal.reviews.versions import Head, Row, Version, rows_in
from portal.selects import Prepared, prepared
from portal.submissions.models import Submission, SubmissionFile


class Step(NamedTuple):
    """What somebody said became of an action item."""

    state: str
    note: str
    at: datetime
    name: str


@dataclass
class Said:
    """One review with all it says: the sheet, and what became of its action items."""

    review: Head
    version: Version
    source: str = ""
    """The title of its assignment, where it stands among those of others."""
    sheet: Sheet = field(default_factory=Sheet)
    steps: dict[str, list[Step]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    is_released: bool = field(init=False)

    def __post_init__(self) -> None:
        """Asked once, so that a page on which a moment comes does not see it both ways."""
        self.is_released = self.review.is_released_at(clock.now())

    def state_of(self, item: Item) -> str:
        """open, done (says the participant), confirmed or reopened (says a mentor)."""
        steps = self.steps.get(item.thread)
        return steps[-1].state if steps else "open"


@dataclass
class Record:
    """A participant's work on one assignment: its versions and their reviews, newest first."""

    versions: list[Version]
    said: list[Said]
    begun: set[int] = field(default_factory=set)
    """The ids of submission versions of which a mentor has begun a review."""

    def on(self, submission_id: int) -> list[Said]:
        return [one for one in self.said if one.review.submission_id == submission_id]

    @property
    def names(self) -> dict[int, str]:
        return {who: name for one in self.said for who, name in one.names.items()}

    @property
    def current(self) -> dict[int, Said]:
        """The newest released review of each submission version, by the version's id."""
        found: dict[int, Said] = {}
        for one in self.said:
            if one.is_released:
                found.setdefault(one.review.submission_id, one)
        return found

    @property
    def revise_by(self) -> datetime | None:
        """By when a new version is asked for: so the newest version that was answered says."""
        current = self.current
        answered = next((one for one in self.versions if one.id in current), None)
        head = current[answered.id].review if answered else None
        return head.revise_by if head and head.decision == "revise" else None

    def open_items(self, but: int | None = None) -> list[tuple[Said, Item]]:
        """The released action items that no mentor has confirmed yet, each once, newest wording.

        ``but`` leaves out those of one submission version: they stand in its own form.
        """
        return [
            (one, item)
            for one, item in self.items()
            if one.review.submission_id != but and one.state_of(item) != "confirmed"
        ]

    def items(self) -> list[tuple[Said, Item]]:
        """Every released action item, once, in its newest wording."""
        found: dict[str, tuple[Said, Item]] = {}
        for one in self.current.values():
            for item in one.sheet.all_items:
                found.setdefault(item.thread, (one, item))
        return list(found.values())


def record_for_mentors(cohort_id: int, assignment_id: int, person_id: int) -> Record:
    """All versions and reviews, drafts too: never for the participant. Four queries at most."""
    return _record(_all, cohort_id, assignment_id, person_id)


def released_record(cohort_id: int, assignment_id: int, person_id: int) -> Record:
    """The same without review drafts: what the participant sees. As many queries."""
    return _record(_released, cohort_id, assignment_id, person_id)


def _record(shown: Prepared, cohort_id: int, assignment_id: int, person_id: int) -> Record:
    rows = shown.rows(cohort_id=cohort_id, assignment_id=assignment_id, person_id=person_id)
    record = record_of(rows_in(rows))
    filled(record.said)
    return record


def record_of(rows: Sequence[Row]) -> Record:
    """The record in rows of one work; its reviews are yet to be filled."""
    versions = list(dict.fromkeys(row.version for row in rows))
    said = [Said(row.review, row.version) for row in rows if row.review]
    return Record(versions, said, {row.version.id for row in rows if row.is_begun})


@prepared
def _all(cohort_id, assignment_id, person_id):
    return select_versions(cohort_id, person_id, sa.true()).where(
        Submission.assignment_id == assignment_id
    )


@prepared
def _released(cohort_id, assignment_id, person_id):
    return select_versions(cohort_id, person_id, released()).where(
        Submission.assignment_id == assignment_id
    )


def select_versions(cohort_id, person_id, shown: sa.ColumnElement[bool]) -> sa.Select:
    """A participant's submission versions, newest first, each with the reviews of it that are
    ``shown``, newest first, and whether one is begun. Read with ``rows_in``."""
    begun, releaser = aliased(Review), aliased(Person)
    return (
        sa.select(
            *(getattr(Submission, name) for name in Version._fields),
            *(getattr(Review, name) for name in Head._fields[:-3]),
            releaser.name,
            sa.select(ActionItem.id).where(ActionItem.review_id == Review.id).exists(),
            sa.select(PlacedRemark.id).where(PlacedRemark.review_id == Review.id).exists(),
            sa.select(begun.id)
            .where(begun.submission_id == Submission.id, ~released(begun))
            .exists(),
        )
        .outerjoin(Review, sa.and_(Review.submission_id == Submission.id, shown))
        .outerjoin(releaser, releaser.id == Review.released_by_id)
        .where(Submission.cohort_id == cohort_id, Submission.person_id == person_id)
        .order_by(Submission.number.desc(), Review.number.desc())
    )


def released_reviews_in(cohort_id: int, person_id: int) -> list[Said]:
    """Everything released to a participant in a cohort, newest release first. As many queries."""
    rows = rows_in(_released_in.rows(cohort_id=cohort_id, person_id=person_id))
    return filled([Said(one.review, one.version, *one.beyond) for one in rows if one.review])


@prepared
def _released_in(cohort_id, person_id):
    return (
        select_versions(cohort_id, person_id, released())
        .add_columns(Assignment.title)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Review.id.is_not(None))
        .order_by(None)
        .order_by(Review.released_at.desc(), Review.id.desc())
    )


def filled(said: list[Said]) -> list[Said]:
    sheets = sheets_of([one.review for one in said])
    for one in said:
        one.sheet, one.steps, one.names = sheets[one.review.id]
    return said


Loaded = tuple[Sheet, dict[str, list[Step]], dict[int, str]]


def sheets_of(reviews: Iterable[Review | Head]) -> dict[int, Loaded]:
    """The sheet of each review, with the steps of its action items and the names of its authors.

    At most four queries for any number of reviews, none for no review.
    """
    reviews = list(reviews)
    ids = [review.id for review in reviews]
    with_items = [one.id for one in reviews if isinstance(one, Review) or one.has_items]
    with_placed = [one.id for one in reviews if isinstance(one, Review) or one.has_placed]
    names: dict[int, str] = {}
    judgements: dict[int, dict[int, Judged]] = {id_: {} for id_ in ids}
    remarks: dict[int, dict[int, dict[int, str]]] = {id_: {} for id_ in ids}
    items: dict[int, dict[int, Item]] = {id_: {} for id_ in ids}
    steps: dict[int, dict[str, dict[int, Step]]] = {id_: {} for id_ in ids}
    if ids:
        for row in _judgements.rows(review_ids=ids):
            if row.marker is not None:
                names[row.marked_by_id] = row.marker
            judgements[row.review_id][row.criterion_id] = Judged(
                row.level_id, row.value, row.marked_by_id
            )
            if row.author_id is not None:
                names[row.author_id] = row.author
                said = remarks[row.review_id].setdefault(row.criterion_id, {})
                said[row.author_id] = row.text
        for row in _items.rows(review_ids=with_items) if with_items else ():
            names[row.author_id] = row.author
            items[row.review_id][row.id] = Item(
                row.thread, row.text, row.due_on, row.author_id, row.id
            )
            if row.step_id is not None:
                step = Step(row.state, row.note, row.at, row.name)
                steps[row.review_id].setdefault(row.thread, {})[row.step_id] = step
    placed = _placed_on(with_placed, items, names)
    # Whoever wrote the feedback has mostly said something else in the review as well.
    nameless = {one.feedback_by_id for one in reviews if one.feedback_by_id} - names.keys()
    if nameless:
        names |= names_by_id(nameless)
    return {
        review.id: (
            Sheet(
                judgements={
                    key: one for key, one in judgements[review.id].items() if not one.is_empty
                },
                remarks=remarks[review.id],
                feedback=review.feedback,
                feedback_by=review.feedback_by_id,
                items=tuple(items[review.id].values()),
                decision=review.decision,
                revise_by=review.revise_by,
                placed=in_order(placed.get(review.id, [])),
            ),
            {thread: list(by.values()) for thread, by in steps[review.id].items()},
            names,
        )
        for review in reviews
    }


def _placed_on(
    review_ids: list[int], items: dict[int, dict[int, Item]], names: dict[int, str]
) -> dict[int, list[Placed]]:
    """The remarks on places, by review; the action items that they are leave ``items``."""
    found: dict[int, list[Placed]] = {id_: [] for id_ in review_ids}
    for remark in _placed.rows(review_ids=review_ids) if review_ids else ():
        names[remark.author_id] = remark.author
        by_thread = {item.thread: id_ for id_, item in items[remark.review_id].items()}
        item_id = by_thread.get(remark.key)
        item = items[remark.review_id].pop(item_id) if item_id is not None else None
        found[remark.review_id].append(
            Placed(
                remark.key,
                remark.text,
                place_of(remark),
                remark.author_id,
                is_item=item is not None,
                due_on=item.due_on if item else None,
                id=item_id,
            )
        )
    return found


def place_of(remark: Any) -> Place:
    """Where a remark is, from its row with the name of the file."""
    file_id, name = remark.submission_file_id, remark.file_name or ""
    if remark.start is not None:
        assert remark.stop is not None
        return Passage(remark.start, remark.stop, remark.quote, remark.paragraph, file_id, name)
    assert file_id is not None
    area = None
    if remark.x is not None:
        assert remark.y is not None
        assert remark.width is not None
        assert remark.height is not None
        area = Area(remark.x, remark.y, remark.width, remark.height)
    return Spot(file_id, remark.page, area, name)


@prepared
def _placed(review_ids):
    return (
        sa.select(
            *PlacedRemark.__table__.columns,
            Person.name.label("author"),
            SubmissionFile.name.label("file_name"),
        )
        .select_from(PlacedRemark)
        .join(Person, Person.id == PlacedRemark.author_id)
        .outerjoin(SubmissionFile, SubmissionFile.id == PlacedRemark.submission_file_id)
        .where(PlacedRemark.review_id.in_(review_ids))
        .order_by(PlacedRemark.id)
    )


@prepared
def _judgements(review_ids):
    marker, author = aliased(Person), aliased(Person)
    return (
        sa.select(
            Judgement.review_id,
            Judgement.criterion_id,
            Judgement.level_id,
            Judgement.value,
            Judgement.marked_by_id,
            marker.name.label("marker"),
            Remark.author_id,
            Remark.text,
            author.name.label("author"),
        )
        .outerjoin(marker, marker.id == Judgement.marked_by_id)
        .outerjoin(
            Remark,
            sa.and_(
                Remark.review_id == Judgement.review_id,
                Remark.criterion_id == Judgement.criterion_id,
            ),
        )
        .outerjoin(author, author.id == Remark.author_id)
        .where(Judgement.review_id.in_(review_ids))
        .order_by(Judgement.id, Remark.id)
    )


@prepared
def _items(review_ids):
    author, who = aliased(Person), aliased(Person)
    return (
        sa.select(
            ActionItem.id,
            ActionItem.review_id,
            ActionItem.thread,
            ActionItem.text,
            ActionItem.due_on,
            ActionItem.author_id,
            author.name.label("author"),
            ActionItemStep.id.label("step_id"),
            ActionItemStep.state,
            ActionItemStep.note,
            ActionItemStep.at,
            who.name,
        )
        .join(author, author.id == ActionItem.author_id)
        .outerjoin(ActionItemStep, ActionItemStep.thread == ActionItem.thread)
        .outerjoin(who, who.id == ActionItemStep.person_id)
        .where(ActionItem.review_id.in_(review_ids))
        .order_by(ActionItem.id, ActionItemStep.id)
    )


def by_assignment(said: Iterable[Said]) -> list[list[Said]]:
    """Released reviews by assignment, in the order they come; of each version only the newest."""
    found: dict[int, dict[int, Said]] = {}
    for one in said:
        kept = found.setdefault(one.version.assignment_id, {})
        before = kept.get(one.version.id)
        if before is None or before.review.number < one.review.number:
            kept[one.version.id] = one
    return [sorted(kept.values(), key=lambda one: -one.version.number) for kept in found.values()]
