"""Kept texts: what a person typed and could not send waits here, for them alone."""

from flask import url_for
from flask_login import current_user

from portal.people import actions, entrance, queries
from portal.web.forms import cleaned
from portal.web.kept import Field, Keeper
from portal.web.routes import writing_after_all

MOST_CHARACTERS = 1_000_000
LONGEST_ADDRESS = 500


def keep(action: str, page: str, fields: list[Field], reason: str) -> str | None:
    """Store the fields for whoever is or was signed in here; the address where they wait.

    None when the cookie names nobody, or when there is more than can be kept. It runs after the
    request's own transaction was rolled back, hence its own commit.
    """
    person_id = _owner()
    is_too_much = sum(len(text) for _name, text in fields) > MOST_CHARACTERS
    if person_id is None or is_too_much or max(len(action), len(page)) > LONGEST_ADDRESS:
        return None
    action, page = cleaned(action), cleaned(page)
    fields = [(cleaned(name), cleaned(text)) for name, text in fields]
    with writing_after_all():
        text = actions.keep_text(person_id, action, page, fields, reason)
    return url_for("kept_texts.show", kept_text_id=text.id) if text else None


def sent(kept_text: str) -> None:
    """A kept text was sent again and accepted: it is kept no longer."""
    if kept_text.isdecimal() and len(kept_text) < 10:
        actions.throw_away(current_user.id, int(kept_text))


def _owner() -> int | None:
    if current_user.is_authenticated:
        return current_user.id
    token = entrance.cookie_token()
    return queries.person_of_token(token) if token else None


def init() -> None:
    Keeper.keep = staticmethod(keep)
    Keeper.sent = staticmethod(sent)
