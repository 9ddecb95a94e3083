"""What happens in the demo, as plain values: a moment, a member, and the words."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from portal.demo.people import Member

Quality = Literal["strong", "fair", "weak"]
Who = Literal["p", "c", "s"]


@dataclass(frozen=True)
class Term:
    """An assignment of the course: its place from 1, its kind of text, and its days."""

    number: int
    opens: int
    due: int
    closes: int
    takes_text: bool = True
    file_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    at: datetime


@dataclass(frozen=True)
class Entered(Event):
    """Somebody enters the portal for the first time."""

    nip: str


@dataclass(frozen=True)
class Read(Event):
    """A participant is done with a lesson, counted from 0 through the course."""

    member: Member
    lesson: int


@dataclass(frozen=True)
class Drafted(Event):
    member: Member
    number: int
    text: str


@dataclass(frozen=True)
class Paper:
    """A file to attach: its name and its bytes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class HandedIn(Event):
    member: Member
    number: int
    text: str
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True)
class Item:
    text: str
    by: date


@dataclass(frozen=True)
class Reviewed(Event):
    """The coach's review of the newest version; not released when ``decision`` is None.

    ``qualities`` and ``remarks`` are per criterion; a review that is under way has fewer.
    """

    member: Member
    number: int
    qualities: tuple[Quality, ...]
    remarks: tuple[str, ...]
    feedback: str = ""
    items: tuple[Item, ...] = ()
    decision: Literal["accepted", "revise"] | None = None
    revise_by: datetime | None = None
    supervisor: str = ""
    """The supervisor's remark on the first criterion, written an hour before."""


@dataclass(frozen=True)
class Stepped(Event):
    """The action items of a work so far: done by the participant, or confirmed by the coach."""

    member: Member
    number: int
    state: Literal["done", "confirmed"]


@dataclass(frozen=True)
class Said(Event):
    """A line of the dialogue on an assignment, by participant, coach or supervisor."""

    member: Member
    number: int
    who: Who
    text: str


@dataclass(frozen=True)
class Asked(Event):
    """A participant asks for more time."""

    member: Member
    number: int
    reason: str
    until: datetime


@dataclass(frozen=True)
class Answered(Event):
    """The organiser answers: more time until a moment, or none."""

    member: Member
    number: int
    answer: str
    until: datetime | None


@dataclass(frozen=True)
class ExtendedForAll(Event):
    cohort: str
    number: int
    until: datetime
    reason: str


@dataclass(frozen=True)
class Exempted(Event):
    """Several participants are exempt from an assignment."""

    members: tuple[Member, ...]
    number: int
    reason: str


@dataclass(frozen=True)
class Announced(Event):
    cohort: str
    title: str
    body: str
