"""Nothing typed is ever lost: the fields of a refused POST, kept, shown and sent again.

Three answers share one page (templates/web/press_again.html): a bad token, an ended sign-in, and
a standing that changed meanwhile. ``create_app`` wires where the texts are stored.
"""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from portal.texts import lazy
from portal.web import forgery
from portal.web.htmx import Page, page, wants_json

UNSENT = {"csrf_token", "password", "current_password", "new_password", "repeat_password"}
MACHINE = {
    "revision",
    "number",
    "newest",
    "rubric",
    "based_on",
    "key",
    "hand_in_key",
    "seen",
    "next",
    "kept_text",
    "then",
    "choice",
}
LABELS = {
    "text": lazy("Text"),
    "body": lazy("Text"),
    "message": lazy("Message"),
    "feedback": lazy("Feedback"),
    "reason": lazy("Reason"),
    "title": lazy("Title"),
    "name": lazy("Name"),
    "note": lazy("Note"),
    "nip": lazy("NIP"),
    "email": lazy("E-mail"),
    "username": lazy("User name"),
    "position": lazy("Position"),
    "unit": lazy("Unit"),
    "phone": lazy("Phone"),
    "role": lazy("Role"),
    "list_number": lazy("List number"),
    "contact": lazy("Contact"),
    "brief": lazy("Brief"),
    "description": lazy("Description"),
    "minutes": lazy("Minutes"),
    "starts_on": lazy("First day"),
    "ends_on": lazy("Last day"),
    "due_at": lazy("New deadline"),
    "wanted_until": lazy("Until which day?"),
    "answer": lazy("Answer"),
    "subject": lazy("Subject"),
    "teacher": lazy("Teacher"),
    "place": lazy("Place"),
}

Field = tuple[str, str]


class Keeper:
    """Where texts are kept for a person. Wired by ``create_app``.

    ``keep(action, page, fields, reason)`` returns the address where the text waits, or None when
    the cookie names nobody. ``sent(kept_text)`` forgets a text whose sending succeeded.
    """

    keep: Callable[[str, str, list[Field], str], str | None] = staticmethod(lambda *_: None)
    sent: Callable[[str], None] = staticmethod(lambda _: None)


class Shown(NamedTuple):
    """A kept field for a page: ``label`` is None for what a machine wrote, which stays hidden."""

    name: str
    text: str
    label: str | None


def typed() -> list[Field]:
    """The fields of the present POST as (name, text), without tokens and passwords."""
    try:
        lists = list(request.form.lists())
    except RequestEntityTooLarge:
        return []
    return [(name, text) for name, texts in lists for text in texts if name not in UNSENT]


def is_machine_made(name: str, text: str) -> bool:
    """True for what a form carries without anybody having typed it: keys, revisions, ids."""
    return name in MACHINE or name.endswith(("_id", "_key", "_revision")) or not text.strip()


def shown(fields: list[Field]) -> list[Shown]:
    """The fields as a page shows them."""
    return [
        Shown(
            name,
            text,
            None if is_machine_made(name, text) else str(LABELS.get(name, name.replace("_", " "))),
        )
        for name, text in fields
    ]


def has_words(fields: list[Field]) -> bool:
    return any(not is_machine_made(name, text) for name, text in fields)


def fresh_token() -> str:
    return forgery.token()


def is_safe(location: str | None) -> bool:
    """True for an address within this portal."""
    if not location or "\\" in location or any(ord(letter) < 32 for letter in location):
        return False
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return (
        not parts.scheme
        and not parts.netloc
        and location.startswith("/")
        and not location.startswith("//")
    )


def way_back() -> str:
    """The address to return to after signing in: this page, or the one that holds the form."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return form_page()


def form_page() -> str:
    """The page that held the form of this POST, if it is one of ours; else the home page."""
    try:
        referrer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return url_for("home.index")
    if referrer.netloc == request.host and is_safe(referrer.path):
        return referrer.path + (f"?{referrer.query}" if referrer.query else "")
    return url_for("home.index")


def keep_for_owner(reason: str) -> str | None:
    """Keep the present POST for the person of the cookie; the address where it waits, or None.

    What a script sent by itself replaces what it sent before, until the person presses a button.
    """
    fields, action = typed(), request.full_path.rstrip("?")
    if request.endpoint is None or not is_safe(action) or not has_words(fields):
        return None
    reason = "unsaved" if wants_json() else reason
    return Keeper.keep(action, form_page(), fields, reason)


def forget_sent(answer: ResponseReturnValue | Page) -> None:
    """After a kept text has been sent and accepted, it need not be kept any longer."""
    if isinstance(answer, Response) and answer.status_code == 303:
        kept_text = request.form.get("kept_text", "")
        if kept_text and current_user.is_authenticated:
            Keeper.sent(kept_text)


def press_again(reason: str) -> Page:
    """The page that shows what was typed and sends it again with a fresh token."""
    return page(
        "web/press_again.html",
        status=400 if reason == "token" else 401,
        reason=reason,
        action=request.full_path.rstrip("?"),
        fields=shown(typed()),
        has_files=bool(request.files),
        back=form_page(),
    )
