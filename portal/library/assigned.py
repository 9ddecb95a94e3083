"""What an assignment's file says, put into its row."""

from __future__ import annotations

import sqlalchemy as sa

from portal.assignments.models import Assignment, AssignmentCapacity
from portal.cohorts.actions import ensure_capacities
from portal.courses.models import Module
from portal.database import db
from portal.files.kinds import WORK
from portal.library.plan import AssignmentPlan
from portal.rubrics.models import Rubric, RubricVersion

FILE_TYPES = ["pdf", "docx", "xlsx", "pptx", "jpg", "png"]
REVIEW, MARK = ("supervisor", "coach"), ("coach",)
SAME_NAMES = {
    "feedback_days": "feedback_days", "max_files": "max_files", "max_characters": "max_characters",
    "weight": "weight", "thread": "thread",
}  # fmt: skip


def fill_assignment(
    row: Assignment, plan: AssignmentPlan, module: Module | None, rubric: Rubric | None
) -> list[tuple[str, str]]:
    """Write a plan into a row; what is not stated keeps its value, or the default. Remarks back."""
    row.title, row.brief = plan.title, plan.body
    row.module_id = module.id if module else None
    row.rubric_id = rubric.id if rubric else None
    row.accepts_text, row.accepts_files = plan.text, plan.files
    for stated, name in SAME_NAMES.items():
        if getattr(plan, stated) is not None:
            setattr(row, name, getattr(plan, stated))
    if plan.max_megabytes is not None:
        row.max_file_bytes = plan.max_megabytes * 2**20
    if plan.grace_minutes is not None:
        row.grace_seconds = plan.grace_minutes * 60
    _days(row, plan)
    said: list[tuple[str, str]] = []
    if plan.file_types is not None:
        said += [("no-such-type", one) for one in plan.file_types if one not in WORK]
        row.file_types = [one for one in plan.file_types if one in WORK] or FILE_TYPES
    elif not row.file_types:
        row.file_types = FILE_TYPES
    db.session.flush()
    return said + _capacities(row, plan)


def _days(row: Assignment, plan: AssignmentPlan) -> None:
    opens = plan.opens if plan.opens is not None else row.opens_offset or 0
    due = plan.due if plan.due is not None else max(row.due_offset or 0, opens + 14)
    closes = plan.closes if plan.closes is not None else max(row.closes_offset or 0, due + 7)
    row.opens_offset, row.due_offset, row.closes_offset = opens, max(due, opens), max(closes, due)


def _capacities(row: Assignment, plan: AssignmentPlan) -> list[tuple[str, str]]:
    known = ensure_capacities()
    first = not row.reviewers
    if plan.review is None and plan.mark is None and not first:
        return []
    review = plan.review if plan.review is not None else REVIEW
    mark = plan.mark if plan.mark is not None else tuple(one for one in MARK if one in review)
    stated = list(dict.fromkeys([*review, *mark]))
    wanted = {known[one].id: one in mark for one in stated if one in known}
    for reviewer in [one for one in row.reviewers if one.capacity_id not in wanted]:
        row.reviewers.remove(reviewer)
        db.session.delete(reviewer)
    there = {one.capacity_id: one for one in row.reviewers}
    for capacity_id, may_mark in wanted.items():
        if capacity_id in there:
            there[capacity_id].may_mark = may_mark
        else:
            row.reviewers.append(
                AssignmentCapacity(assignment_id=row.id, capacity_id=capacity_id, may_mark=may_mark)
            )
    return [("no-such-capacity", one) for one in stated if one not in known]


def newest_version(rubric_id: int) -> int | None:
    """The id of a rubric's newest version, for work that begins now."""
    return db.session.scalar(
        sa.select(RubricVersion.id)
        .where(RubricVersion.rubric_id == rubric_id)
        .order_by(RubricVersion.number.desc())
        .limit(1)
    )
