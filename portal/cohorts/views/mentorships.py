"""Who mentors whom: the whole cohort at a glance, assigning, ending, handing over."""

from flask import abort, flash, request
from flask_babel import get_locale
from flask_login import current_user
from wtforms import SelectChoice

from portal import clock
from portal.cohorts import lists, membership, sharing
from portal.cohorts.forms import ConfirmForm, MentorshipForm, TransferForm
from portal.cohorts.handover import OpenWork
from portal.cohorts.models import Mentorship
from portal.cohorts.stand_ins import stand_ins_among
from portal.texts import Refused, _, ngettext
from portal.web.access import ADMINISTRATOR, standing
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("mentorships", __name__, url_prefix="/cohorts/<int:cohort_id>/mentorships")


@routes.get("", access=ADMINISTRATOR)
def index(cohort_id: int):
    """The board: who mentors whom, who has nobody, who has too many, where interests conflict."""
    people = [one for one in lists.people_in(cohort_id) if not one.left_at]
    everything = lists.mentorships_in(cohort_id, also_ended=True)
    present = [one for one in everything if one.ended_at is None]
    current = lists.by_participant(present)
    participants = [e for e in people if e.role == "participant"]
    capacities = lists.capacities()
    lacking = {"alone": [e for e in participants if e.person_id not in current]}
    for one in capacities:
        without = [e for e in participants if one.id not in current.get(e.person_id, {})]
        lacking[one.key] = without
    chosen = request.args.get("who")
    return page(
        "cohorts/mentorships.html",
        cohort=standing().cohort,
        participants=lacking.get(chosen or "", participants),
        count=len(participants),
        lacking=lacking,
        chosen=chosen if chosen in lacking else None,
        capacities=capacities,
        current=current,
        mentors=[e for e in people if e.role == "mentor"],
        loads=sharing.loads_of(present),
        conflicts=sharing.conflicts_among(present, {e.person_id for e in participants}),
        conflict_words=conflict_words(),
        names={e.person_id: e.person.name for e in people},
        ended=[one for one in everything if one.ended_at and not one.stands_in_for_id],
        stand_ins=stand_ins_among(everything),
        now=clock.now(),
        language=_language(),
    )


def conflict_words() -> dict[str, str]:
    return {
        sharing.SAME_PERSON: _("one person in two capacities for the same participant"),
        sharing.EACH_OTHER: _("they mentor each other"),
        sharing.TAKES_PART: _("the mentor takes part in this cohort"),
    }


@routes.get("/new", access=ADMINISTRATOR, even_closed=False)
def new(cohort_id: int):
    form = _filled(MentorshipForm(), cohort_id)
    for name in ("participant_id", "capacity_id"):
        if number := request.args.get(name, type=int):
            form[name].data = number
    return _form(form)


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    form = _filled(MentorshipForm(), cohort_id)
    if not form.validate():
        return _form(form, status=422)
    capacity = next(one for one in lists.capacities() if one.id == form.capacity_id.data)
    try:
        membership.assign_mentor(
            standing().cohort,
            form.participant_id.data,
            form.mentor_id.data,
            capacity,
            current_user.id,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _form(form, status=422)
    flash(_("The mentor is assigned and has been told."))
    return redirect_to("mentorships.index", cohort_id=cohort_id)


@routes.get("/<int:mentorship_id>/end", access=ADMINISTRATOR, even_closed=False)
def confirm_removal(cohort_id: int, mentorship_id: int):
    return _confirm(_mentorship(cohort_id, mentorship_id))


@routes.post("/<int:mentorship_id>/end", access=ADMINISTRATOR)
def remove(cohort_id: int, mentorship_id: int):
    mentorship = _mentorship(cohort_id, mentorship_id)
    if not ConfirmForm().validate():
        return _confirm(mentorship, status=422)
    membership.end_mentorship(standing().cohort, mentorship, current_user.id)
    flash(_("The mentorship has ended. What was written stays."))
    return redirect_to("mentorships.index", cohort_id=cohort_id)


@routes.get(
    "/<int:mentorship_id>/transfer",
    access=ADMINISTRATOR,
    endpoint="new_transfer",
    even_closed=False,
)
def new_transfer(cohort_id: int, mentorship_id: int):
    mentorship = _mentorship(cohort_id, mentorship_id)
    return _transfer(mentorship, _others(TransferForm(), mentorship))


@routes.post("/<int:mentorship_id>/transfer", access=ADMINISTRATOR, endpoint="create_transfer")
def create_transfer(cohort_id: int, mentorship_id: int):
    mentorship = _mentorship(cohort_id, mentorship_id)
    form = _others(TransferForm(), mentorship)
    if not form.validate():
        return _transfer(mentorship, form, status=422)
    try:
        moved = membership.transfer(
            standing().cohort,
            mentorship,
            form.mentor_id.data,
            current_user.id,
            everybody=form.everybody.data,
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        return _transfer(mentorship, form, status=422)
    flash(
        ngettext(
            "%(num)s participant was handed over.", "%(num)s participants were handed over.", moved
        )
    )
    return redirect_to("mentorships.index", cohort_id=cohort_id)


def _language() -> str:
    return str(get_locale())


def _mentorship(cohort_id: int, mentorship_id: int) -> Mentorship:
    return lists.mentorship_in(cohort_id, mentorship_id) or abort(404)


def _choices(cohort_id: int, role: str) -> list[SelectChoice]:
    people = [e for e in lists.people_in(cohort_id) if e.role == role and not e.left_at]
    shown = [
        SelectChoice(e.person_id, f"{e.person.name} ({e.person.unit or '–'})")
        for e in sorted(people, key=lambda one: one.person.sort_name)
    ]
    return [SelectChoice("", _("Choose")), *shown]


def _filled(form: MentorshipForm, cohort_id: int) -> MentorshipForm:
    form.participant_id.choices = _choices(cohort_id, "participant")
    form.mentor_id.choices = _choices(cohort_id, "mentor")
    language = _language()
    form.capacity_id.choices = [
        SelectChoice(one.id, one.name_in(language)) for one in lists.capacities()
    ]
    return form


def _others(form: TransferForm, mentorship: Mentorship) -> TransferForm:
    form.mentor_id.choices = [
        choice
        for choice in _choices(mentorship.cohort_id, "mentor")
        if choice.value not in (mentorship.mentor_id, mentorship.participant_id)
    ]
    return form


def _form(form: MentorshipForm, status: int = 200) -> Page:
    return page("cohorts/mentorship_new.html", status=status, cohort=standing().cohort, form=form)


def _confirm(mentorship: Mentorship, status: int = 200) -> Page:
    return page(
        "cohorts/mentorship_end.html",
        status=status,
        cohort=standing().cohort,
        mentorship=mentorship,
        language=_language(),
    )


def _transfer(mentorship: Mentorship, form: TransferForm, status: int = 200) -> Page:
    work = OpenWork.of(mentorship.cohort_id, mentorship.mentor_id, mentorship.capacity_id)
    return page(
        "cohorts/mentorship_transfer.html",
        status=status,
        cohort=standing().cohort,
        mentorship=mentorship,
        form=form,
        language=_language(),
        waiting=[one for one in work if one.participant_id == mentorship.participant_id],
        more=sum(one.participant_id != mentorship.participant_id for one in work),
        now=clock.now(),
    )
