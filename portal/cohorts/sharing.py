"""Who mentors how many, where interests conflict, and sharing participants out evenly. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.cohorts.models import Mentorship

SAME_PERSON, EACH_OTHER, TAKES_PART = "same_person", "each_other", "takes_part"
Pair = tuple[int, int]
"""(participant id, mentor id)"""


@dataclass(frozen=True)
class Conflict:
    """A participant and a mentor between whom somebody would judge their own."""

    participant_id: int
    mentor_id: int
    kind: str


def loads_of(mentorships: Iterable[Mentorship]) -> dict[int, dict[int, int]]:
    """Mentor id → capacity id → how many they mentor."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in mentorships:
        found[one.mentor_id][one.capacity_id] += 1
    return found


def conflicts_among(
    mentorships: Sequence[Mentorship], participant_ids: Collection[int]
) -> list[Conflict]:
    """Where one person holds two capacities for a participant, where two people mentor each
    other, and where a mentor takes part in the cohort. Each pair once."""
    pairs: dict[Pair, int] = defaultdict(int)
    for one in mentorships:
        pairs[one.participant_id, one.mentor_id] += 1
    found = []
    for (participant_id, mentor_id), capacities in pairs.items():
        if (mentor_id, participant_id) in pairs:
            found.append(Conflict(participant_id, mentor_id, EACH_OTHER))
        elif mentor_id in participant_ids:
            found.append(Conflict(participant_id, mentor_id, TAKES_PART))
        if capacities > 1:
            found.append(Conflict(participant_id, mentor_id, SAME_PERSON))
    return found


def barred_among(mentorships: Iterable[Mentorship], participant_ids: Iterable[int]) -> set[Pair]:
    """The pairs that would be a conflict: oneself, each other, and a second capacity."""
    barred = {(one, one) for one in participant_ids}
    for mentorship in mentorships:
        pair = mentorship.participant_id, mentorship.mentor_id
        barred |= {pair, pair[::-1]}
    return barred


def shared_out(
    participant_ids: Sequence[int], loads: Mapping[int, int], barred: Collection[Pair]
) -> dict[int, int]:
    """Participant id → mentor id, so that the mentors end up with as equal numbers as can be.

    ``loads`` says how many each mentor has already. Whoever has the fewest mentors to choose from
    is placed first; whom no mentor may take is left out.
    """
    counts = dict(loads)
    allowed = {
        one: [mentor for mentor in counts if (one, mentor) not in barred] for one in participant_ids
    }
    found = {}
    for one in sorted(participant_ids, key=lambda one: len(allowed[one])):
        if allowed[one]:
            mentor = min(allowed[one], key=lambda mentor: counts[mentor])
            counts[mentor] += 1
            found[one] = mentor
    return {one: found[one] for one in participant_ids if one in found}
