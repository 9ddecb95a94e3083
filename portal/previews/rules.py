"""What decides about previews: pure functions over plain values."""

from datetime import datetime, timedelta

from portal.files.kinds import KINDS

KINDS_SHOWN = {KINDS[key].media_type: key for key in ("pdf", "docx")}
"""The kinds that have a preview, by media type."""
MOST_PAGES = 400
WINDOW = 10
"""So many pages of a PDF stand on one page of the portal."""
PATIENCE = timedelta(minutes=15)
MOST_MARKED = 300_000
"""Passages can be marked in the HTML of a document up to this length."""


def has_preview(media_type: str) -> bool:
    return media_type in KINDS_SHOWN


def window_of(page: int) -> int:
    """The first page of the ten among which this page is shown."""
    return (max(page, 1) - 1) // WINDOW * WINDOW + 1


def is_stuck(state: str, asked_at: datetime, now: datetime) -> bool:
    """Whether a preview has been waited for so long that asking again is offered."""
    return state == "waiting" and now - asked_at > PATIENCE


def storable(text: str, most: int) -> str:
    """A page's words as a database takes them: no control characters, at most so many."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "ignore").decode()
    return "".join(one for one in lines if one in "\n\t" or one.isprintable())[:most]
