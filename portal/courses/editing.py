"""Course content written in the browser. Two people who write the same never wipe each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from portal import clock
from portal.courses.models import Course, Lesson, Module
from portal.courses.queries import course_coded
from portal.database import action, db
from portal.journal.actions import record
from portal.texts import Refused, _


@action
def create_course(organisation_id: int, by: int, **values: Any) -> Course:
    """A new, empty course of an organisation."""
    if course_coded(organisation_id, values["code"]):
        raise Refused(_("Another course of this organisation has this code."), field="code")
    course = Course(
        organisation_id=organisation_id, created_at=clock.now(), edited_at=clock.now(), **values
    )
    db.session.add(course)
    record("course.create", course, by=by, organisation_id=organisation_id, title=course.title)
    return course


@action
def create_module(course: Course, modules: Sequence[Module], by: int, **values: Any) -> Module:
    """A new module at the end of a course."""
    taken = {one.source_path for one in modules}
    module = Module(
        course_id=course.id,
        position=max((one.position for one in modules), default=0) + 1,
        source_path=_free(path_word(values["title"]), taken),
        edited_at=clock.now(),
        **values,
    )
    db.session.add(module)
    record(
        "module.create", module, by=by, organisation_id=course.organisation_id, title=module.title
    )
    return module


@action
def create_lesson(
    course: Course, module: Module, lessons: Sequence[Lesson], by: int, **values: Any
) -> Lesson:
    """A new lesson at the end of a module; other lessons can link to it by its path."""
    folder = module.source_path or path_word(module.title)
    path = _free(
        f"{folder}/{path_word(values['title'])}", {one.source_path for one in lessons}, ".md"
    )
    lesson = Lesson(
        module_id=module.id,
        position=max((one.position for one in lessons), default=0) + 1,
        source_path=path,
        edited_at=clock.now(),
        edited_by_id=by,
        downloads=[],
        **values,
    )
    db.session.add(lesson)
    record(
        "lesson.create", lesson, by=by, organisation_id=course.organisation_id, title=lesson.title
    )
    return lesson


@action
def edit(row: Any, revision: int, by: int, organisation_id: int, **values: Any) -> None:
    """Change a course, module, lesson or assignment; Refused when it changed since `revision`."""
    db.session.refresh(row, attribute_names=["revision"], with_for_update=True)
    if row.revision != revision:
        raise Refused(
            _("Somebody changed this while you were writing. Both texts are below: none is lost."),
            conflict=True,
        )
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(row, name, values[name])
    row.edited_at = clock.now()
    row.revision += 1
    if hasattr(row, "edited_by_id"):
        row.edited_by_id = by
    record(
        f"{row.__tablename__}.edit", row, by=by, organisation_id=organisation_id, changed=changed
    )


@action
def move(rows: Sequence[Any], row: Any, down: bool, by: int, organisation_id: int) -> None:
    """Put a row one place up or down among its neighbours; at the end nothing happens."""
    order = list(rows)
    at = order.index(row)
    to = at + (1 if down else -1)
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, one in enumerate(order, 1):
        if one.position != position:
            one.position = position
    record(
        f"{row.__tablename__}.move",
        row,
        by=by,
        organisation_id=organisation_id,
        down=down,
    )


@action
def set_hidden(row: Any, is_hidden: bool, by: int, organisation_id: int) -> None:
    """Hide a row from participants, or show it again; what they did with it stays."""
    if bool(row.hidden_at) == is_hidden:
        return
    row.hidden_at = clock.now() if is_hidden else None
    record(
        f"{row.__tablename__}.{'hide' if is_hidden else 'show'}",
        row,
        by=by,
        organisation_id=organisation_id,
    )


def path_word(title: str) -> str:
    """A title as part of a path: "Membangun tim!" → "membangun-tim"."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "bagian"


def _free(path: str, taken: set[str | None], ending: str = "") -> str:
    found, number = path + ending, 2
    while found in taken:
        found, number = f"{path}-{number}{ending}", number + 1
    return found
