"""Handing over what waits to another mentor who may review it, seeing it, taking it back."""

from flask import flash, request
from flask_login import current_user
from wtforms import SelectChoice

from portal import clock
from portal.reviews import hand_overs
from portal.reviews.filters import remembered
from portal.reviews.forms import HandOverForm, whole
from portal.reviews.queue import Queue, waiting_for
from portal.reviews.views.reviews import cursor, place_of
from portal.reviews.waiting import ALL
from portal.texts import Refused, _, ngettext
from portal.web.access import SIGNED_IN
from portal.web.formats import day
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("hand_overs", __name__, url_prefix="/reviews/hand-overs")


@routes.get("", access=SIGNED_IN)
def index():
    return page(
        "reviews/hand_overs.html", given=hand_overs.given_by(current_user.id), now=clock.now()
    )


@routes.get("/new", access=SIGNED_IN)
def new():
    queue = _queue()
    form = _offering(HandOverForm(), queue)
    if _only() is not None:
        form.take.data = [choice.value for choice in form.take.choices]
    return _form(form, queue)


@routes.post("", access=SIGNED_IN)
def create():
    queue = _queue()
    form = _offering(HandOverForm(), queue)
    offered = {choice.value for choice in form.take.choices}
    form.take.data = [one for one in form.take.data or [] if one in offered]
    if not form.validate():
        return _form(form, queue, status=422)
    try:
        count = hand_overs.hand_over(current_user.id, form.to.data, form.take.data)
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, queue, status=409 if refusal.conflict else 422)
    flash(
        ngettext(
            "%(num)s review was handed over. It can be taken back here.",
            "%(num)s reviews were handed over. They can be taken back here.",
            count,
        )
    )
    return redirect_to("hand_overs.index")


@routes.post("/removal", access=SIGNED_IN)
def remove():
    wanted = [whole(text) for text in request.form.getlist("hand_over")]
    count = hand_overs.take_back(current_user.id, wanted)
    if count:
        flash(
            ngettext(
                "%(num)s review waits for you again.", "%(num)s reviews wait for you again.", count
            )
        )
    return redirect_to("hand_overs.index")


def _only() -> int | None:
    """The one submission version that the address names, if it does."""
    return whole(request.args["submission"]) if "submission" in request.args else None


def _queue() -> Queue:
    """What can be ticked: the one that the address names, or a page of the reader's queue."""
    return waiting_for(
        current_user.id,
        now=clock.now(),
        filter_=remembered(current_user.id).filter_ if _only() is None else ALL,
        after=place_of(request.args.get("after")),
        only=_only(),
    )


def _offering(form: HandOverForm, queue: Queue) -> HandOverForm:
    form.take.choices = [
        SelectChoice(
            one.submission_id,
            _(
                "%(person)s: %(title)s, version %(number)s, promised by %(day)s",
                person=one.person.name,
                title=one.assignment.title,
                number=one.number,
                day=day(one.feedback_by),
            ),
        )
        for one in queue.rows
    ]
    found = hand_overs.receivers(current_user.id, [one.submission_id for one in queue.rows])
    form.to.choices = [
        SelectChoice("", _("Choose")),
        *(
            SelectChoice(
                one.id,
                one.name
                if one.count == len(queue.rows)
                else _("%(name)s (reviews %(count)s of these)", name=one.name, count=one.count),
            )
            for one in found
        ),
    ]
    return form


def _form(form: HandOverForm, queue: Queue, status: int = 200) -> Page:
    sent = {name: request.args[name] for name in ("submission", "after") if name in request.args}
    return page(
        "reviews/hand_over_new.html",
        status=status,
        form=form,
        queue=queue,
        sent=sent,
        following=cursor(queue.rows[-1].place) if queue.has_more and _only() is None else None,
    )
