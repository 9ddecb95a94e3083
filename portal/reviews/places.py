"""Where in a submission version a remark stands: a passage of its text or of a document that was
handed in, or a spot in a file. Pure.

A submission version never changes, so a passage is kept as the places of its first and after its
last character with the words themselves; an area of a page as ten-thousandths of the page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from portal.markdown import Words

MOST_QUOTE = 500
WHOLE = 10_000
EXACT_PASSAGE = re.compile(r"(?:t|d:(\d{1,9})):(\d{1,7})-(\d{1,7})")
EXACT_AREA = re.compile(r"f:(\d{1,9}):(\d{1,5}):(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})")


class Area(NamedTuple):
    """A rectangle of a page, in ten-thousandths of its width and height, from its upper left."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Passage:
    """From ``start`` to ``stop`` in the words of the text, or with ``file_id`` of the document with
    this ``name``; ``quote`` is what stands there, at most its first 500 characters. ``paragraph``
    is where it begins; None is the text as a whole."""

    start: int
    stop: int
    quote: str
    paragraph: int | None = None
    file_id: int | None = None
    name: str = field(default="", compare=False)

    @property
    def order(self) -> tuple[int, ...]:
        if self.file_id is None:
            return (0, self.start, self.stop)
        return (1, self.file_id, self.paragraph or 0, self.start, self.stop)

    @property
    def exact(self) -> str:
        kind = "t" if self.file_id is None else f"d:{self.file_id}"
        return f"{kind}:{self.start}-{self.stop}"


@dataclass(frozen=True)
class Spot:
    """A file as a whole, a page of it, or an area of a page. ``name`` is the file's."""

    file_id: int
    page: int | None = None
    area: Area | None = None
    name: str = field(default="", compare=False)

    @property
    def order(self) -> tuple[int, ...]:
        area = self.area or Area(0, 0, 0, 0)
        return (1, self.file_id, self.page or 0, area.y, area.x)

    @property
    def exact(self) -> str:
        if self.area is None:
            return "" if self.page is None else page_named(self.file_id, self.page)
        return f"f:{self.file_id}:{self.page}:{','.join(map(str, self.area))}"


Place = Passage | Spot


def page_named(file_id: int, page: int) -> str:
    """What a form says of a page that was named before the paragraphs of its file were known."""
    return f"p:{file_id}:{page}"


def whole_text(words: Words) -> Passage:
    return Passage(0, len(words.text), "")


def passage_of_paragraph(words: Words, number: int) -> Passage | None:
    """The passage that is a whole paragraph; None when there are not so many."""
    found = next((one for one in words.paragraphs if one.number == number), None)
    return None if found is None else passage_between(words, found.start, found.stop)


def passage_between(words: Words, start: int, stop: int) -> Passage | None:
    """The passage between two places, without the spaces around it; None when nothing is there."""
    taken = words.text[start:stop]
    start, stop = start + len(taken) - len(taken.lstrip()), start + len(taken.rstrip())
    if start >= stop:
        return None
    paragraph = words.paragraph_at(start)
    quote = words.text[start:stop][:MOST_QUOTE]
    return Passage(start, stop, quote, paragraph.number if paragraph else None)


def found(words: Words, passage: Passage) -> Passage | None:
    """The passage where its words stand: at its own place, else where they stand nearest to it."""
    quote = passage.quote.strip()[:MOST_QUOTE]
    if words.text[passage.start : passage.stop].strip()[:MOST_QUOTE] == quote:
        return passage_between(words, passage.start, passage.stop)
    places = [one.start() for one in re.finditer(re.escape(quote), words.text)] if quote else []
    if not places:
        return None
    start = min(places, key=lambda one: abs(one - passage.start))
    return passage_between(words, start, start + max(len(quote), passage.stop - passage.start))


def in_file(passage: Passage | None, file_id: int, name: str) -> Passage | None:
    """The same passage as one of a document."""
    return None if passage is None else replace(passage, file_id=file_id, name=name)


def shown(words: Words, passage: Passage) -> Passage | None:
    """What to mark for this passage: its words, else its paragraph; nothing for the whole text."""
    if passage.paragraph is None:
        return None
    return found(words, passage) or passage_of_paragraph(words, passage.paragraph)


def read_passage(
    words: Words, number: int | None, exact: str, quote: str, file_id: int | None = None
) -> Passage | None:
    """The passage that a form names: the exact one if it begins in this paragraph, else the
    paragraph, else (without a number) the whole text. None when there is no such paragraph.
    ``file_id`` says of which document these are the words."""
    if number is None:
        return whole_text(words)
    match = EXACT_PASSAGE.fullmatch(exact)
    if match and match[1] == (None if file_id is None else str(file_id)):
        start, stop = int(match[2]), int(match[3])
        passage = found(words, Passage(start, stop, quote.strip() or words.text[start:stop]))
        if passage is not None and passage.paragraph == number:
            return passage
    return passage_of_paragraph(words, number)


def read_area(file_id: int, page: int, exact: str) -> Area | None:
    """The area of this page that a form names, if it names one that lies on the page."""
    match = EXACT_AREA.fullmatch(exact)
    if match is None or (int(match[1]), int(match[2])) != (file_id, page):
        return None
    area = Area(*map(int, match.groups()[2:]))
    is_on_page = area.x + area.width <= WHOLE and area.y + area.height <= WHOLE
    return area if is_on_page and area.width and area.height else None


def on_page(places: Sequence[Place], file_id: int, page: int) -> list[int]:
    """Which of these places lie on a page, by their position in the sequence."""
    return [
        position
        for position, one in enumerate(places)
        if isinstance(one, Spot) and (one.file_id, one.page) == (file_id, page)
    ]


def to_data(place: Place) -> dict[str, Any]:
    """A place as JSON keeps it."""
    if isinstance(place, Passage):
        said = {
            "start": place.start,
            "stop": place.stop,
            "quote": place.quote,
            "paragraph": place.paragraph,
        }
        return said if place.file_id is None else said | {"file": place.file_id, "name": place.name}
    return {
        "file": place.file_id,
        "name": place.name,
        "page": place.page,
        "area": list(place.area) if place.area else None,
    }


def from_data(data: Mapping[str, Any]) -> Place:
    if "start" in data:
        passage = Passage(data["start"], data["stop"], data["quote"], data["paragraph"])
        return replace(passage, file_id=data.get("file"), name=data.get("name", ""))
    area = Area(*data["area"]) if data["area"] else None
    return Spot(data["file"], data["page"], area, data["name"])
