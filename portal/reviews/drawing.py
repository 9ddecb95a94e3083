"""What the templates of reviews draw with: Markdown of people, marks, kinds of files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Flask
from markupsafe import Markup

from portal.assignments.models import Assignment
from portal.assignments.planned import Described
from portal.courses.shown import shown_in
from portal.files.kinds import KINDS, RASTER
from portal.markdown import Paragraph, marked, note, words_of
from portal.markdown import Passage as Marked
from portal.previews.queries import Pictured
from portal.previews.shown import Shown
from portal.reviews import copies, dialogue, places, rules
from portal.reviews.open_items import Count
from portal.reviews.places import Area, Passage
from portal.reviews.queries import File, Held
from portal.reviews.sheets import Placed
from portal.rubrics.rules import Criterion, Level
from portal.submissions.models import Submission, SubmissionFile
from portal.texts import _, language, ngettext
from portal.web.addresses import url_for

BY_MEDIA_TYPE = {kind.media_type: kind.key.upper() for kind in KINDS.values()}


def kind_name(file: SubmissionFile | File) -> str:
    """«PDF», «DOCX»: what kind of file it is, in one word."""
    return BY_MEDIA_TYPE.get(file.blob.media_type, file.blob.media_type)


def level_with(criterion: Criterion | None, level_id: int | None) -> Level | None:
    levels = criterion.levels if criterion else ()
    return next((one for one in levels if one.id == level_id), None)


def capacity_names(capacities: Iterable[Held]) -> str | None:
    """«Atasan langsung, Coach»: in what capacities somebody mentors, in the reader's language."""
    return ", ".join(one.name_in(language()) for one in capacities) or None


def brief(assignment: Assignment | Described, cohort_id: int) -> Markup:
    """The brief of an assignment as HTML, its links and pictures those of the cohort."""
    return shown_in(cohort_id, assignment.html) if assignment.html else note(assignment.brief)


MARK = Markup(
    '<a class="remark-mark" data-aside id="place-{key}" href="#remark-{key}"'
    ' aria-label="{label}">{number}</a>'
)


def _numbered(paragraph: Paragraph) -> Markup:
    return Markup(  # noqa: S704 - two integers
        f'<span class="paragraph-number" data-aside data-start="{paragraph.start}">'
        f"{paragraph.number}</span>"
    )


def marked_text(text: str, placed: Sequence[Placed], is_numbered: bool = False) -> Markup:
    """The text of a submission version, with the remarks placed on it, each leading to its words
    in the list of remarks; ``is_numbered`` shows the number of each paragraph."""
    return _marked(note(text), placed, None, is_numbered=is_numbered)


def marked_document(html: str, placed: Sequence[Placed], file_id: int) -> Markup:
    """The cleaned HTML of a document with the numbers of its paragraphs and the remarks on it."""
    return _marked(html, placed, file_id, is_numbered=True)


def _marked(
    html: str, placed: Sequence[Placed], file_id: int | None, *, is_numbered: bool
) -> Markup:
    words = words_of(html)
    passages = []
    for number, one in enumerate(placed, 1):
        place = one.place
        if not isinstance(place, Passage) or place.file_id != file_id:
            continue
        passage = places.shown(words, place)
        if passage is not None:
            after = MARK.format(
                key=one.key, number=number, label=_("Remark %(number)s", number=number)
            )
            passages.append(Marked(passage.start, passage.stop, after))
    return marked(html, passages, _numbered if is_numbered else None)


def placed_on(placed: Sequence[Placed], file_id: int, page: int) -> list[tuple[int, Placed]]:
    """The remarks on a page of a file, each with its number."""
    found = places.on_page([one.place for one in placed], file_id, page)
    return [(position + 1, placed[position]) for position in found]


def area_on(area: Area, page: Pictured) -> Area:
    """The area in pixels of the page's picture."""
    return Area(
        area.x * page.width // places.WHOLE,
        area.y * page.height // places.WHOLE,
        max(1, area.width * page.width // places.WHOLE),
        max(1, area.height * page.height // places.WHOLE),
    )


def places_of(
    submission: Submission,
    files: Sequence[SubmissionFile | File],
    previews: Mapping[int, Shown],
    placed: Sequence[Placed],
    at: str,
) -> dict[str, str]:
    """Where the place of each remark is to be seen, by the remark's key: on this page, or on
    another ten pages of its file, at the route ``at``."""
    here = {
        "cohort_id": submission.cohort_id,
        "assignment_id": submission.assignment_id,
        "submission_id": submission.id,
    }
    blobs = {one.id: one.blob_id for one in files}
    return {one.key: _place_of(one, blobs, previews, at, here) for one in placed}


def _place_of(
    one: Placed,
    blobs: Mapping[int, int],
    previews: Mapping[int, Shown],
    at: str,
    here: dict[str, Any],
) -> str:
    place = one.place
    if isinstance(place, Passage) and place.file_id is None:
        return f"#place-{one.key}" if place.quote else "#work-text"
    shown = previews.get(blobs.get(place.file_id or 0, 0))
    if isinstance(place, Passage):
        is_marked = shown is not None and places.shown(words_of(shown.document), place)
        return f"#place-{one.key}" if is_marked else f"#file-{place.file_id}"
    if shown is None or place.page is None or place.page > shown.shown_pages:
        return f"#file-{place.file_id}"
    if any(page.number == place.page for page in shown.pages):
        return f"#place-{one.key}"
    more = {"submission_file_id": place.file_id, "page": place.page}
    return url_for(at, _anchor=f"place-{one.key}", **here, **more)


def open_words(count: Count) -> str:
    """«2 action items to do, 1 to be confirmed»; nothing when none is open."""
    said = []
    if count.todo:
        said.append(ngettext("%(num)d action item to do", "%(num)d action items to do", count.todo))
    if count.done:
        said.append(
            ngettext("%(num)d done, to be confirmed", "%(num)d done, to be confirmed", count.done)
        )
    return ", ".join(said)


def init(app: Flask) -> None:
    names: dict[str, Any] = {
        "note": note,
        "brief": brief,
        "capacity_names": capacity_names,
        "level_of": rules.level_of,
        "points_of": rules.points_of,
        "mark_of": rules.mark_of,
        "band_of": rules.band_of,
        "kind_name": kind_name,
        "level_with": level_with,
        "may_follow": dialogue.may_follow,
        "RASTER": RASTER,
        "marked_text": marked_text,
        "marked_document": marked_document,
        "placed_on": placed_on,
        "area_on": area_on,
        "places_of": places_of,
        "open_words": open_words,
        "copy_ready": copies.is_ready,
        "copy_can_ask": copies.can_ask,
    }
    app.jinja_env.globals.update(names)
