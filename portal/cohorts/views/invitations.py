"""Inviting people who have not entered yet: a link, a QR code, and a text for a chat."""

from urllib.parse import quote

from flask import url_for
from flask_login import current_user
from wtforms import SelectChoice

from portal.cohorts import lists
from portal.cohorts.accounts import invite_all
from portal.cohorts.forms import InvitationForm
from portal.cohorts.pictures import qr
from portal.people.actions import INVITATION_DAYS
from portal.people.models import Person
from portal.texts import _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.htmx import Page, page
from portal.web.routes import Routes

routes = Routes("invitations", __name__, url_prefix="/cohorts/<int:cohort_id>/invitations")


@routes.get("", access=ADMINISTRATOR)
def index(cohort_id: int):
    return _form(InvitationForm())


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    """The links are shown on the answer itself and never again: only their hashes are stored."""
    waiting, _beyond = lists.not_yet_entered(standing().cohort, current_user.id)
    form = InvitationForm()
    form.people.choices = [SelectChoice(person.id, person.name) for person, _invited in waiting]
    chosen = set(form.people.data or ())
    if not form.validate() or not chosen:
        form.refuse(_("Choose at least one person who has not entered yet."), "people")
        return _form(form, status=422)
    wanted = [person for person, _invited in waiting if person.id in chosen]
    links = invite_all(wanted, standing().organisation, current_user.id)
    made = [_invitation(person, token) for person, token in links]
    return page("cohorts/invitations_made.html", cohort=standing().cohort, invitations=made,
                days=INVITATION_DAYS)  # fmt: skip


def _invitation(person: Person, token: str) -> dict[str, object]:
    link = url_for("welcome.show", token=token, _external=True)
    words = _(
        "%(name)s, you are invited to %(cohort)s on the learning portal. Open this link once and "
        "choose your password: %(link)s (good for %(days)s days, for you alone).",
        name=person.name, cohort=standing().cohort.name, link=link, days=INVITATION_DAYS,
    )  # fmt: skip
    return {
        "person": person, "link": link, "picture": qr(link), "words": words,
        "chat": f"https://wa.me/{_number(person.phone)}?text={quote(words)}",
    }  # fmt: skip


def _number(phone: str) -> str:
    """A telephone number as chat addresses want it: 0812... → 62812...; empty when unusable."""
    digits = "".join(one for one in phone if one.isdigit())
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    return digits if 9 <= len(digits) <= 15 else ""


def _form(form: InvitationForm, status: int = 200) -> Page:
    waiting, beyond = lists.not_yet_entered(standing().cohort, current_user.id)
    form.people.choices = [SelectChoice(person.id, person.name) for person, _invited in waiting]
    return page(
        "cohorts/invitations.html",
        status=status,
        cohort=standing().cohort,
        form=form,
        waiting=waiting,
        beyond=beyond,
        chosen=set(form.people.data or ()),
    )
