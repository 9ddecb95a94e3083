"""Who may enter. A route declares one word; one guard reads it, for every route alike.

The words are standings in what the URL names: the cohort (``cohort_id``), else the organisation
(``organisation_id``), else the portal as a whole. ``create_app`` wires the functions that find
them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import abort, g
from flask_login import current_user


class Access(Enum):
    """May this person enter? Read as a sentence: ``access=MENTOR``."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    PARTICIPANT = "participant"
    MENTOR = "mentor"
    ADMINISTRATOR = "administrator"
    STAFF = "mentor or administrator"
    MEMBER = "participant, mentor or administrator (who only reads)"


ANYONE = Access.ANYONE
SIGNED_IN = Access.SIGNED_IN
PARTICIPANT = Access.PARTICIPANT
MENTOR = Access.MENTOR
ADMINISTRATOR = Access.ADMINISTRATOR
STAFF = Access.STAFF
MEMBER = Access.MEMBER

ROLES = {
    PARTICIPANT: {"participant"},
    MENTOR: {"mentor"},
    ADMINISTRATOR: {"administrator"},
    STAFF: {"mentor", "administrator"},
    MEMBER: {"participant", "mentor", "administrator"},
}


@dataclass(frozen=True)
class Standing:
    """What a person is in a place: their roles there, and the place itself."""

    roles: frozenset[str]
    cohort: Any = None
    organisation: Any = None
    is_closed: bool = False
    """Whether the place can only be read any more."""

    @property
    def is_participant(self) -> bool:
        return "participant" in self.roles

    @property
    def is_mentor(self) -> bool:
        return "mentor" in self.roles

    @property
    def is_administrator(self) -> bool:
        return "administrator" in self.roles


NOWHERE = Standing(frozenset())
Finder = Callable[[int, int], Standing | None]


class Standings:
    """The functions that find a standing, by the URL parameter that names the place.

    Each takes (person id, id in the URL) and returns None when there is no such place.
    ``portal`` takes the person's id alone.
    """

    def __init__(self) -> None:
        self.finders: dict[str, Finder] = {}
        self.portal: Callable[[int], Standing] = lambda person_id: NOWHERE
        self.keepers: dict[str, Callable[[int], bool]] = {}
        """By the same parameter: hold the place open until the commit; False where it is closed."""

    def of(self, person_id: int, view_args: dict[str, Any]) -> Standing | None:
        for parameter, find in self.finders.items():
            if parameter in view_args:
                return find(person_id, view_args[parameter])
        return self.portal(person_id)

    def names_a_place(self, view_args: dict[str, Any]) -> bool:
        return any(parameter in view_args for parameter in self.finders)


standings = Standings()


def standing() -> Standing:
    """The standing of the present person in the place the present URL names."""
    return g.get("standing", NOWHERE)


def guard(access: Access, view_args: dict[str, Any], *, writes: bool, even_closed: bool) -> None:
    """Let the person in or refuse: visitor 401, a stranger to the place 404, else 403; 423 where
    the place is closed, unless the route is good for that as well (``even_closed``).

    Who asks is found here in any case, since a sign-in is looked up in a transaction that reads.
    """
    is_visitor = not current_user.is_authenticated
    if access is ANYONE:
        return
    if is_visitor:
        abort(401)
    if access is SIGNED_IN and not standings.names_a_place(view_args):
        return
    found = standings.of(current_user.id, view_args)
    if found is None or (standings.names_a_place(view_args) and not found.roles):
        abort(404)
    g.standing = found
    if access is not SIGNED_IN:
        _check_roles(access, found, writes=writes)
    if found.is_closed and not even_closed:
        abort(423)


def keep_open(view_args: dict[str, Any]) -> None:
    """First of all in a transaction that writes: 423 where the place was closed since the guard
    let the person in; where not, whoever closes it waits for the commit."""
    for parameter, keeps in standings.keepers.items():
        if parameter in view_args and not keeps(view_args[parameter]):
            abort(423)


def _check_roles(access: Access, found: Standing, *, writes: bool) -> None:
    allowed = ROLES[access]
    if access is MEMBER and writes:
        allowed = allowed - {"administrator"}
    if not found.roles & allowed:
        abort(403)
