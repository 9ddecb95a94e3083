"""What I am told: events x channels, the hour of the digest, and quiet hours."""

from flask import current_app, flash
from flask_login import current_user

from portal.notices import actions, queries
from portal.notices.events import EVERYBODY, FOR, TABLE, Event
from portal.notices.forms import ChoicesForm, choices_form
from portal.notices.readers import AddressBook
from portal.texts import _
from portal.web.access import SIGNED_IN
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes

routes = Routes("notice_choices", __name__, url_prefix="/profile/notices")


def _groups() -> dict[str, list[Event]]:
    """The events that concern the person, each once, by what they are."""
    roles = AddressBook.roles(current_user.id) | {EVERYBODY}
    groups: dict[str, list[Event]] = {}
    for one in TABLE:
        if held := [whom for whom in FOR if whom in roles.intersection(one.whom)]:
            groups.setdefault(held[0], []).append(one)
    return groups


def _page(form: ChoicesForm, groups: dict[str, list[Event]], status: int = 200) -> Page:
    return page(
        "notices/choices.html",
        status=status,
        form=form,
        groups=groups,
        reader=AddressBook.readers([current_user.id])[current_user.id],
        sends_mail=bool(current_app.config["SETTINGS"].smtp_url),
    )


@routes.get("", access=SIGNED_IN)
def show():
    groups = _groups()
    wishes = queries.wishes_of([current_user.id])
    return _page(choices_form(groups, wishes, current_user.id), groups)


@routes.post("", access=SIGNED_IN)
def update():
    groups = _groups()
    form = choices_form(groups, queries.wishes_of([current_user.id]), current_user.id)
    if not form.validate():
        return _page(form, groups, 422)
    actions.choose(current_user.id, form.choices(), form.rhythm())
    flash(_("Your choices are saved."))
    return redirect_to("notice_choices.show")
