"""Where the lines and bars of the dashboards stand: geometry, which the templates draw as SVG."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

WIDTH, HEIGHT = 600, 200
EARLIEST, LATEST = -30, 14


@dataclass(frozen=True)
class Curve:
    """A line that climbs with each hand-in, and its shares as numbers for the table: as of each
    day, as far as it has come."""

    name: str
    points: str
    shares: list[int]
    now: int


@dataclass(frozen=True)
class Curves:
    """Shares of hand-ins against the days from the deadline."""

    days: list[int]
    lines: list[Curve]
    deadline_x: float
    day_marks: list[tuple[float, int]]


def curves_of(series: Sequence[tuple[str, Sequence[float], int, float]]) -> Curves | None:
    """From (name, days between deadline and each hand-in, how many were expected, days between
    deadline and now): a line goes no further than the present.

    None when nobody has handed in. Hand-ins far before or after stand at the edge.
    """
    arrivals = [min(max(day, EARLIEST), LATEST) for _name, days, *_rest in series for day in days]
    if not arrivals:
        return None
    first, last = min(floor(min(arrivals)), -1), max(ceil(max(arrivals)), 1)
    days = list(range(first, last + 1))

    def x(day: float) -> float:
        return round(WIDTH * (day - first) / (last - first), 1)

    lines = []
    for name, own, expected, until in series:
        until = min(max(until, EARLIEST), LATEST)
        come = [day for day in days if day <= until]
        so_far = [*come, until] if first < until < last else come
        shares = [
            round(100 * sum(min(max(one, EARLIEST), LATEST) <= day for one in own) / expected)
            if expected
            else 0
            for day in so_far
        ]
        points = " ".join(
            f"{x(day)},{round(HEIGHT - HEIGHT * share / 100, 1)}"
            for day, share in zip(so_far, shares, strict=True)
        )
        lines.append(Curve(name, points, shares[: len(come)], shares[-1] if shares else 0))
    step = max(1, ceil(len(days) / 8))
    marks = [(x(day), day) for day in days if day % step == 0]
    return Curves(days, lines, x(0), marks)


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: the day, how often, where it stands; an open one holds more days."""

    day: int
    is_open: bool
    count: int
    x: float
    y: float
    width: float
    height: float


def bars_of(counts: Counter[int], most: int = 14) -> list[Bar]:
    """A histogram of whole days; the last bar also holds everything beyond it."""
    if not counts:
        return []
    folded = Counter(dict.fromkeys(range(min(max(counts), most) + 1), 0))
    for day, count in counts.items():
        folded[min(max(day, 0), most)] += count
    top, step = max(folded.values()), WIDTH / len(folded)
    return [
        Bar(
            day,
            day == most,
            count,
            round(place * step + 2, 1),
            round(HEIGHT - HEIGHT * count / top, 1),
            round(min(step - 4, 60), 1),
            round(HEIGHT * count / top, 1),
        )
        for place, (day, count) in enumerate(sorted(folded.items()))
    ]
