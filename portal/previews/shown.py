"""A file's preview as a page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal import clock
from portal.files.models import Blob, Stored
from portal.previews import storage
from portal.previews.queries import Known, Pages, Pictured, previews_with_pages
from portal.previews.rules import MOST_MARKED, WINDOW, has_preview, is_stuck, window_of


@dataclass
class Shown:
    """What there is of a file's preview: ten of its pages, from ``first`` on.

    ``can_ask``: there is none, or it got lost, so that the page offers to have it made.
    """

    preview: Known | None = None
    first: int = 1
    pages: list[Pictured] = field(default_factory=list)
    can_ask: bool = False

    @property
    def shown_pages(self) -> int:
        """How many pages can be shown in the end, as far as is known."""
        if self.preview is None:
            return 0
        return self.preview.ready if self.preview.state != "waiting" else self.preview.pages or 0

    @property
    def document(self) -> str:
        """The HTML of a document in which passages can be marked; empty where there is none."""
        html = self.preview.html if self.preview is not None and not self.can_ask else ""
        return html if len(html) <= MOST_MARKED else ""

    @property
    def is_growing(self) -> bool:
        """Whether something that belongs here is still being made."""
        if self.preview is None or self.preview.state != "waiting":
            return False
        wanted = min(WINDOW, (self.preview.pages or WINDOW) - self.first + 1)
        return len(self.pages) < wanted

    @property
    def next(self) -> int | None:
        """The first page of the next ten."""
        after = self.first + WINDOW
        return after if after <= self.shown_pages else None

    @property
    def previous(self) -> int | None:
        return self.first - WINDOW if self.first > WINDOW else None


def shown_of(blobs: Iterable[Blob], page: int = 1) -> dict[int, Shown]:
    """The previews of these files by the file's blob, each with the ten pages around ``page``.

    Only kinds that have a preview are in it. One query, none when no file is of such a kind.
    """
    wanted = {blob.id: blob for blob in blobs if has_preview(blob.media_type)}
    first = window_of(page)
    rows = previews_with_pages(list(wanted), first, first + WINDOW - 1) if wanted else []
    return shown_among(wanted.values(), rows, first)


def shown_among(blobs: Iterable[Blob | Stored], rows: Pages, first: int = 1) -> dict[int, Shown]:
    """The same of what was selected already."""
    wanted = {blob.id: blob for blob in blobs if has_preview(blob.media_type)}
    found = {blob_id: Shown(first=first, can_ask=True) for blob_id in wanted}
    for preview, one in rows:
        shown = found.get(preview.blob_id)
        if shown is None:
            continue
        if shown.preview is None:
            shown.preview = preview
            shown.can_ask = is_stuck(preview.state, preview.asked_at, clock.now()) or (
                preview.state == "done" and not storage.is_there(wanted[preview.blob_id])
            )
        if one is not None and one not in shown.pages:  # a file may be there under two names
            shown.pages.append(one)
    return found
