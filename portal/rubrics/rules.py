"""A rubric as it is read: by who works towards it, and by who judges."""

from decimal import Decimal
from typing import NamedTuple


class Level(NamedTuple):
    """A grade of quality. One number when ``lowest`` is ``highest``, else any between them."""

    id: int
    title: str
    description: str
    lowest: Decimal
    highest: Decimal


class Criterion(NamedTuple):
    """One thing that is judged, with its levels, best first."""

    id: int
    title: str
    description: str
    weight: Decimal
    levels: tuple[Level, ...]
