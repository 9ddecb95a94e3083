"""Nothing typed is ever lost: the fields of a refused POST, kept, shown and sent again.

Three answers share one page (templates/web/press_again.html): a bad token, an ended sign-in, and
a standing that changed meanwhile. ``create_app`` wires where the texts are stored.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import request, url_for

from portal.web import forgery
from portal.web.htmx import Page, page

UNSENT = {"csrf_token", "password", "new_password", "repeat_password"}

Field = tuple[str, str]


class Keeper:
    """Where texts are kept for a person whose sign-in ended. Wired by ``create_app``.

    ``keep(action, page, fields, reason)`` returns the address of the kept text, or None when the
    cookie names nobody.
    """

    keep: Callable[[str, str, list[Field], str], str | None] = staticmethod(lambda *_: None)


def typed() -> list[Field]:
    """The fields of the present POST as (name, text), without tokens and passwords."""
    return [
        (name, text) for name, texts in request.form.lists() for text in texts if name not in UNSENT
    ]


def fresh_token() -> str:
    return forgery.token()


def is_safe(location: str | None) -> bool:
    """True for an address within this portal."""
    if not location or "\\" in location or any(ord(letter) < 32 for letter in location):
        return False
    parts = urlsplit(location)
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
    referrer = urlsplit(request.headers.get("Referer", ""))
    if referrer.netloc == request.host and is_safe(referrer.path):
        return referrer.path + (f"?{referrer.query}" if referrer.query else "")
    return url_for("home.index")


def keep_for_owner(reason: str = "signed out") -> str | None:
    """Keep the present POST for the person of the cookie; the address where it waits, or None.

    A form with nothing typed needs no keeping: then the page that held it is the way back.
    """
    fields = typed()
    if not any(text.strip() for _name, text in fields):
        return form_page()
    return Keeper.keep(request.path, form_page(), fields, reason)


def press_again(reason: str) -> Page:
    """The page that shows what was typed and sends it again with a fresh token."""
    return page(
        "web/press_again.html",
        status=400 if reason == "token" else 401,
        reason=reason,
        action=request.full_path.rstrip("?"),
        fields=typed(),
        has_files=bool(request.files),
        back=form_page(),
    )
