"""Which modules are open for a participant, and why the others are not. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple


class LessonEntry(NamedTuple):
    """A lesson in the outline of a course."""

    id: int
    title: str
    minutes: int
    is_done: bool


class ModuleEntry(NamedTuple):
    """A module in the outline, with its visible lessons in order."""

    id: int
    title: str
    agenda: str
    opens_after_days: int
    requires_previous: bool
    lessons: tuple[LessonEntry, ...]

    @property
    def done(self) -> int:
        return sum(lesson.is_done for lesson in self.lessons)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.lessons)


@dataclass(frozen=True)
class ModuleState:
    """Where a participant stands in a module.

    ``name`` is done, current, open or locked. A locked module says why: ``opens_on`` (a day still
    to come) or ``waits_for`` (the title of a module to finish first).
    """

    module: ModuleEntry
    name: str
    opens_on: date | None = None
    waits_for: str | None = None

    @property
    def is_locked(self) -> bool:
        return self.name == "locked"


@dataclass(frozen=True)
class Outline:
    """A course as one participant sees it on one day."""

    states: tuple[ModuleState, ...] = field(default=())

    @property
    def lessons(self) -> list[LessonEntry]:
        return [lesson for state in self.states for lesson in state.module.lessons]

    @property
    def done(self) -> int:
        return sum(lesson.is_done for lesson in self.lessons)

    @property
    def total(self) -> int:
        return len(self.lessons)

    @property
    def next_lesson(self) -> LessonEntry | None:
        """The first lesson that is open and not done."""
        return next(
            (
                lesson
                for state in self.states
                if not state.is_locked
                for lesson in state.module.lessons
                if not lesson.is_done
            ),
            None,
        )

    def state_of(self, lesson_id: int) -> ModuleState | None:
        return next(
            (
                state
                for state in self.states
                if any(lesson.id == lesson_id for lesson in state.module.lessons)
            ),
            None,
        )

    def neighbours(self, lesson_id: int) -> tuple[LessonEntry | None, LessonEntry | None]:
        """The lessons before and after, over the ends of modules."""
        ids = [lesson.id for lesson in self.lessons]
        place = ids.index(lesson_id)
        before = self.lessons[place - 1] if place else None
        after = self.lessons[place + 1] if place + 1 < len(ids) else None
        return before, after

    def agendas(self) -> list[tuple[str, list[ModuleState]]]:
        """The modules under their headings, in order."""
        groups: list[tuple[str, list[ModuleState]]] = []
        for state in self.states:
            if not groups or groups[-1][0] != state.module.agenda:
                groups.append((state.module.agenda, []))
            groups[-1][1].append(state)
        return groups


def outline(
    modules: Iterable[ModuleEntry], starts_on: date, today: date, *, locks: bool = True
) -> Outline:
    """The states of all modules on ``today``; without ``locks`` everything is open (for staff).

    A module opens ``opens_after_days`` after the first day of the cohort and, where it requires the
    previous one, once that is done. The first open module that is not done is the current one.
    """
    states: list[ModuleState] = []
    previous: ModuleEntry | None = None
    has_current = False
    for module in modules:
        opens_on = _after(starts_on, module.opens_after_days)
        waits_for = previous if module.requires_previous and previous else None
        if locks and today < opens_on:
            states.append(ModuleState(module, "locked", opens_on=opens_on))
        elif locks and waits_for and not waits_for.is_done:
            states.append(ModuleState(module, "locked", waits_for=waits_for.title))
        elif module.is_done and module.lessons:
            states.append(ModuleState(module, "done"))
        elif has_current:
            states.append(ModuleState(module, "open"))
        else:
            states.append(ModuleState(module, "current"))
            has_current = True
        previous = module
    return Outline(tuple(states))


def _after(day: date, days: int) -> date:
    """So many days after a day; the last day there is when the calendar ends before."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
