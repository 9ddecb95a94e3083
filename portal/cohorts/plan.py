"""The words of a roster's judgement: what the portal has, a verdict per row, and what is to do."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from portal.cohorts.details import Details
from portal.cohorts.problems import Problem
from portal.cohorts.roster import CAPACITIES

NEW, SAME, CHANGED, REFUSED = "new", "same", "changed", "refused"
KINDS = (NEW, CHANGED, SAME, REFUSED)
IDENTITIES = ("nip", "username", "email")
DETAILS = ("name", "nip", "email", "username", "position", "unit", "phone")

# A person of the plan: their id in the portal, or for a new one their identity ("nip:1985...").
Reference = int | str
Changes = tuple[tuple[str, str, str], ...]
NOTHING: Changes = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A person the portal has, and how they stand in the cohort.

    `aliases` are further names they sign in with, as (kind, folded name). `cohort` is another
    cohort of the same organisation that they take or took part in.
    """

    id: int
    details: Details
    role: str | None = None
    list_number: str = ""
    left: date | None = None
    closed: bool = False
    editable: bool = True
    cohort: str = ""
    aliases: frozenset[tuple[str, str]] = frozenset()

    @property
    def identities(self) -> set[tuple[str, str]]:
        """Everything by which a row may mean this person."""
        return {
            (kind, text) for kind in IDENTITIES if (text := getattr(self.details, kind))
        } | self.aliases


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The portal as far as a roster can touch it: everybody the file may mean, and the cohort."""

    people: tuple[Known, ...] = ()
    mentorships: frozenset[tuple[int, str, int]] = frozenset()
    capacities: tuple[tuple[str, str], ...] = tuple((c, c) for c in CAPACITIES)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens with one row. `changes` are (column, from, to); `implied` is a person whom a
    participant's row names as mentor and who has no row of their own."""

    sheet: str
    number: int
    kind: str
    role: str
    capacity: str
    name: str
    identity: str
    changes: Changes = ()
    problems: tuple[Problem, ...] = ()
    implied: bool = False


@dataclass(slots=True)
class Plan:
    """The verdicts in the order of the file, and what carrying them out takes."""

    verdicts: list[Verdict] = field(default_factory=list)
    create: dict[str, Details] = field(default_factory=dict)
    update: dict[int, dict[str, str]] = field(default_factory=dict)
    enrol: dict[Reference, tuple[str, str]] = field(default_factory=dict)
    renumber: dict[int, str] = field(default_factory=dict)
    mentor: list[tuple[Reference, str, Reference]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each verdict."""
        return {kind: sum(v.kind == kind for v in self.verdicts) for kind in KINDS}

    @property
    def changes_something(self) -> bool:
        """Whether carrying it out would write anything."""
        return bool(self.create or self.update or self.enrol or self.renumber or self.mentor)


def stored(verdict: Verdict) -> dict[str, Any]:
    """A verdict as it lies in the database."""
    values = asdict(verdict)
    values["problems"] = [[p.key, p.values] for p in verdict.problems]
    values["changes"] = [list(change) for change in verdict.changes]
    return values


def restored(values: dict[str, Any]) -> Verdict:
    """The verdict that was stored."""
    problems = tuple(Problem(key, found) for key, found in values["problems"])
    changes = tuple((column, before, after) for column, before, after in values["changes"])
    return Verdict(**{**values, "problems": problems, "changes": changes})
