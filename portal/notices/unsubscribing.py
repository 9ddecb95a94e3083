"""The address in each e-mail that ends e-mails of its kind, for whoever holds it, signed in or not.

It names a person and what ends, signed with the portal's key. It can do nothing else: not turn
anything on, not show anything, not sign in; and it works as long as the e-mail is kept.
"""

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.notices.actions import optional_events
from portal.notices.events import EVENTS, Event

EVERYTHING = "*"


class Scope(NamedTuple):
    """Whose e-mails end, and of which event; of every event when it is None."""

    person_id: int
    event: Event | None

    @property
    def events(self) -> list[Event]:
        return optional_events() if self.event is None else [self.event]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="notices.unsubscribe")


def token_for(scope: Scope) -> str:
    event = EVERYTHING if scope.event is None else scope.event.key
    return str(_serializer().dumps([scope.person_id, event]))


def scope_of(token: str) -> Scope | None:
    """What the token says; None when we did not make it, or no such choice exists any more."""
    try:
        person_id, key = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    if key == EVERYTHING:
        return Scope(person_id, None)
    event = EVENTS.get(key)
    return None if event is None or event.is_vital else Scope(person_id, event)
