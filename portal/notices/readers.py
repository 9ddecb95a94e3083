"""Who reads: notices know a person by id, ``create_app`` hands them the address book."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from portal.web.formats import zone


@dataclass(frozen=True)
class Reader:
    """What sending e-mail to somebody needs. None where they have or chose nothing."""

    id: int
    name: str
    address: str | None
    language: str | None
    zone_name: str | None
    is_active: bool
    can_sign_in: bool = True

    @property
    def zone(self) -> ZoneInfo:
        """Their own zone, else that of their organisation, else the first of the country."""
        return zone(self.zone_name or "")

    @property
    def can_be_written_to(self) -> bool:
        return self.is_active and bool(self.address)


class AddressBook:
    """``readers`` finds people by their ids; ``roles`` tells what one of them is anywhere."""

    readers: Callable[[Collection[int]], dict[int, Reader]] = staticmethod(lambda ids: {})
    roles: Callable[[int], set[str]] = staticmethod(lambda person_id: set())
