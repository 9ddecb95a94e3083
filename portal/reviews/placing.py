"""The part of a review's form that places remarks: where in the work, and what is said there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from wtforms import BooleanField, Field, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from portal.markdown import Words, note, words_of
from portal.previews.shown import Shown
from portal.reviews import places
from portal.reviews.actions import new_thread
from portal.reviews.fields import DayField, NumberField
from portal.reviews.models import MOST_PLACED
from portal.reviews.places import Place, Spot
from portal.reviews.queries import File
from portal.reviews.sheets import Placed
from portal.submissions.models import SubmissionFile
from portal.texts import lazy
from portal.web.forms import stripped

MOST_ROWS = 60
ROW = re.compile(r"placed_(\d{1,2})_text")
TEXT = "text"


@dataclass(frozen=True)
class Work:
    """What remarks can be placed on: the words of the text, and the files by their ids.

    ``pages`` says how many pages a file has, and ``documents`` holds the HTML of one that is shown
    as text, where that is known.
    """

    words: Words | None = None
    files: Mapping[int, str] = field(default_factory=dict)
    pages: Mapping[int, int] = field(default_factory=dict)
    documents: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        text: str,
        files: Sequence[SubmissionFile | File],
        previews: Mapping[int, Shown],
    ) -> "Work":
        words = words_of(note(text)) if text.strip() else None
        shown = {one.id: previews[one.blob_id] for one in files if one.blob_id in previews}
        return cls(
            words,
            {one.id: one.name for one in files},
            {
                id_: one.preview.pages
                for id_, one in shown.items()
                if one.preview and one.preview.pages
            },
            {id_: one.document for id_, one in shown.items() if one.document},
        )

    def words_in(self, file_id: int) -> Words | None:
        """The words of a document, where it is shown as text."""
        return words_of(self.documents[file_id]) if file_id in self.documents else None

    @property
    def choices(self) -> list[SelectChoice]:
        """Where a remark can stand, for a list to choose from."""
        text = [SelectChoice(TEXT, lazy("The text"))] if self.words else []
        return [*text, *(SelectChoice(f"file-{id_}", name) for id_, name in self.files.items())]


def fields_for(numbers: Sequence[int]) -> dict[str, Any]:
    """The fields of so many rows; where a remark can stand is said once the work is known."""
    fields: dict[str, Any] = {}
    for key in numbers:
        fields |= {
            f"placed_{key}_where": SelectField(lazy("Where")),
            f"placed_{key}_number": NumberField(lazy("Paragraph or page")),
            f"placed_{key}_exact": HiddenField(),
            f"placed_{key}_quote": HiddenField(),
            f"placed_{key}_key": HiddenField(),
            f"placed_{key}_text": TextAreaField(
                lazy("Remark"), [Length(max=MOST_PLACED)], filters=[stripped]
            ),
            f"placed_{key}_item": BooleanField(lazy("Ask for this as an action item")),
            f"placed_{key}_due": DayField(lazy("By"), [Optional()]),
        }
    return fields


def numbers_sent() -> list[int]:
    """The rows that the form sent."""
    found = {int(match[1]) for name in request.form if (match := ROW.fullmatch(name))}
    return sorted(found)[:MOST_ROWS]


def data_of(placed: Sequence[Placed], numbers: Sequence[int], work: Work) -> dict[str, Any]:
    """What the rows hold when they show these remarks; rows beyond them are new."""
    data: dict[str, Any] = {}
    for key in numbers:
        one = placed[key] if key < len(placed) else None
        data |= _place_data(key, one.place if one else None, work)
        data |= {
            f"placed_{key}_key": one.key if one else new_thread(),
            f"placed_{key}_text": one.text if one else "",
            f"placed_{key}_item": bool(one and one.is_item),
            f"placed_{key}_due": one.due_on if one else None,
        }
    return data


def _place_data(key: int, place: Place | None, work: Work) -> dict[str, Any]:
    where, number, exact, quote = work.choices[0].value if work.choices else "", None, "", ""
    if isinstance(place, Spot):
        where, number, exact = f"file-{place.file_id}", place.page, place.exact
    elif place is not None:
        where = TEXT if place.file_id is None else f"file-{place.file_id}"
        number, exact, quote = place.paragraph, place.exact, place.quote
    return {
        f"placed_{key}_where": where,
        f"placed_{key}_number": "" if number is None else str(number),
        f"placed_{key}_exact": exact,
        f"placed_{key}_quote": quote,
    }


@dataclass
class Row:
    """One row of the form, with its fields by their short names."""

    form: Any
    index: int

    def __getattr__(self, name: str) -> Field:
        return self.form[f"placed_{self.index}_{name}"]

    @property
    def file_id(self) -> int | None:
        """The file that is named, if it is one of this work."""
        return next((id_ for id_ in self.form.work.files if self.where.data == f"file-{id_}"), None)

    @property
    def place(self) -> Place | None:
        """Where the remark is to stand; None when there is no such place."""
        work: Work = self.form.work
        number, exact, quote = self.number.whole, self.exact.data or "", self.quote.data or ""
        if self.where.data == TEXT:
            if work.words is None:
                return None
            return places.read_passage(work.words, number, exact, quote)
        file_id = self.file_id
        if file_id is None or (number or 0) > work.pages.get(file_id, number or 0):
            return None
        name = work.files[file_id]
        words = work.words_in(file_id) if number else None
        if words is not None and number and exact != places.page_named(file_id, number):
            passage = places.read_passage(words, number, exact, quote, file_id)
            return places.in_file(passage, file_id, name)
        area = places.read_area(file_id, number, exact) if number else None
        return Spot(file_id, number, area, name)

    @property
    def is_kept(self) -> bool:
        """Whether the row says something, and was not removed with this sending."""
        gone = request.form.get("remove_placed") == str(self.index)
        return bool((self.text.data or "").strip()) and not gone


def rows_of(form: Any) -> list[Row]:
    return [Row(form, key) for key in form.placed_numbers if f"placed_{key}_text" in form]


def complaints(form: Any) -> bool:
    """Whether a row names a place that is not there; the complaint stands beside its number."""
    found = False
    for row in rows_of(form):
        if row.is_kept and not row.number.errors and not row.where.errors and row.place is None:
            row.number.errors = [_missing(form.work, row)]
            found = True
    return found


def _missing(work: Work, row: Row) -> Any:
    if row.file_id is None:
        most = len(work.words.paragraphs) if work.words else 0
        return lazy("The text has %(most)s paragraphs.", most=most)
    words = work.words_in(row.file_id)
    if words is not None:
        return lazy("This file has %(most)s paragraphs.", most=len(words.paragraphs))
    return lazy("This file has %(most)s pages.", most=work.pages[row.file_id])


def typed_in(form: Any) -> Iterator[Placed]:
    """The remarks that the rows say. A day makes an action item of one by itself."""
    for row in rows_of(form):
        place = row.place if row.is_kept else None
        if place is not None:
            due = row.due.data
            yield Placed(
                row.key.data or new_thread(),
                row.text.data,
                place,
                is_item=bool(row.item.data or due),
                due_on=due,
            )
