"""What a folder of Markdown would become: plain values, nothing written yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Remark:
    """Something the writer of a file should know. `code` is a key of `portal.library.remarks`."""

    path: str
    code: str
    detail: str = ""


@dataclass
class LessonPlan:
    """A lesson; `path` is its identity from import to import, `digest` that of the file's bytes."""

    path: str
    title: str
    body: str
    digest: str
    minutes: int | None = None
    files: tuple[str, ...] = ()
    """Downloads: every file the text links to, then those that lie beside it; never pictures."""


@dataclass
class ModulePlan:
    """A module; `key` is its folder ("" for lessons that lie in no folder)."""

    key: str
    title: str
    path: str = ""
    body: str = ""
    digest: str = ""
    agenda: str = ""
    opens_after_days: int | None = None
    requires_previous: bool = False
    lessons: list[LessonPlan] = field(default_factory=list)


@dataclass
class AssignmentPlan:
    """An assignment. Days count from the cohort's first day; None leaves the portal's default."""

    path: str
    title: str
    body: str
    digest: str
    module: str = ""
    thread: str | None = None
    opens: int | None = None
    due: int | None = None
    closes: int | None = None
    feedback_days: int | None = None
    text: bool = True
    files: bool = True
    max_files: int | None = None
    max_megabytes: int | None = None
    max_characters: int | None = None
    file_types: tuple[str, ...] | None = None
    grace_minutes: int | None = None
    weight: Decimal | None = None
    review: tuple[str, ...] | None = None
    mark: tuple[str, ...] | None = None
    rubric: str = ""
    linked: tuple[str, ...] = ()


@dataclass(frozen=True)
class LevelPlan:
    """A level of a criterion; `lowest` equals `highest` when it holds one number."""

    title: str
    description: str
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True)
class CriterionPlan:
    """A criterion; its levels stand best first."""

    title: str
    description: str
    weight: Decimal
    levels: tuple[LevelPlan, ...]


@dataclass(frozen=True)
class RubricPlan:
    """A rubric; `key` is its file's name without the ending."""

    path: str
    key: str
    title: str
    criteria: tuple[CriterionPlan, ...]
    digest: str = ""


@dataclass(frozen=True)
class FilePlan:
    """A file that some text uses."""

    path: str
    size: int
    is_picture: bool


@dataclass
class Plan:
    """A whole course as read, and what there is to say about each file."""

    code: str = ""
    title: str = ""
    language: str = ""
    body: str = ""
    digest: str = ""
    path: str = ""
    modules: list[ModulePlan] = field(default_factory=list)
    assignments: list[AssignmentPlan] = field(default_factory=list)
    rubrics: list[RubricPlan] = field(default_factory=list)
    files: dict[str, FilePlan] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def lessons(self) -> list[LessonPlan]:
        """All lessons in the order of reading."""
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read and nothing to do."""
        return not self.lessons and not self.assignments

    def remark(self, path: str, code: str, detail: str = "") -> None:
        """Note something about a file, once."""
        remark = Remark(path, code, detail[:200])
        if remark not in self.remarks:
            self.remarks.append(remark)
