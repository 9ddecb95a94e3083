"""Assignments and rubrics as their files state them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from portal.library import frontmatter as read
from portal.library.layout import title_from
from portal.library.plan import AssignmentPlan, CriterionPlan, LevelPlan, RubricPlan

NUMBERS = {
    "opens": (-365, 1000),
    "due": (-365, 1000),
    "closes": (-365, 1000),
    "feedback_days": (0, 365),
    "max_files": (1, 20),
    "max_megabytes": (1, 100),
    "max_characters": (100, 200_000),
    "grace_minutes": (0, 60),
}
ANSWERS = ("text", "files")
LISTS = ("file_types", "review", "mark")
ASSIGNMENT_KEYS = {*NUMBERS, *ANSWERS, *LISTS, "title", "module", "thread", "weight", "rubric"}

Say = Callable[[str, str], None]
"""Takes a remark's code and detail."""


def set_up(plan: AssignmentPlan, values: dict[str, Any], say: Say) -> None:
    """Fill an assignment from its front matter; a value that cannot be is said and left out."""
    for key, (least, most) in NUMBERS.items():
        if key in values:
            number = read.whole(values[key], least, most)
            if number is None:
                say("wrong-value", f"{key}: {values[key]}")
            setattr(plan, key, number)
    for key in ANSWERS:
        if key in values:
            answer = read.yes(values[key])
            if answer is None:
                say("wrong-value", f"{key}: {values[key]}")
            else:
                setattr(plan, key, answer)
    for key in LISTS:
        if key in values:
            words = read.words(values[key])
            if words is None:
                say("wrong-value", f"{key}: {values[key]}")
            setattr(plan, key, words)
    if "weight" in values:
        plan.weight = read.number(values["weight"])
        if plan.weight is None:
            say("wrong-value", f"weight: {values['weight']}")
    plan.module = read.word(values.get("module"))
    plan.rubric = read.word(values.get("rubric"))
    if "thread" in values:
        plan.thread = read.word(values["thread"])[:60]
    _in_order(plan, say)


def _in_order(plan: AssignmentPlan, say: Say) -> None:
    """Opens, due and closes follow each other, and something can be handed in."""
    if not plan.text and not plan.files:
        say("wrong-value", "text: false, files: false")
        plan.text = True
    days = [day for day in (plan.opens, plan.due, plan.closes) if day is not None]
    if days != sorted(days):
        say("wrong-value", "opens, due, closes: " + ", ".join(map(str, days)))
        plan.opens = plan.due = plan.closes = None


def rubric(path: str, text: str, say: Say) -> RubricPlan | None:
    """A rubric from its YAML; None when it is not one, which is said."""
    values = read.load(text)
    if not isinstance(values, dict) or not isinstance(values.get("criteria"), list):
        say("no-rubric", "")
        return None
    criteria = [_criterion(one, say) for one in values["criteria"][:50]]
    key = title_key(path)
    kept = tuple(one for one in criteria if one is not None)
    if not kept or len(kept) != len(criteria):
        say("no-rubric", "")
        return None
    if len({one.title.casefold() for one in kept}) != len(kept):
        say("no-rubric", "title")
        return None
    title = read.word(values.get("title")) or title_from(key)
    return RubricPlan(path, key, title, _to_a_hundred(kept, say))


def _to_a_hundred(criteria: tuple[CriterionPlan, ...], say: Say) -> tuple[CriterionPlan, ...]:
    """Criteria whose weights sum to 100.00; other sums are scaled, which is said."""
    total = sum(one.weight for one in criteria)
    if total == 100:
        return criteria
    say("weights-scaled", str(total))
    exact = [one.weight * 100 / total for one in criteria]
    cents = [int(one * 100) for one in exact]
    short = 10_000 - sum(cents)
    largest = sorted(range(len(cents)), key=lambda at: cents[at] - exact[at] * 100)
    for at in largest[:short]:
        cents[at] += 1
    return tuple(
        replace(one, weight=Decimal(cent) / 100) for one, cent in zip(criteria, cents, strict=True)
    )


def _criterion(value: Any, say: Say) -> CriterionPlan | None:
    if not isinstance(value, dict) or not read.word(value.get("title")):
        say("wrong-value", f"criteria: {str(value)[:60]}")
        return None
    title = read.word(value["title"])
    weight = read.number(value.get("weight", 1))
    levels = value.get("levels")
    if weight is None or not weight or not isinstance(levels, list) or not levels:
        say("wrong-value", f"{title}: weight, levels")
        return None
    read_levels = [_level(one) for one in levels[:20]]
    if any(level is None for level in read_levels):
        say("wrong-value", f"{title}: levels")
        return None
    kept = tuple(level for level in read_levels if level is not None)
    return CriterionPlan(title, text_value(value.get("description")), weight, kept)


def _level(value: Any) -> LevelPlan | None:
    if not isinstance(value, dict):
        return None
    title = read.word(value.get("title"))
    single = value.get("value", value.get("lowest", value.get("highest")))
    lowest = read.number(value.get("lowest", single))
    highest = read.number(value.get("highest", single))
    if not title or lowest is None or highest is None or lowest > highest:
        return None
    return LevelPlan(title, text_value(value.get("description")), lowest, highest)


def text_value(value: Any) -> str:
    """A value as text of several lines."""
    return value.replace("\0", "").strip()[:5_000] if isinstance(value, str) else read.word(value)


def title_key(path: str) -> str:
    """A file's name without folder and ending."""
    return posixpath.splitext(posixpath.basename(path))[0]
