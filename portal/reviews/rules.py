"""What decides a mark and a release: pure functions over plain values, exact to the hundredth.

Source of the bands and of the rules on them: the marking forms of the national training agency as
agencies use them; an organisation with other words passes its own ``bands``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from portal.rubrics.rules import Criterion, Level
from portal.texts import _, lazy
from portal.web.formats import number

HUNDREDTH = Decimal("0.01")
DECISIONS = ("accepted", "revise")


@dataclass(frozen=True)
class Judged:
    """What was said on one criterion: the level, the number where the level is a range, by whom."""

    level_id: int | None = None
    value: Decimal | None = None
    by: int | None = None

    @property
    def is_empty(self) -> bool:
        return self.level_id is None and self.value is None


NOT_JUDGED = Judged()


@dataclass(frozen=True)
class Line:
    """One line of the arithmetic: ``weight`` × ``points`` = ``product``, exactly."""

    title: str
    weight: Decimal
    points: Decimal

    @property
    def product(self) -> Decimal:
        return self.weight * self.points


@dataclass(frozen=True)
class Mark:
    """A mark with its arithmetic: the sum of the products over the sum of the weights, rounded."""

    lines: tuple[Line, ...]

    @property
    def total_weight(self) -> Decimal:
        return sum((line.weight for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return sum((line.product for line in self.lines), Decimal(0))

    @property
    def exact(self) -> Decimal:
        """The mark before rounding (to 28 digits where the weights divide unevenly)."""
        return self.total / self.total_weight

    @property
    def is_finite(self) -> bool:
        """Whether ``exact`` is exact: thirds and the like are not."""
        return self.exact * self.total_weight == self.total

    @property
    def exact_shown(self) -> Decimal:
        """``exact`` as it is printed: cut to six decimals where it never ends."""
        if self.is_finite:
            return self.exact
        return self.exact.quantize(Decimal("0.000001"), ROUND_DOWN)

    @property
    def rounded(self) -> Decimal:
        return rounded(self.exact)

    @property
    def is_rounded(self) -> bool:
        return self.exact != self.rounded


def rounded(value: Decimal) -> Decimal:
    """To the hundredth, half up: 70.005 is 70.01."""
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def level_of(criterion: Criterion, judged: Judged) -> Level | None:
    return next((one for one in criterion.levels if one.id == judged.level_id), None)


def points_of(criterion: Criterion, judged: Judged) -> Decimal | None:
    """The points on one criterion; None while not judged or with a number outside its level."""
    level = level_of(criterion, judged)
    if level is None:
        return None
    if level.lowest == level.highest:
        return level.highest
    if judged.value is None or not level.lowest <= judged.value <= level.highest:
        return None
    return judged.value


def mark_of(criteria: Sequence[Criterion], judgements: Mapping[int, Judged]) -> Mark | None:
    """The mark with its arithmetic; None while any criterion is without points: never 0 for it."""
    lines = []
    for criterion in criteria:
        points = points_of(criterion, judgements.get(criterion.id, NOT_JUDGED))
        if points is None:
            return None
        lines.append(Line(criterion.title, criterion.weight, points))
    return Mark(tuple(lines)) if lines else None


@dataclass(frozen=True)
class Band:
    """The marks above ``over``, up to the next band."""

    over: Decimal | None
    label: str


BANDS = (
    Band(Decimal("90.00"), lazy("Very satisfactory")),
    Band(Decimal("80.00"), lazy("Satisfactory")),
    Band(Decimal("70.00"), lazy("Good")),
    Band(Decimal("60.00"), lazy("Less than good")),
    Band(None, lazy("Does not qualify")),
)


def band_of(mark: Decimal, bands: Sequence[Band] = BANDS) -> Band:
    """The band of a mark: 60.00 is the lowest, 60.01 the next, and so on."""
    return next(band for band in bands if band.over is None or mark > band.over)


class Lack(NamedTuple):
    """What a review still lacks, as a sentence; ``part`` is where in its form that is mended."""

    sentence: str
    part: str


def unjudged(criteria: Sequence[Criterion], judgements: Mapping[int, Judged]) -> list[Lack]:
    """One sentence for each criterion that has no points yet, saying what it lacks."""
    found = []
    for criterion in criteria:
        judged = judgements.get(criterion.id, NOT_JUDGED)
        if points_of(criterion, judged) is not None:
            continue
        level = level_of(criterion, judged)
        if level is None:
            sentence = _("“%(title)s” is not judged yet.", title=criterion.title)
        else:
            sentence = _(
                "“%(title)s” needs a number from %(lowest)s to %(highest)s.",
                title=criterion.title,
                lowest=number(level.lowest),
                highest=number(level.highest),
            )
        found.append(Lack(sentence, f"criterion-{criterion.id}"))
    return found


def missing_before_release(
    *,
    decision: str | None,
    revise_by: datetime | None,
    says_something: bool,
    criteria: Sequence[Criterion],
    judgements: Mapping[int, Judged],
    now: datetime,
) -> list[Lack]:
    """What must still be done before a review may be released; empty when nothing.

    ``criteria`` are those that must be marked: none where the assignment is not marked. Work that
    is sent back needs no mark yet; work that is accepted needs every criterion.
    """
    missing = []
    if decision not in DECISIONS:
        missing.append(Lack(_("Decide: accepted, or revise by a date."), "decision"))
    if decision == "revise" and revise_by is None:
        missing.append(Lack(_("Say by which day the revision is expected."), "revise_by"))
    if decision == "revise" and revise_by is not None and revise_by <= now:
        late = _("The day for the revision has passed; choose a later one.")
        missing.append(Lack(late, "revise_by"))
    if not says_something:
        silent = _("Write an overall feedback, a remark or an action item.")
        missing.append(Lack(silent, "feedback"))
    if decision != "revise":
        missing += unjudged(criteria, judgements)
    return missing
