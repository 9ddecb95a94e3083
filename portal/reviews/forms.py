"""The form of a review: one field for each thing a mentor may say, made for the rubric at hand."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.reviews import placing
from portal.reviews.actions import new_thread
from portal.reviews.basis import Basis
from portal.reviews.fields import DayField, PointsField
from portal.reviews.models import MOST_FEEDBACK, MOST_REMARK
from portal.reviews.placing import Work
from portal.reviews.rules import Judged
from portal.reviews.sheets import Item, Sheet, Typed, placed_by
from portal.rubrics.rules import Criterion
from portal.texts import lazy
from portal.web.formats import number, zone
from portal.web.forms import Form, stripped

EMPTY_ROWS = 1
MOST_ITEMS = 30
MOST_ITEM = 1000
FORMS_KEPT = 200
ITEM = re.compile(r"item_(\d{1,2})_(?:text|due|thread)")
END_OF_DAY = time(23, 59)


class ReviewForm(Form):
    """The fixed part; ``review_form`` adds the criteria, the action items and the remarks on places
    in the ``work``."""

    number = HiddenField()
    revision = HiddenField()
    newest = HiddenField()
    rubric = HiddenField()
    page_key = HiddenField()
    feedback = TextAreaField(
        lazy("Overall feedback"),
        [Length(max=MOST_FEEDBACK)],
        description=lazy("What is strong, what to mend, and how. Markdown may be used."),
    )
    decision = RadioField(
        lazy("Decision"),
        choices=[
            SelectChoice("", lazy("Not decided yet")),
            SelectChoice("accepted", lazy("Accepted")),
            SelectChoice("revise", lazy("Revise by a date")),
        ],
        default="",
        validate_choice=True,
    )
    revise_by = DayField(lazy("Revise by"), [Optional()])

    criteria: Sequence[Criterion] = ()
    item_numbers: Sequence[int] = ()
    placed_numbers: Sequence[int] = ()
    work = Work()
    may_mark = False

    def validate(self, extra_validators=None) -> bool:
        """A mentor who lost the right to mark while typing is told what was not taken."""
        is_fine = super().validate(extra_validators)
        lost = [
            text
            for name, text in request.form.items()
            if re.fullmatch(r"(?:level|value)_\d+", name) and text.strip() and name not in self
        ]
        if lost:
            self.refuse(
                lazy("In your capacity you do not mark this work. The levels were not taken.")
            )
        is_somewhere = not placing.complaints(self)
        return is_fine and not lost and is_somewhere

    def of(self, name: str, key: int):
        """The field ``name`` of a criterion or an action item."""
        return self[f"{name}_{key}"]

    def item(self, key: int, name: str):
        return self[f"item_{key}_{name}"]

    @property
    def placed_rows(self) -> list[placing.Row]:
        return placing.rows_of(self)

    def key(self) -> str:
        """Which open page this is: it is known again when an answer to it got lost."""
        return (self.page_key.data or "")[:22]

    def typed(self, zone_key: str) -> Typed:
        """What the mentor typed; the day of a revision ends at 23:59 in the organisation's zone."""
        judgements = None
        if self.may_mark:
            judgements = {
                one.id: Judged(
                    int(level) if (level := self.of("level", one.id).data) else None,
                    self.of("value", one.id).points if f"value_{one.id}" in self else None,
                )
                for one in self.criteria
            }
        day = self.revise_by.data
        return Typed(
            judgements=judgements,
            remarks={one.id: self.of("remark", one.id).data or "" for one in self.criteria},
            feedback=self.feedback.data or "",
            items=tuple(self._items()),
            decision=self.decision.data or None,
            revise_by=(
                datetime.combine(day, END_OF_DAY, zone(zone_key)).astimezone(UTC) if day else None
            ),
            placed=tuple(placing.typed_in(self)),
        )

    def _items(self):
        gone = request.form.get("remove_item")
        texts = set()
        for key in self.item_numbers:
            text = (self.item(key, "text").data or "").strip()
            if text and str(key) != gone:
                thread = self.item(key, "thread").data or new_thread()
                texts.add(text)
                yield Item(thread, text, self.item(key, "due").data)
        made = self._made_item()
        if made and made not in texts:
            yield Item(new_thread(), made)

    def _made_item(self) -> str:
        """The remark whose button asks to make an action item of it, shortened where it is long."""
        name = f"remark_{request.form.get('make_item', '')}"
        text = (self[name].data or "").strip() if name in self else ""
        return text if len(text) <= MOST_ITEM else f"{text[: MOST_ITEM - 1]}…"


def whole(text: str | None) -> int:
    """A number from a hidden field; -1, which fits nothing, when it is none."""
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else -1


def row_id(value: Any) -> int:
    """The id that a choice sends; -1 where it is none."""
    return whole(str(value))


class HandOverForm(Form):
    to = SelectField(lazy("To whom"), coerce=row_id)
    take = SelectMultipleField(
        lazy("Which reviews"),
        coerce=row_id,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


def seen_in(sent: Mapping[str, str]) -> Basis:
    """What the page showed that a form was sent from: its hidden fields."""
    return Basis(*(whole(sent.get(one.name)) for one in fields(Basis)))


def review_form(
    criteria: Sequence[Criterion],
    *,
    may_mark: bool,
    mentor_id: int,
    sheet: Sheet | None = None,
    place: ZoneInfo | None = None,
    empty_rows: int = EMPTY_ROWS,
    work: Work,
    **hidden: int | str,
) -> ReviewForm:
    """The form for this rubric: filled from the POST, or from ``sheet`` when one is given."""
    numbers = _item_numbers(sheet, empty_rows)
    own = placed_by(sheet, mentor_id) if sheet is not None else ()
    rows = (
        placing.numbers_sent()
        if sheet is None
        else list(range(min(len(own) + 1, placing.MOST_ROWS)))
    )
    where = tuple(rows) if work.choices else ()
    made = _form_for(tuple(criteria), tuple(numbers), where, may_mark=may_mark)
    form = (
        made(
            formdata=None,
            data=_data(sheet, criteria, mentor_id, numbers, place)
            | placing.data_of(own, rows, work)
            | hidden,
        )
        if sheet is not None
        else made()
    )
    form.criteria, form.item_numbers, form.may_mark = criteria, numbers, may_mark
    form.placed_numbers, form.work = rows, work
    for row in form.placed_rows:
        row.where.choices = work.choices
    return form


@functools.lru_cache(maxsize=FORMS_KEPT)
def _form_for(
    criteria: tuple[Criterion, ...],
    items: tuple[int, ...],
    places: tuple[int, ...],
    *,
    may_mark: bool,
) -> type[ReviewForm]:
    """The form with fields for these criteria, so many action items and remarks on places. It is
    kept, since making a class costs as much as filling it."""
    added: dict[str, Any] = {}
    for one in criteria:
        if may_mark:
            choices = [SelectChoice("", lazy("Not judged yet"))]
            choices += [SelectChoice(str(level.id), level.title) for level in one.levels]
            added[f"level_{one.id}"] = RadioField(one.title, choices=choices, default="")
            if any(level.lowest != level.highest for level in one.levels):
                added[f"value_{one.id}"] = PointsField(lazy("Number"), filters=[stripped])
        added[f"remark_{one.id}"] = TextAreaField(lazy("Your remark"), [Length(max=MOST_REMARK)])
    for key in items:
        added[f"item_{key}_text"] = TextAreaField(lazy("What"), [Length(max=MOST_ITEM)])
        added[f"item_{key}_due"] = DayField(lazy("By"), [Optional()])
        added[f"item_{key}_thread"] = HiddenField()
    return type("ReviewFormHere", (ReviewForm,), added | placing.fields_for(places))


class MessageForm(Form):
    """A line of the dialogue."""

    text = TextAreaField(lazy("Write to each other about this assignment"))
    key = HiddenField()


def _item_numbers(sheet: Sheet | None, empty_rows: int) -> list[int]:
    if sheet is not None:
        return list(range(min(len(sheet.items) + empty_rows, MOST_ITEMS)))
    found = {int(match[1]) for name in request.form if (match := ITEM.fullmatch(name))}
    return sorted(found)[:MOST_ITEMS]


def _data(
    sheet: Sheet,
    criteria: Sequence[Criterion],
    mentor_id: int,
    numbers: Sequence[int],
    place: ZoneInfo | None,
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "feedback": sheet.feedback,
        "decision": sheet.decision or "",
        "revise_by": sheet.revise_by.astimezone(place).date() if sheet.revise_by else None,
    }
    for one in criteria:
        judged = sheet.judged(one.id)
        data[f"level_{one.id}"] = str(judged.level_id or "")
        data[f"value_{one.id}"] = "" if judged.value is None else number(judged.value)
        data[f"remark_{one.id}"] = sheet.remark(one.id, mentor_id)
    for key in numbers:
        item = sheet.items[key] if key < len(sheet.items) else None
        data[f"item_{key}_text"] = item.text if item else ""
        data[f"item_{key}_due"] = item.due_on if item else None
        data[f"item_{key}_thread"] = item.thread if item else new_thread()
    return data
