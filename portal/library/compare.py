"""What an import would do to each part of a course: decisions over the plan and what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

NEW, SAME, CHANGED, KEPT, GONE, BACK = "new", "same", "changed", "kept", "gone", "back"
KEPT_GONE = "kept-gone"


class Imported(Protocol):
    """A row that came from a file."""

    source_hash: str | None
    edited_at: datetime | None


@dataclass(frozen=True)
class Change:
    """What happens to one part: its kind ("lesson"), path, title and verdict."""

    what: str
    path: str
    title: str
    verdict: str


def verdict(digest: str, row: Imported | None) -> str:
    """What an import does to a row whose file has this digest.

    A row without a source hash is one whose file had vanished, and its file brings it back; or it
    was written here, and is kept.
    """
    if row is None:
        return NEW
    if row.source_hash is None:
        return KEPT if row.edited_at else BACK
    if row.source_hash == digest:
        return SAME
    return KEPT if row.edited_at else CHANGED


def vanished(rows: Mapping[str, Imported], present: Iterable[str]) -> dict[str, str]:
    """Rows whose file is gone: hidden, unless somebody edited them here since."""
    there = set(present)
    return {
        path: KEPT_GONE if row.edited_at else GONE
        for path, row in rows.items()
        if path not in there and row.source_hash is not None
    }


def order_with(existing: list[str], planned: list[str]) -> list[str]:
    """The order of paths after an import: ours stays, and what is new follows its neighbour.

    `existing` is ours; each path of `planned` that it lacks comes after the planned path before it.
    """
    order = list(existing)
    before: str | None = None
    for path in planned:
        if path not in order:
            order.insert(order.index(before) + 1 if before in order else 0, path)
        before = path
    return order
