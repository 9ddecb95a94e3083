"""Releasing several reviews at once: each as its participant will see it, then one button; and
taking them back for ten minutes."""

import re
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from flask import abort, flash, request, url_for
from flask_login import current_user

from portal.reviews import records, releasing, sets
from portal.reviews.basis import Basis, basis_of
from portal.reviews.desks import desk_of
from portal.reviews.filters import remembered
from portal.reviews.models import ReleaseSet
from portal.reviews.rules import mark_of
from portal.reviews.views.reviews import ADDRESS, desk_or_404
from portal.rubrics.queries import criteria_by_version, criteria_of
from portal.texts import Refused, _, ngettext
from portal.web.access import MENTOR, SIGNED_IN
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("release_sets", __name__, url_prefix="/reviews/releases")
single = Routes("pending_releases", __name__)

SEEN = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})\.(\d{1,9})")


@routes.get("", access=SIGNED_IN)
def new():
    return set_page()


@routes.post("", access=SIGNED_IN)
def create():
    wanted = _wanted()
    if not wanted:
        return set_page(because=_("Choose at least one review."), status=422)
    made, refused = None, {}
    for one in wanted:
        try:
            made = _release(made, *one)
        except Refused as refusal:
            refused[one[0]] = str(refusal)
    if refused:
        return set_page(refused=refused, status=409)
    return redirect_to("reviews.index")


def _release(made: ReleaseSet | None, submission_id: int, seen: Basis) -> ReleaseSet:
    """Put one review into the set, which the first that is not refused begins."""
    desk = desk_of(current_user.id, None, submission_id)
    if desk is None:
        raise Refused(_("You do not review this work any more."))
    path = url_for(
        "work.show",
        cohort_id=desk.submission.cohort_id,
        assignment_id=desk.assignment.id,
        _anchor=f"feedback-{desk.submission.number}",
    )
    criteria = criteria_of(desk.submission.rubric_version_id)
    return sets.add(made, current_user.id, desk, criteria, seen=seen, path=path)


def _wanted() -> list[tuple[int, Basis]]:
    """What was chosen, each with what the page had shown of it."""
    found = []
    for key in dict.fromkeys(request.form.getlist("take")):
        seen = SEEN.fullmatch(request.form.get(f"seen_{key}", ""))
        if re.fullmatch(r"\d{1,9}", key) and seen:
            found.append((int(key), Basis(*(int(part) for part in seen.groups()))))
    return found[: sets.MOST]


def set_page(
    *, refused: Mapping[int, str] | None = None, because: str = "", status: int = 200
) -> Page:
    """Every review draft on what waits, with what it lacks, or as its participant will see it."""
    chosen = remembered(current_user.id)
    drafts = sets.drafts_to_release(current_user.id, chosen.filter_)
    loaded = records.sheets_of(review for _desk, review in drafts)
    criteria = criteria_by_version(desk.submission.rubric_version_id for desk, _ in drafts)
    capacities = sets.capacities_for(
        (desk.submission.cohort_id, desk.person.id) for desk, _ in drafts
    )
    rows: list[dict[str, Any]] = []
    for desk, review in drafts:
        sheet, _steps, names = loaded[review.id]
        own = criteria[desk.submission.rubric_version_id]
        rows.append(
            {
                "desk": desk,
                "seen": ".".join(str(one) for one in astuple(basis_of(desk, review))),
                "sheet": sheet,
                "names": names,
                "criteria": own,
                "mark": mark_of(own, sheet.judgements) if desk.is_marked else None,
                "capacities": capacities(desk.submission.cohort_id, desk.person.id),
                "missing": releasing.missing_for(desk, sheet, own),
                "refused": (refused or {}).get(desk.submission.id, ""),
            }
        )
    here = {desk.submission.id for desk, _review in drafts}
    return page(
        "reviews/release_sets.html",
        status=status,
        rows=rows,
        gone=[why for id_, why in (refused or {}).items() if id_ not in here],
        because=because,
        is_narrowed=chosen.filter_.narrows,
        pending=sets.pending_of(current_user.id),
        most=sets.MOST,
    )


@routes.post("/<int:release_set_id>/undo", access=SIGNED_IN)
def remove(release_set_id: int):
    """Take a whole set back."""
    made = sets.set_of(current_user.id, release_set_id) or abort(404)
    try:
        count = sets.take_back(made, current_user.id)
    except Refused as refusal:
        flash(str(refusal), "warning")
    else:
        flash(
            ngettext(
                "%(num)s review is a draft again. Nobody has seen it.",
                "%(num)s reviews are drafts again. Nobody has seen them.",
                count,
            ),
            "done",
        )
    return redirect_to("reviews.index")


@single.post(f"{ADDRESS}/release/undo", access=MENTOR, endpoint="remove")
def remove_one(cohort_id: int, submission_id: int):
    """Take one review back, whoever of its mentors released it."""
    desk_or_404(cohort_id, submission_id)
    try:
        sets.take_back_one(submission_id, current_user.id)
        flash(_("The review is a draft again. Nobody has seen it."), "done")
    except Refused as refusal:
        flash(str(refusal), "warning")
    return redirect_to("reviews.show", cohort_id=cohort_id, submission_id=submission_id)
