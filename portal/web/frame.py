"""What the frame of every page shows besides the page: navigation, the person's name, contacts.

Features stand above ``web``, so ``create_app`` puts their answers into ``Frame``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request
from flask_login import current_user
from werkzeug.routing import BuildError

from portal import clock
from portal.web.addresses import url_for


@dataclass(frozen=True)
class Link:
    """One entry of the main navigation; ``count`` is shown beside it when it is not 0."""

    label: str
    href: str
    current: bool = False
    count: int = 0


class Frame:
    """The hooks of ``templates/base.html``."""

    navigation: Callable[[], list[Link]] = staticmethod(list)
    unread: Callable[[], int] = staticmethod(int)
    leads_here: Callable[[], bool] = staticmethod(bool)
    contact: Callable[[], str] = staticmethod(str)
    brand: Callable[[], str] = staticmethod(str)
    zone: Callable[[], str | None] = staticmethod(lambda: None)


def address(endpoint: str, **values) -> str | None:
    """The address of a page, or None where this portal has no such page."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


def theme() -> str | None:
    """Light or dark, as chosen on this device, else in the profile; else the device decides."""
    chosen = request.cookies.get("theme")
    if chosen in ("light", "dark"):
        return chosen
    return current_user.theme if current_user.is_authenticated else None


def init(app: Flask) -> None:
    app.jinja_env.globals.update(
        address=address,
        theme=theme,
        page_moment=clock.now,
        navigation=lambda: Frame.navigation(),
        unread=lambda: Frame.unread(),
        contact=lambda: Frame.contact(),
        brand=lambda: Frame.brand(),
    )
