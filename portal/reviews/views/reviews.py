"""A mentor's queue, and the page on which they judge one submission version."""

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import abort, flash, request
from flask_login import current_user

from portal import clock
from portal.journal.sightings import saw
from portal.previews.shown import shown_of
from portal.reviews import actions, bank, claims, queries, sheets
from portal.reviews.basis import Basis, basis_of
from portal.reviews.desks import Desk, Handed, desk_of
from portal.reviews.filters import Remembered, remembered
from portal.reviews.forms import ReviewForm, review_form, seen_in
from portal.reviews.open_items import count_in, counts_of, record_with_followed
from portal.reviews.placing import Work
from portal.reviews.queries import Present
from portal.reviews.queue import neighbours, waiting_for
from portal.reviews.rules import mark_of
from portal.reviews.sets import pending_of
from portal.reviews.sheets import Typed
from portal.reviews.views.before_release import preview
from portal.reviews.waiting import Place
from portal.rubrics.queries import criteria_by_version, criteria_of
from portal.snippets import actions as snippets
from portal.snippets.models import Snippet
from portal.submissions.models import Submission
from portal.texts import Refused, _
from portal.web.access import MENTOR, SIGNED_IN, standing
from portal.web.formats import brief, iso, zone
from portal.web.htmx import page, redirect_to, wants_json
from portal.web.routes import Afterwards, Routes

routes = Routes("reviews", __name__)

ADDRESS = "/cohorts/<int:cohort_id>/submissions/<int:submission_id>/review"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@routes.get("/reviews", access=SIGNED_IN)
def index():
    return queue_page(remembered(current_user.id))


def queue_page(chosen: Remembered, *, because: str = "", status: int = 200):
    """A page of what waits for the present person, of the part they chose to see."""
    now = clock.now()
    queue = waiting_for(
        current_user.id,
        now=now,
        filter_=chosen.filter_,
        after=place_of(request.args.get("after")),
        before=place_of(request.args.get("before")),
    )
    return page(
        "reviews/index.html",
        status=status,
        queue=queue,
        chosen=chosen.filter_,
        cohorts=_with(queue.cohorts, chosen.filter_.cohort_id, chosen.cohort),
        assignments=_with(queue.assignments, chosen.filter_.assignment_id, chosen.assignment),
        because=because,
        pending=pending_of(current_user.id) if chosen.can_take_back else [],
        now=now,
        open_items=counts_of((one.cohort.id, one.assignment, one.person.id) for one in queue.rows),
        cursor=cursor,
    )


def _with(choices: Sequence[tuple[int, str]], id_: int | None, name: str):
    """The choices of a filter, and the chosen one although nothing waits there any more."""
    known = {key for key, _name in choices}
    return [*choices, (id_, name)] if id_ is not None and id_ not in known else choices


def cursor(place: Place) -> str:
    """A place in the queue as an address says it."""
    return f"{(place[0] - EPOCH) // MICROSECOND}-{place[1]}"


def place_of(text: str | None) -> Place | None:
    """The place that an address says; None when it says none."""
    match = re.fullmatch(r"(\d{1,17})-(\d{1,10})", text or "")
    return (EPOCH + int(match[1]) * MICROSECOND, int(match[2])) if match else None


@routes.get(ADDRESS, access=MENTOR)
def show(cohort_id: int, submission_id: int):
    desk = desk_or_404(cohort_id, submission_id)
    saw("submission", submission_id, cohort_id)
    return review_page(desk)


@routes.post(ADDRESS, access=MENTOR, endpoint="update")
def update(cohort_id: int, submission_id: int):
    desk = desk_or_404(cohort_id, submission_id)
    criteria = criteria_of(desk.submission.rubric_version_id)
    form = review_form(
        criteria, may_mark=desk.may_mark, mentor_id=current_user.id, work=_work_of(desk.submission)
    )
    snippet = _put_in(form, desk)
    if not form.validate():
        return _refused_json("invalid", 422) or review_page(desk, form=form, status=422)
    seen = seen_in(request.form)
    typed = form.typed(standing().organisation.zone)
    if "settle" in request.form:
        present = actions.present_of(submission_id, hold=True)
        if seen == basis_of(desk, present):
            choices = _choices()
            if _unsettled(typed, present, choices, seen):
                return conflict_page(desk, typed, present, form, status=422)
            typed = sheets.settled(typed, present.sheet, current_user.id, choices)
    try:
        saved = actions.save(desk, current_user.id, typed, seen=seen, page_key=form.key())
    except Refused as refusal:
        if not refusal.conflict:
            form.refuse(refusal.sentence, refusal.field)
            return _refused_json("refused", 422) or review_page(desk, form=form, status=422)
        present = actions.keep_refused(desk, current_user.id, typed, seen=seen)
        desk = desk_or_404(cohort_id, submission_id)
        return _refused_json("conflict", 409) or conflict_page(
            desk, typed, present, form, because=refusal.sentence
        )
    if snippet is not None:
        snippets.count_use(snippet)
    _keep(form, desk)
    is_mine = claims.claim(submission_id, current_user.id)
    return _saved(desk, saved, None if is_mine else claims.holder_of(submission_id))


def _put_in(form: ReviewForm, desk: Desk) -> Snippet | None:
    """Put the snippet that a plain button chose into its remark, before anything is judged."""
    found = bank.chosen(request.form.get("insert"), current_user.id)
    if found is None:
        return None
    key, snippet = found
    name = bank.field_of(key)
    if name not in form:
        return None
    form[name].data = bank.with_snippet(desk, form[name].data or "", snippet)
    return snippet


def _keep(form: ReviewForm, desk: Desk) -> None:
    """Keep the remark in the comment bank whose plain button was pressed."""
    key = request.form.get("keep")
    if key is None:
        return
    name = bank.field_of(key)
    text = form[name].data or "" if name in form else ""
    level = request.form.get(f"level_{key}", "")
    try:
        bank.keep(desk, current_user.id, key, text, form.criteria, level)
        flash(_("Kept in the comment bank."), "done")
    except Refused as refusal:
        flash(str(refusal), "warning")


def _work_of(submission: Submission | Handed) -> Work:
    """What remarks can be placed on; what a file holds only where one was named."""
    files = queries.files_of(submission.id)
    is_named = any(text.startswith("file-") for text in request.form.values())
    previews = shown_of(one.blob for one in files) if is_named else {}
    return Work.of(submission.text, files, previews)


def _saved(desk: Desk, saved: Present, other_holder_id: int | None):
    place: dict[str, Any] = {
        "cohort_id": desk.submission.cohort_id,
        "submission_id": desk.submission.id,
    }
    if wants_json():
        at = saved.draft.saved_at if saved.draft else clock.now()
        said = {
            "number": saved.number,
            "revision": saved.revision,
            "saved_at": iso(at),
            "saved_text": brief(at),
            "holder": other_holder_id or current_user.id,
        }
        if request.form.get("next") != "release":
            return said
        return Afterwards(lambda: replace(preview(desk), said=said))
    if request.form.get("next") == "release":
        return redirect_to("releases.new", **place)
    if {"add_item", "remove_item", "make_item"} & request.form.keys():
        more = 2 if "add_item" in request.form else 1
        return redirect_to(
            "reviews.show", _anchor="items", rows=more, **place, **_correcting(saved)
        )
    pressed = request.form.get("insert") or request.form.get("keep") or ""
    is_placing = {"add_placed", "remove_placed"} & request.form.keys()
    if is_placing or pressed.startswith(bank.PLACED):  # the rows may have changed their order
        return redirect_to("reviews.show", _anchor="placed", **place, **_correcting(saved))
    anchor = bank.field_of(pressed.partition("-")[0]) if pressed else "judgement"
    return redirect_to("reviews.show", _anchor=anchor, **place, **_correcting(saved))


def _correcting(saved: Present) -> dict[str, int]:
    """A correction that nothing was typed into yet has no row: the page must be told."""
    return {"correct": 1} if saved.draft is None and saved.last_released else {}


def _refused_json(error: str, status: int):
    return ({"error": error}, status) if wants_json() else None


def desk_or_404(cohort_id: int, submission_id: int) -> Desk:
    return desk_of(current_user.id, cohort_id, submission_id) or abort(404)


def review_page(desk: Desk, *, form: ReviewForm | None = None, status: int = 200):
    """The work beside its judgement. Nothing is written by looking."""
    submission = desk.submission
    key = (submission.cohort_id, submission.assignment_id, submission.person_id)
    record, followed = record_with_followed(key[0], desk.assignment, key[2], for_mentors=True)
    here = record.on(submission.id)
    draft = next((one.review for one in here if not one.is_released), None)
    last = next((one.review for one in here if one.is_released), None)
    present = queries.present_among(draft, last, {one.review.id: one.sheet for one in here})
    criteria = criteria_by_version(one.rubric_version_id for one in record.versions)
    own = criteria[submission.rubric_version_id]
    files, previews = queries.files_with_previews(submission.id)
    is_on_its_way = draft is not None and draft.released_at is not None
    is_editing = form is not None or (
        not is_on_its_way and (draft is not None or last is None or "correct" in request.args)
    )
    if is_editing and form is None:
        form = review_form(
            own,
            may_mark=desk.may_mark,
            mentor_id=current_user.id,
            sheet=present.sheet,
            place=zone(standing().organisation.zone),
            empty_rows=2 if request.args.get("rows") == "2" else 1,
            page_key=actions.new_thread(),
            **asdict(basis_of(desk, present)),
            work=Work.of(submission.text, files, previews),
        )
    now, place = clock.now(), (submission.feedback_by, submission.id)
    chosen = desk.filter_
    return page(
        "reviews/show.html",
        status=status,
        beside=neighbours(current_user.id, place, now=now, filter_=chosen),
        chosen=chosen,
        claim=desk.held_at(now),
        desk=desk,
        form=form,
        present=present,
        criteria=own,
        criteria_of=criteria,
        mark=mark_of(own, present.sheet.judgements) if desk.is_marked else None,
        files=files,
        previews=previews,
        record=record,
        followed=followed,
        waiting=count_in([*followed, *record.open_items(but=submission.id)]),
        own_reviews=here,
        names=record.names,
        capacities=queries.capacities_of(key[0], key[2]),
        offers=bank.offers(desk, own, present.sheet, current_user.id) if is_editing else {},
        now=now,
    )


def _choices() -> dict[str, str]:
    return {
        name.removeprefix("choice_"): value
        for name, value in request.form.items()
        if re.fullmatch(
            r"choice_(?:(?:judgement|remark)_\d{1,9}|feedback|items|decision|placed)", name
        )
        and value in sheets.CHOICES
    }


def _differences(typed: Typed, present: Present, seen: Basis):
    me = current_user.id
    mine = actions.mine_of(present, typed, me, seen)
    return sheets.differences(mine, present.sheet, actions.base_of(present, seen), me)


def _unsettled(typed: Typed, present: Present, choices: dict[str, str], seen: Basis) -> bool:
    found = _differences(typed, present, seen)
    return any(one.part not in choices for one in found)


def conflict_page(
    desk: Desk,
    typed: Typed,
    present: Present,
    form: ReviewForm,
    *,
    because: str = "",
    status: int = 409,
):
    """Mine and theirs, part by part. What was typed travels on in the form, whole."""
    basis = basis_of(desk, present)
    unsent = {
        "csrf_token",
        *asdict(basis),
        "page_key",
        "settle",
        "keep",
        "next",
        "add_item",
        "remove_item",
        "make_item",
        "add_placed",
        "remove_placed",
    }
    return page(
        "reviews/conflict.html",
        status=status,
        desk=desk,
        because=because or _("Choose for every part which text is kept."),
        differences=_differences(typed, present, seen_in(request.form)),
        basis=asdict(basis),
        criteria={one.id: one for one in form.criteria},
        choices=_choices(),
        typed=[
            (name, text)
            for name, texts in request.form.lists()
            for text in texts
            if name not in unsent and not name.startswith("choice_")
        ],
    )
