"""What mentors say about a piece of work, from texts/feedback."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from portal.demo.days import Days
from portal.demo.events import Item, Quality, Reviewed
from portal.demo.people import Member
from portal.demo.projects import read
from portal.demo.writing import KINDS


def review_of(
    member: Member,
    number: int,
    *,
    at: datetime,
    days: Days,
    day: int,
    random: Random,
    decision: str | None,
    revise_day: int | None = None,
    asked: Sequence[str] = (),
) -> Reviewed:
    """A review of this work: thorough and decided, or still under way when not decided.

    ``asked`` are action items that earlier reviews of it gave already.
    """
    words: dict[str, Any] = read(f"feedback/{KINDS[number - 1]}")
    criteria = words["criteria"]
    qualities = _qualities(len(criteria), decision, random)
    remarks = [
        random.choice(criterion[quality])
        for criterion, quality in zip(criteria, qualities, strict=False)
    ]
    supervisor = random.choice(words["supervisor"]) if random.random() < 0.45 else ""
    if decision is None:
        return Reviewed(at, member, number, qualities, tuple(remarks), supervisor=supervisor)
    # A remark on everything is more than a mentor has time for.
    kept = [
        text if quality == "weak" or random.random() < 0.75 else ""
        for text, quality in zip(remarks, qualities, strict=True)
    ]
    until = revise_day if revise_day is not None else day + 10
    most = 2 if decision == "revise" else random.choice((0, 0, 1))
    choice = [text for text in words["items"] if text not in asked]
    texts = random.sample(choice, min(most, len(choice)))
    return Reviewed(
        at,
        member,
        number,
        qualities,
        tuple(kept),
        feedback=random.choice(words[decision]),
        items=tuple(Item(text, days.day(until)) for text in texts),
        decision="revise" if decision == "revise" else "accepted",
        revise_by=days.at(revise_day, 23, 59) if revise_day is not None else None,
        supervisor=supervisor,
    )


def _qualities(count: int, decision: str | None, random: Random) -> tuple[Quality, ...]:
    if decision is None:
        return tuple(random.choices(("strong", "fair"), k=max(1, count - 2)))
    if decision == "accepted":
        return tuple(random.choices(("strong", "fair"), weights=(3, 2), k=count))
    found: list[Quality] = random.choices(("fair", "weak", "strong"), weights=(4, 2, 1), k=count)
    found[random.randrange(count)] = "weak"
    return tuple(found)


def later(moment: datetime, random: Random) -> datetime:
    """A few minutes after a moment, so that not everything happens on the hour."""
    return moment + timedelta(minutes=random.randrange(50), seconds=random.randrange(60))
