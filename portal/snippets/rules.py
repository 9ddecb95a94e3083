"""What a snippet says of whom, and in which order snippets are offered. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{(name|assignment)\}")
MOST_OFFERED = 30


class Kept(NamedTuple):
    """A snippet of somebody's own or one they share."""

    id: int
    text: str
    criterion: str
    level: str
    uses: int


@dataclass(frozen=True)
class Offer:
    """A snippet as it would stand in a remark; ``level_id`` is the level it belongs to here."""

    id: int
    text: str
    level_id: int | None
    uses: int


def filled(text: str, *, name: str, assignment: str) -> str:
    """The text with {name} and {assignment} said; whatever else stands in braces stays."""
    said = {"name": name, "assignment": assignment}
    return PLACEHOLDER.sub(lambda found: said[found[1]], text)


def generalised(text: str, *, names: Iterable[str], assignment: str) -> str:
    """The text with the person's names and the assignment's title as placeholders, so that the
    next person is not called by the name of the one before."""
    text = _replaced(text, assignment, "{assignment}")
    for name in sorted(names, key=len, reverse=True):
        text = _replaced(text, name, "{name}")
    return text


def _replaced(text: str, said: str, placeholder: str) -> str:
    words = re.escape(said.strip())
    return re.sub(rf"(?<!\w){words}(?!\w)", lambda _: placeholder, text) if words else text


def key_of(title: str) -> str:
    """What two titles have in common that differ in case or spaces only."""
    return " ".join(title.casefold().split())


def offers_for(
    snippets: Iterable[Kept],
    *,
    criterion: str | None,
    levels: Mapping[str, int],
    chosen: int | None,
    name: str,
    assignment: str,
) -> list[Offer]:
    """What is offered for a remark on a criterion ("" for the overall feedback): what was kept
    under it and what was kept under none, that of the chosen level first, then the most used.
    A remark that may concern any criterion (None) is offered everything.

    ``levels``: the ids of the criterion's levels by the key of their titles.
    """
    wanted = None if criterion is None else {"", key_of(criterion)}
    offers = [
        Offer(
            one.id,
            filled(one.text, name=name, assignment=assignment),
            levels.get(key_of(one.level)) if one.level else None,
            one.uses,
        )
        for one in snippets
        if wanted is None or key_of(one.criterion) in wanted
    ]
    return sorted(offers, key=lambda one: _rank(one, chosen))[:MOST_OFFERED]


def _rank(one: Offer, chosen: int | None) -> tuple[int, int, int]:
    belongs = one.level_id is not None
    fits = (0 if one.level_id == chosen else 2) if belongs else 1
    return fits, -one.uses, -one.id


def appended(before: str, text: str) -> str:
    """A remark with a snippet put after what stands there, once."""
    if text in before:
        return before
    return f"{before.rstrip()} {text}" if before.strip() else text
