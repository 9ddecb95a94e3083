"""Who lacks what: the board, the same as a workbook, a text for a chat, and sending reminders."""

import secrets
from collections.abc import Iterable

from flask import flash, request, url_for
from flask_login import current_user

from portal import clock
from portal.progress import actions
from portal.progress.chasing import (
    ARREARS,
    OWED,
    SILENT,
    WHAT,
    Board,
    Choice,
    Mentor,
    Participant,
    board_of,
)
from portal.progress.forms import ReminderForm
from portal.progress.messages import chat_texts
from portal.progress.words import state_words
from portal.texts import _, ngettext
from portal.web.access import ADMINISTRATOR, standing
from portal.web.exports import Cell, workbook
from portal.web.formats import exact
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes, reading

routes = Routes("chasing", __name__, url_prefix="/organisations/<int:organisation_id>/chasing")
AT_ONCE = 100


@routes.get("", access=ADMINISTRATOR)
def index(organisation_id: int):
    return _board(_here())


@routes.get("/chasing.xlsx", access=ADMINISTRATOR)
def chasing_xlsx(organisation_id: int):
    """The chosen part of the board: a sheet of participants and a sheet of mentors."""
    board, choice = _here(), _choice()
    words, place = state_words(), standing().organisation.zone
    participants: list[list[Cell]] = [
        [
            one.cohort.name, one.list_number, one.person.name, one.person.unit,
            ", ".join(one.mentors.values()), len(one.lacking),
            "; ".join(
                f"{work.schedule.assignment.title}: {words[work.cell.state]}"
                f" ({exact(work.cell.deadline.due_at, place)})"
                for work in one.lacking
            ),
            exact(one.last_trace_at, place) if one.has_entered else _("not yet entered"),
            _("yes") if one.is_silent else _("no"),
            exact(one.reminded_at, place) if one.reminded_at else None,
        ]
        for one in choice.participants(board)
    ]  # fmt: skip
    mentors: list[list[Cell]] = [
        [
            one.cohort.name, one.person.name, one.person.unit, len(one.waiting),
            exact(one.oldest_at, place),
            "; ".join(f"{w.participant.name}: {w.schedule.assignment.title}" for w in one.waiting),
            exact(one.reminded_at, place) if one.reminded_at else None,
        ]
        for one in choice.mentors(board)
    ]  # fmt: skip
    return workbook(
        f"{_('Who lacks what')} {standing().organisation.name}",
        [
            (_("Participants"), [
                _("Cohort"), _("No."), _("Name"), _("Unit"), _("Mentors"), _("Count"),
                _("What is missing"), _("Last seen"), _("Silent"), _("Last reminded"),
            ], participants),
            (_("Mentors"), [
                _("Cohort"), _("Name"), _("Unit"), _("Waiting"), _("Oldest since"),
                _("What waits"), _("Last reminded"),
            ], mentors),
        ],
    )  # fmt: skip


@routes.post("/messages", access=ADMINISTRATOR, endpoint="preview")
def preview(organisation_id: int):
    """What would be told to whoever is ticked; nothing is sent yet."""
    board = _here()
    participants, mentors = _ticked(board)
    if not participants and not mentors:
        return _board(board, because=_("Tick at least one person."), status=422)
    return _message(participants, mentors, ReminderForm(formdata=None, send_key=_new_key()))


@routes.post("/notices", access=ADMINISTRATOR, endpoint="send")
def send(organisation_id: int):
    """Each is told once, of what they owe at this moment; who owes nothing any more is left out."""
    with reading():
        board = _here()
        participants, mentors = _ticked(board)
    form = ReminderForm()
    if not form.validate():
        return _message(participants, mentors, form, status=422)
    actions.remind(
        standing().organisation,
        participants,
        mentors,
        note=form.note.data or "",
        send_key=form.send_key.data,
        by=current_user.id,
    )
    told = len(participants) + len(mentors)
    flash(
        ngettext(
            "A notice was sent to %(num)s person.", "A notice was sent to %(num)s people.", told
        )
        if told
        else _("Nobody of them owes anything any more, so nobody was told.")
    )
    return redirect_to("chasing.index", organisation_id=organisation_id, **_words(_choice()))


def _here() -> Board:
    return board_of(standing().organisation, clock.now())


def _choice() -> Choice:
    what = request.values.get("what", "")
    return Choice(
        request.values.get("cohort", type=int),
        request.values.get("unit", "")[:200],
        request.values.get("mentor", type=int),
        request.values.get("assignment", type=int),
        what if what in WHAT else "",
    )


def _words(choice: Choice) -> dict[str, str]:
    """The choice as it stands in an address."""
    words = {
        "cohort": choice.cohort_id, "unit": choice.unit, "mentor": choice.mentor_id,
        "assignment": choice.assignment_id, "what": choice.what,
    }  # fmt: skip
    return {name: str(value) for name, value in words.items() if value}


def _ticked(board: Board) -> tuple[list[Participant], list[Mentor]]:
    """Who of the chosen part of the board is ticked."""
    ticked = set(request.form.getlist("who"))
    choice = _choice()
    return (
        [one for one in choice.participants(board) if tick_of("p", one) in ticked],
        [one for one in choice.mentors(board) if tick_of("m", one) in ticked],
    )


def tick_of(kind: str, one: Participant | Mentor) -> str:
    """What a checkbox sends: «p3-17» for person 17 in cohort 3."""
    return f"{kind}{one.cohort.id}-{one.person.id}"


def _new_key() -> str:
    return secrets.token_urlsafe(16)


def _start() -> int:
    start = request.values.get("from", 0, type=int)
    return start if 0 <= start < 1_000_000 else 0


def _board(board: Board, because: str = "", status: int = 200) -> Page:
    choice = _choice()
    participants, mentors = choice.participants(board), choice.mentors(board)
    start = _start() if _start() < len(participants) else 0
    return page(
        "progress/chasing.html",
        status=status,
        organisation=standing().organisation,
        board=board,
        choice=choice,
        chosen=next((one for one in board.cohorts if one.id == choice.cohort_id), None),
        words=_words(choice),
        shown=participants[start : start + AT_ONCE],
        mentors=mentors,
        start=start,
        step=AT_ONCE,
        total=len(participants),
        silent=sum(one.is_silent for one in participants),
        in_arrears=sum(any(work.is_in_arrears for work in one.lacking) for one in participants),
        is_all=request.args.get("tick") == "all",
        ticked=set(request.form.getlist("who")),
        tick_of=tick_of,
        because=because,
        state_words=state_words(),
        choices=_choices(board),
    )


def _choices(board: Board) -> dict[str, list[tuple[object, str]]]:
    """What each list above the board offers."""
    return {
        "cohorts": [(one.id, one.name) for one in board.cohorts],
        "units": [(unit, unit) for unit in board.units],
        "mentors": list(board.mentor_names.items()),
        "assignments": list(board.assignments.items()),
        "what": [
            (ARREARS, _("In arrears")),
            (OWED, _("Everything open")),
            (SILENT, _("Silent")),
        ],
    }


def _message(
    participants: Iterable[Participant],
    mentors: Iterable[Mentor],
    form: ReminderForm,
    status: int = 200,
) -> Page:
    organisation = standing().organisation
    link = url_for("home.index", _external=True)
    return page(
        "progress/chasing_message.html",
        status=status,
        organisation=organisation,
        participants=participants,
        mentors=mentors,
        words=_words(_choice()),
        texts=chat_texts(participants, mentors, link, clock.now(), organisation.zone),
        form=form,
        tick_of=tick_of,
    )
