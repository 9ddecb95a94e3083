"""Sharing the participants without a mentor out evenly: proposed, looked at, then applied."""

from flask import flash, request
from flask_babel import get_locale
from flask_login import current_user
from wtforms import SelectChoice

from portal.cohorts import lists, membership, sharing
from portal.cohorts.forms import SharingForm
from portal.cohorts.models import Capacity, Enrolment
from portal.texts import Refused, _, ngettext
from portal.web.access import ADMINISTRATOR, standing
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("sharings", __name__, url_prefix="/cohorts/<int:cohort_id>/mentorships/sharing")


@routes.get("", access=ADMINISTRATOR, even_closed=False)
def new(cohort_id: int):
    """The form; with good values in the address also what would go to whom."""
    asked = "capacity_id" in request.args
    form = SharingForm(formdata=request.args if asked else None)
    scene = _Scene(cohort_id)
    scene.offer(form)
    if not asked:
        form.capacity_id.data = max(scene.capacities, key=lambda one: len(scene.lacking(one)))
    is_good = asked and form.validate()
    return _form(form, scene, is_preview=is_good, status=422 if asked and not is_good else 200)


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    """Exactly the pairs that were shown; refused where somebody assigned a mentor meanwhile."""
    form, scene = SharingForm(), _Scene(cohort_id)
    scene.offer(form)
    if not form.validate():
        return _form(form, scene, status=422)
    try:
        given = membership.share_out(
            standing().cohort, scene.capacities[form.capacity_id.data], _pairs(), current_user.id
        )
    except Refused as refusal:
        form.refuse(refusal.sentence, refusal.field)
        status = 409 if refusal.conflict else 422
        return _form(form, scene, is_preview=True, status=status)
    flash(_given(given))
    return redirect_to("mentorships.index", cohort_id=cohort_id)


def _given(number: int) -> str:
    if not number:
        return _("They have their mentors already.")
    return ngettext(
        "%(num)s participant has a mentor now.",
        "%(num)s participants have a mentor now.",
        number,
    )


class _Scene:
    """Who there is to share out, and among whom."""

    def __init__(self, cohort_id: int) -> None:
        people = [one for one in lists.people_in(cohort_id) if not one.left_at]
        self.participants = [one for one in people if one.role == "participant"]
        self.mentors = {one.person_id: one for one in people if one.role == "mentor"}
        self.present = lists.mentorships_in(cohort_id)
        self.capacities: dict[int, Capacity] = {one.id: one for one in lists.capacities()}
        self.loads = sharing.loads_of(self.present)

    def offer(self, form: SharingForm) -> None:
        """What the form lets one choose from, first who has the fewest."""
        language = str(get_locale())
        form.capacity_id.choices = [
            SelectChoice(one.id, f"{one.name_in(language)} ({self._alone(one.id)})")
            for one in self.capacities.values()
        ]
        ordered = sorted(self.mentors.values(), key=lambda one: one.person.sort_name)
        ordered.sort(key=lambda one: sum(self.loads.get(one.person_id, {}).values()))
        form.mentors.choices = [
            SelectChoice(one.person_id, f"{one.person.name} ({self._held(one.person_id)})")
            for one in ordered
        ]

    def _alone(self, capacity_id: int) -> str:
        number = len(self.lacking(capacity_id))
        return ngettext("%(num)s has nobody", "%(num)s have nobody", number)

    def _held(self, mentor_id: int) -> str:
        held = sum(self.loads.get(mentor_id, {}).values())
        return ngettext("mentors %(num)s now", "mentors %(num)s now", held)

    def lacking(self, capacity_id: int) -> list[Enrolment]:
        """Who has no mentor in this capacity, by list number."""
        mentored = {one.participant_id for one in self.present if one.capacity_id == capacity_id}
        return [one for one in self.participants if one.person_id not in mentored]

    def proposal(self, capacity_id: int, mentor_ids: list[int]) -> dict[int, int]:
        """Participant id → mentor id."""
        ids = [one.person_id for one in self.lacking(capacity_id)]
        loads = {one: self.loads.get(one, {}).get(capacity_id, 0) for one in mentor_ids}
        return sharing.shared_out(ids, loads, sharing.barred_among(self.present, ids))


def _pairs() -> dict[int, int]:
    """The pairs that the page showed: «participant-mentor»."""
    found = {}
    for text in request.form.getlist("pair"):
        participant, _dash, mentor = text.partition("-")
        if all(one.isdecimal() and len(one) < 10 for one in (participant, mentor)):
            found[int(participant)] = int(mentor)
    return found


def _form(form: SharingForm, scene: _Scene, *, is_preview: bool = False, status: int = 200) -> Page:
    chosen = list(form.mentors.data or [])
    proposal = scene.proposal(form.capacity_id.data, chosen) if is_preview else {}
    lacking = scene.lacking(form.capacity_id.data) if is_preview else []
    capacity_id = form.capacity_id.data
    return page(
        "cohorts/sharing.html",
        status=status,
        cohort=standing().cohort,
        form=form,
        is_preview=is_preview,
        proposal=proposal,
        left_over=[one for one in lacking if one.person_id not in proposal],
        shares=[
            (
                scene.mentors[mentor_id],
                scene.loads.get(mentor_id, {}).get(capacity_id, 0),
                [one for one in lacking if proposal.get(one.person_id) == mentor_id],
            )
            for mentor_id in chosen
            if is_preview
        ],
    )
