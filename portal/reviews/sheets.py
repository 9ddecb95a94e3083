"""The sheet: everything a review says, as one plain value that can be compared, merged and kept.

A review's rows and the history of its saves (``ReviewSave.content``) both hold a sheet. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.reviews.places import Place, from_data, to_data
from portal.reviews.rules import NOT_JUDGED, Judged

CHOICES = ("mine", "theirs", "both")


@dataclass(frozen=True)
class Item:
    """An action item: ``thread`` is its name through all corrections and later versions.

    ``id`` is its row where there is one; two items are equal without regard to it.
    """

    thread: str
    text: str
    due_on: date | None = None
    author: int | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Placed:
    """A remark on a place in the work; ``key`` is its name through all saves and corrections.

    ``is_item`` makes it an action item too, by ``due_on``; ``id`` is then that item's row.
    """

    key: str
    text: str
    place: Place
    author: int | None = None
    is_item: bool = False
    due_on: date | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Sheet:
    """What a review says. Remarks are by criterion, then by author; those on places in the work
    (``placed``) in the order of reading."""

    judgements: Mapping[int, Judged] = field(default_factory=dict)
    remarks: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    feedback: str = ""
    feedback_by: int | None = None
    items: tuple[Item, ...] = ()
    decision: str | None = None
    revise_by: datetime | None = None
    placed: tuple[Placed, ...] = ()

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The action items, with those that are remarks on a place."""
        made = (Item(p.key, p.text, p.due_on, p.author, p.id) for p in self.placed if p.is_item)
        return (*self.items, *made)

    @property
    def says_something(self) -> bool:
        return bool(
            self.feedback.strip()
            or self.items
            or self.placed
            or any(text for by in self.remarks.values() for text in by.values())
        )

    def judged(self, criterion_id: int) -> Judged:
        return self.judgements.get(criterion_id, NOT_JUDGED)

    def remark(self, criterion_id: int, author: int) -> str:
        return self.remarks.get(criterion_id, {}).get(author, "")


EMPTY = Sheet()


@dataclass(frozen=True)
class Typed:
    """What one mentor typed: their own remarks, and all that is shared.

    ``judgements`` is None for a mentor who may review but not mark: then those stay as they are.
    """

    judgements: Mapping[int, Judged] | None
    remarks: Mapping[int, str]
    feedback: str
    items: tuple[Item, ...]
    decision: str | None
    revise_by: datetime | None
    placed: tuple[Placed, ...] = ()


def applied(typed: Typed, sheet: Sheet, author: int) -> Sheet:
    """The sheet after ``author`` saved what they typed; what is unchanged keeps its author."""
    judgements = dict(sheet.judgements)
    for criterion_id, judged in (typed.judgements or {}).items():
        before = sheet.judged(criterion_id)
        is_same = (before.level_id, before.value) == (judged.level_id, judged.value)
        judgements[criterion_id] = before if is_same else replace(judged, by=author)
    remarks = {criterion_id: dict(by) for criterion_id, by in sheet.remarks.items()}
    for criterion_id, text in typed.remarks.items():
        remarks.setdefault(criterion_id, {})[author] = text
    return normal(
        Sheet(
            judgements=judgements,
            remarks=remarks,
            feedback=typed.feedback,
            feedback_by=sheet.feedback_by if typed.feedback == sheet.feedback else author,
            items=_signed(typed.items, sheet.items, author),
            decision=typed.decision,
            revise_by=typed.revise_by,
            placed=(
                *(one for one in sheet.placed if one.author != author),
                *(replace(one, author=author) for one in typed.placed),
            ),
        )
    )


def _signed(typed: Sequence[Item], before: Sequence[Item], author: int) -> tuple[Item, ...]:
    known = {item.thread: item for item in before}
    signed = []
    for item in typed:
        old = known.get(item.thread)
        is_same = old is not None and (old.text, old.due_on) == (item.text, item.due_on)
        signed.append(old if old is not None and is_same else replace(item, author=author))
    return tuple(signed)


def normal(sheet: Sheet) -> Sheet:
    """The same sheet without what says nothing, so that equal sheets are equal values."""
    return replace(
        sheet,
        judgements={key: one for key, one in sorted(sheet.judgements.items()) if not one.is_empty},
        remarks={
            key: said
            for key, by in sorted(sheet.remarks.items())
            if (said := {who: text for who, text in sorted(by.items()) if text.strip()})
        },
        feedback_by=sheet.feedback_by if sheet.feedback.strip() else None,
        items=tuple(item for item in sheet.items if item.text.strip()),
        placed=in_order(one for one in sheet.placed if one.text.strip()),
    )


def in_order(placed: Iterable[Placed]) -> tuple[Placed, ...]:
    """As one comes upon them when reading the work."""
    return tuple(sorted(placed, key=lambda one: (one.place.order, one.key)))


def typed_part(sheet: Sheet, author: int, *, may_mark: bool) -> Typed:
    """What the form of ``author`` holds when it shows this sheet."""
    return Typed(
        judgements=dict(sheet.judgements) if may_mark else None,
        remarks={key: by[author] for key, by in sheet.remarks.items() if author in by},
        feedback=sheet.feedback,
        items=sheet.items,
        decision=sheet.decision,
        revise_by=sheet.revise_by,
        placed=placed_by(sheet, author),
    )


def placed_by(sheet: Sheet, author: int) -> tuple[Placed, ...]:
    return tuple(one for one in sheet.placed if one.author == author)


# --- two people at once ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A part in which two sheets differ. ``part`` names it in forms: ``judgement_7``, ``feedback``.

    ``changed_by`` says who changed it since the sheet both started from: mine, theirs, or both.
    """

    part: str
    kind: str
    criterion_id: int | None
    mine: Any
    theirs: Any
    changed_by: str

    @property
    def can_join(self) -> bool:
        """Texts and lists can be kept both, one after the other."""
        return self.kind in {"remark", "feedback", "items", "placed"}

    @property
    def suggested(self) -> str | None:
        """What is chosen already: whose change it was; both texts if both changed; else none."""
        if self.changed_by != "both":
            return self.changed_by
        return "both" if self.can_join else None


def parts_of(sheet: Sheet, author: int) -> dict[str, tuple[str, int | None, Any]]:
    """Everything in the sheet that ``author`` can change, by the name of the part."""
    found: dict[str, tuple[str, int | None, Any]] = {
        "feedback": ("feedback", None, sheet.feedback),
        "items": ("items", None, tuple((one.thread, one.text, one.due_on) for one in sheet.items)),
        "decision": ("decision", None, (sheet.decision, sheet.revise_by)),
        "placed": ("placed", None, placed_by(sheet, author)),
    }
    for criterion_id, judged in sheet.judgements.items():
        found[f"judgement_{criterion_id}"] = (
            "judgement",
            criterion_id,
            (judged.level_id, judged.value),
        )
    for criterion_id, by in sheet.remarks.items():
        if author in by:
            found[f"remark_{criterion_id}"] = ("remark", criterion_id, by[author])
    return found


NOTHING = {
    "judgement": (None, None),
    "remark": "",
    "feedback": "",
    "items": (),
    "decision": (None, None),
    "placed": (),
}


def differences(mine: Sheet, theirs: Sheet, base: Sheet | None, author: int) -> list[Difference]:
    """Every part in which mine and theirs differ, judged against what both started from."""
    left, right = parts_of(mine, author), parts_of(theirs, author)
    start = parts_of(base, author) if base is not None else None
    found = []
    for part in sorted(left.keys() | right.keys()):
        kind, criterion_id, _value = left.get(part) or right[part]
        nothing = (kind, criterion_id, NOTHING[kind])
        one, other = left.get(part, nothing)[2], right.get(part, nothing)[2]
        if one == other:
            continue
        changed_by = "both"
        if start is not None:
            before = start.get(part, nothing)[2]
            if one == before:
                changed_by = "theirs"
            elif other == before:
                changed_by = "mine"
        found.append(Difference(part, kind, criterion_id, one, other, changed_by))
    return found


def joined(mine: str, theirs: str) -> str:
    """Both texts, theirs first, with a line between them."""
    return f"{theirs.rstrip()}\n\n---\n\n{mine.lstrip()}"


def settled(typed: Typed, theirs: Sheet, author: int, choices: Mapping[str, str]) -> Typed:
    """What was typed, with the parts of the other sheet where the person chose those."""
    other = typed_part(theirs, author, may_mark=typed.judgements is not None)
    result = typed
    for part, choice in choices.items():
        if choice not in {"theirs", "both"}:
            continue
        kind, _sep, number = part.partition("_")
        criterion_id = int(number) if number else 0
        if kind == "judgement" and result.judgements is not None:
            judged = (other.judgements or {}).get(criterion_id, NOT_JUDGED)
            result = replace(result, judgements={**result.judgements, criterion_id: judged})
        elif kind == "remark":
            text = other.remarks.get(criterion_id, "")
            if choice == "both":
                text = joined(result.remarks.get(criterion_id, ""), text)
            result = replace(result, remarks={**result.remarks, criterion_id: text})
        elif kind == "feedback":
            text = joined(result.feedback, other.feedback) if choice == "both" else other.feedback
            result = replace(result, feedback=text)
        elif kind == "items":
            result = replace(
                result,
                items=_both(result.items, other.items) if choice == "both" else other.items,
            )
        elif kind == "placed":
            mine = result.placed if choice == "both" else ()
            result = replace(result, placed=_both_placed(mine, other.placed))
        elif kind == "decision":
            result = replace(result, decision=other.decision, revise_by=other.revise_by)
    return result


def _both(mine: Sequence[Item], theirs: Sequence[Item]) -> tuple[Item, ...]:
    """All items of both; an item that both changed stands twice, mine under a name of its own."""
    others = {item.thread: item for item in theirs}
    kept = list(theirs)
    for item in mine:
        other = others.get(item.thread)
        if other is None:
            kept.append(item)
        elif (other.text, other.due_on) != (item.text, item.due_on):
            kept.append(replace(item, thread=item.thread[::-1]))
    return tuple(kept)


def _both_placed(mine: Sequence[Placed], theirs: Sequence[Placed]) -> tuple[Placed, ...]:
    """All remarks of both; one that both changed stands twice, mine under a name of its own."""
    others = {one.key: one for one in theirs}
    kept = list(theirs)
    for one in mine:
        if one.key not in others:
            kept.append(one)
        elif _unsigned(one) != _unsigned(others[one.key]):
            kept.append(replace(one, key=one.key[::-1]))
    return tuple(kept)


def _unsigned(one: Placed) -> Placed:
    return replace(one, author=None)


# --- as JSON, for the history of saves ------------------------------------------------------------


def to_content(sheet: Sheet) -> dict[str, Any]:
    return {
        "judgements": {
            str(key): {
                "level": one.level_id,
                "value": None if one.value is None else str(one.value),
                "by": one.by,
            }
            for key, one in sheet.judgements.items()
        },
        "remarks": {
            str(key): {str(who): text for who, text in by.items()}
            for key, by in sheet.remarks.items()
        },
        "feedback": sheet.feedback,
        "feedback_by": sheet.feedback_by,
        "items": [
            {
                "thread": item.thread,
                "text": item.text,
                "due_on": item.due_on.isoformat() if item.due_on else None,
                "author": item.author,
            }
            for item in sheet.items
        ],
        "decision": sheet.decision,
        "revise_by": sheet.revise_by.isoformat() if sheet.revise_by else None,
        "placed": [
            {
                "key": one.key,
                "text": one.text,
                "place": to_data(one.place),
                "author": one.author,
                "is_item": one.is_item,
                "due_on": one.due_on.isoformat() if one.due_on else None,
            }
            for one in sheet.placed
        ],
    }


def from_content(content: Mapping[str, Any]) -> Sheet:
    return Sheet(
        judgements={
            int(key): Judged(
                one["level"], None if one["value"] is None else Decimal(one["value"]), one["by"]
            )
            for key, one in content["judgements"].items()
        },
        remarks={
            int(key): {int(who): text for who, text in by.items()}
            for key, by in content["remarks"].items()
        },
        feedback=content["feedback"],
        feedback_by=content["feedback_by"],
        items=tuple(
            Item(
                one["thread"],
                one["text"],
                date.fromisoformat(one["due_on"]) if one["due_on"] else None,
                one["author"],
            )
            for one in content["items"]
        ),
        decision=content["decision"],
        revise_by=(datetime.fromisoformat(content["revise_by"]) if content["revise_by"] else None),
        placed=tuple(
            Placed(
                one["key"],
                one["text"],
                from_data(one["place"]),
                one["author"],
                one["is_item"],
                date.fromisoformat(one["due_on"]) if one["due_on"] else None,
            )
            for one in content["placed"]
        ),
    )
