"""Everything of an import that is slow, done before the transaction: reading, storing, resizing."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from portal.courses.rendering import parse_ahead
from portal.files import actions as files
from portal.files import kinds
from portal.library import pictures
from portal.library.folder import read_folder
from portal.library.pictures import Ready
from portal.library.plan import Plan
from portal.library.sources import LARGEST_FILE, Source, Unreadable
from portal.texts import Refused


@dataclass
class Prepared:
    """A plan whose files lie on the disk; no row names them yet."""

    plan: Plan
    files: dict[str, Ready] = field(default_factory=dict)


def prepare(source: Source) -> Prepared:
    """Read a whole course; raises `Unreadable` only when nothing of it can be read."""
    plan = read_folder(source)
    done = Prepared(plan)
    for path in plan.files:
        try:
            content = io.BytesIO(source.read(path, LARGEST_FILE))
            kept, kind = files.keep_accepted(content, path, kinds.COURSE, LARGEST_FILE)
            done.files[path] = pictures.ready(kept, kind)
        except Unreadable as problem:
            plan.remark(path, problem.code)
        except Refused as refused:
            plan.remark(path, "refused", str(refused))
        except (OSError, ValueError, SyntaxError):
            plan.remark(path, "damaged")
    for lesson in plan.lessons:
        parse_ahead(lesson.body, plan.language or "id")
    return done
