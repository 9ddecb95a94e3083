"""What an import wrote, kept so that it can be taken back."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Trace:
    """Rows an import made (by id) and values it changed (with what was before and after).

    ``details`` are (person, column, before, after), ``names`` (sign-in name, before, after,
    person), ``numbers`` (enrolment, before, after).
    """

    people: list[int] = field(default_factory=list)
    enrolments: list[int] = field(default_factory=list)
    mentorships: list[int] = field(default_factory=list)
    added_names: list[int] = field(default_factory=list)
    details: list[tuple[int, str, str, str]] = field(default_factory=list)
    names: list[tuple[int, str, str, int]] = field(default_factory=list)
    numbers: list[tuple[int, int | None, int]] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """The trace as it lies in the database."""
        return asdict(self)
