"""The comment bank beside the remarks of a review: what is offered, put in, and kept."""

import re
from collections.abc import Mapping, Sequence

from portal.reviews.desks import Desk
from portal.reviews.sheets import Sheet
from portal.rubrics.rules import Criterion
from portal.snippets import actions
from portal.snippets.models import Snippet
from portal.snippets.queries import offered_to, snippet_for
from portal.snippets.rules import Offer, appended, filled, generalised, key_of, offers_for
from portal.texts import Refused, lazy
from portal.web.formats import short_name

FEEDBACK = "feedback"
PLACED = "placed"
CHOICE = re.compile(r"(feedback|placed_\d{1,2}|\d{1,9})-(\d{1,9})")
Texts = Mapping[str, str]


def offers(
    desk: Desk, criteria: Sequence[Criterion], sheet: Sheet, mentor_id: int
) -> dict[str, list[Offer]]:
    """What may be put into each remark, by the criterion's id as a text, and into the overall
    feedback under FEEDBACK; into a remark on a place under PLACED. One query."""
    kept = offered_to(mentor_id, desk.submission.cohort.organisation_id)
    said = {"name": short_name(desk.person.name), "assignment": desk.assignment.title}
    found = {
        str(one.id): offers_for(
            kept,
            criterion=one.title,
            levels={key_of(level.title): level.id for level in one.levels},
            chosen=sheet.judged(one.id).level_id,
            **said,
        )
        for one in criteria
    }
    for key, criterion in ((FEEDBACK, ""), (PLACED, None)):
        found[key] = offers_for(kept, criterion=criterion, levels={}, chosen=None, **said)
    return found


def field_of(key: str) -> str:
    """The field of the form that holds the remark with this key: a criterion's id, FEEDBACK, or
    «placed_2» for the third row of those on places."""
    if key == FEEDBACK:
        return key
    return f"{key}_text" if key.startswith(PLACED) else f"remark_{key}"


def chosen(words: str | None, mentor_id: int) -> tuple[str, Snippet] | None:
    """Into which field which snippet is put, as «12-345» says; None when it says nothing."""
    match = CHOICE.fullmatch(words or "")
    snippet = snippet_for(mentor_id, int(match[2])) if match else None
    return (match[1], snippet) if match and snippet else None


def with_snippet(desk: Desk, before: str, snippet: Snippet) -> str:
    """A remark with the snippet put after what stands there, once."""
    name = short_name(desk.person.name)
    return appended(
        before, filled(snippet.text, name=name, assignment=desk.assignment.title)
    )  # fmt: skip


def keep(
    desk: Desk, mentor_id: int, key: str, text: str, criteria: Sequence[Criterion], level_id: str
) -> Snippet:
    """Keep a remark in the mentor's own bank, under its criterion and level, without the name of
    the person it was written for."""
    criterion = next((one for one in criteria if str(one.id) == key), None)
    if criterion is None and key != FEEDBACK and not key.startswith(PLACED):
        raise Refused(lazy("Choose from what the lists offer."))
    levels = criterion.levels if criterion else ()
    level = next((one for one in levels if str(one.id) == level_id), None)
    name = desk.person.name
    return actions.keep(
        mentor_id,
        generalised(text, names={name, short_name(name)}, assignment=desk.assignment.title),
        criterion=criterion.title if criterion else "",
        level=level.title if level else "",
    )
