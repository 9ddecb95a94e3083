"""The YAML between two lines of dashes at the head of a text."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

BLOCK = re.compile(
    r"\A---[ \t]*\r?\n(.*?)(?:\r?\n)?^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE
)
LARGEST = 20_000


def split(text: str) -> tuple[dict[str, Any], str, bool]:
    """The front matter's values, the text without it, and whether it could be read."""
    found = BLOCK.match(text)
    if found is None:
        return {}, text, True
    body = text[found.end() :].lstrip("\r\n")
    values = load(found.group(1))
    if values is None:
        return {}, body, False
    if not isinstance(values, dict):
        return {}, body, not values
    return {str(key).strip(): value for key, value in values.items()}, body, True


def load(text: str) -> Any:
    """YAML as plain values; {} for nothing, None when it cannot be read."""
    if len(text) > LARGEST:
        return None
    try:
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return {} if values is None else values


def word(value: Any, longest: int = 200) -> str:
    """A value as one line of text; "" for what is no single value."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).replace("\0", "").split())[:longest]


def whole(value: Any, least: int = 0, most: int = 100_000) -> int | None:
    """A whole number within bounds, else None."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,6}\s*", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= most else None


def number(value: Any) -> Decimal | None:
    """A number with at most two decimals from 0 to 10,000; a comma is read as a point."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        exact = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not exact.is_finite() or not 0 <= exact <= 10_000:
        return None
    return exact if exact == round(exact, 2) else None


def yes(value: Any) -> bool | None:
    """A yes or a no, else None."""
    if isinstance(value, bool):
        return value
    return {"ya": True, "yes": True, "tidak": False, "no": False}.get(word(value).casefold())


def words(value: Any) -> tuple[str, ...] | None:
    """A list of single words, or one sentence split at commas; None for anything else."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or len(value) > 50:
        return None
    return tuple(filter(None, (word(one).casefold() for one in value)))
