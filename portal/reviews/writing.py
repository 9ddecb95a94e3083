"""A review's rows made to say what a sheet says."""

from typing import TypeVar

import sqlalchemy as sa

from portal import clock
from portal.database import db
from portal.reviews.models import ActionItem, Judgement, PlacedRemark, Remark, Review
from portal.reviews.places import Passage
from portal.reviews.sheets import Placed, Sheet

Row = TypeVar("Row", Judgement, Remark, PlacedRemark, ActionItem)


def write(review: Review, sheet: Sheet, mentor_id: int) -> None:
    review.feedback = sheet.feedback
    review.feedback_by_id = sheet.feedback_by
    review.decision = sheet.decision
    review.revise_by = sheet.revise_by
    _write_judgements(review, sheet)
    _write_remarks(review, sheet)
    _write_placed(review, sheet, mentor_id)
    _write_items(review, sheet, mentor_id)


def _rows(kind: type[Row], review: Review) -> list[Row]:
    """What was written of a review, in its order; of one just begun there is nothing to ask for."""
    if review.revision == 0:
        return []
    statement = sa.select(kind).filter_by(review_id=review.id).order_by(kind.id)
    return list(db.session.scalars(statement))


def _write_judgements(review: Review, sheet: Sheet) -> None:
    rows = {one.criterion_id: one for one in _rows(Judgement, review)}
    for criterion_id in rows.keys() | sheet.judgements.keys() | sheet.remarks.keys():
        row = rows.get(criterion_id)
        if row is None:
            row = Judgement(review_id=review.id, criterion_id=criterion_id)
            db.session.add(row)
        judged = sheet.judged(criterion_id)
        row.level_id, row.value, row.marked_by_id = judged.level_id, judged.value, judged.by


def _write_remarks(review: Review, sheet: Sheet) -> None:
    now = clock.now()
    rows = {(one.criterion_id, one.author_id): one for one in _rows(Remark, review)}
    said = {(key, who): text for key, by in sheet.remarks.items() for who, text in by.items()}
    for key in rows.keys() | said.keys():
        remark = rows.get(key)
        if key not in said:
            db.session.delete(remark)
        elif remark is None:
            db.session.add(
                Remark(
                    review_id=review.id,
                    criterion_id=key[0],
                    author_id=key[1],
                    text=said[key],
                    written_at=now,
                )
            )
        elif remark.text != said[key]:
            remark.text, remark.written_at = said[key], now


def _write_placed(review: Review, sheet: Sheet, mentor_id: int) -> None:
    rows = {one.key: one for one in _rows(PlacedRemark, review)}
    for key in rows.keys() - {one.key for one in sheet.placed}:
        db.session.delete(rows[key])
    for one in sheet.placed:
        row = rows.get(one.key)
        if row is None:
            row = PlacedRemark(review_id=review.id, key=one.key, author_id=one.author or mentor_id)
            db.session.add(row)
        if row.text != one.text:
            row.text, row.written_at = one.text, clock.now()
        _write_place(row, one)


def _write_place(row: PlacedRemark, one: Placed) -> None:
    place = one.place
    if isinstance(place, Passage):
        row.start, row.stop, row.quote = place.start, place.stop, place.quote
        row.paragraph, row.submission_file_id, row.page = place.paragraph, place.file_id, None
        row.x = row.y = row.width = row.height = None
        return
    row.start = row.stop = row.paragraph = None
    row.quote, row.submission_file_id, row.page = "", place.file_id, place.page
    row.x, row.y, row.width, row.height = place.area or (None, None, None, None)


def _write_items(review: Review, sheet: Sheet, mentor_id: int) -> None:
    rows = _rows(ActionItem, review)
    items = sheet.all_items
    for surplus in rows[len(items) :]:
        db.session.delete(surplus)
    for place, item in enumerate(items):
        if place < len(rows):
            kept = rows[place]
        else:
            kept = ActionItem(review_id=review.id)
            db.session.add(kept)
        kept.thread, kept.text, kept.due_on = item.thread, item.text, item.due_on
        kept.author_id = item.author or mentor_id
