"""A folder of Markdown as a plan of a course. Nothing in a folder is ever fatal: it is remarked."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import replace
from typing import Any

from portal.courses.paths import Index
from portal.library import frontmatter, settings
from portal.library.layout import (
    MARKDOWN,
    ModuleFiles,
    is_intro,
    is_left_out,
    lay_out,
    natural,
    title_from,
)
from portal.library.plan import AssignmentPlan, FilePlan, LessonPlan, ModulePlan, Plan
from portal.library.sources import LARGEST_FILE, Source, Unreadable
from portal.library.tidy import tidy
from portal.markdown import lesson as parsed
from portal.markdown.headings import text_of
from portal.markdown.parser import lesson_parser

LARGEST_TEXT = 400_000
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"}
LARGEST_PICTURE = 15 * 2**20
COURSE_KEYS = {"code", "title", "language"}
MODULE_KEYS = {"title", "agenda", "opens_after_days", "requires_previous", "order"}
LESSON_KEYS = {"title", "minutes", "order"}
FOREIGN_KEYS = {
    "teaching",
    "exercises",
    "weight",
    "nav_order",
    "layout",
    "site",
    "permalink",
    "slug",
}
"""Keys of other site builders that need no remark: known, or saying nothing."""


def read_folder(source: Source) -> Plan:
    """The course that lies in `source`; raises `Unreadable` only when none of it can be read."""
    return _Reader(source).plan()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.sizes = source.sizes()
        self.index = Index(self.sizes)
        self.result = Plan()
        self.orders: dict[str, float] = {}

    def plan(self) -> Plan:
        """Read every text, then everything the texts use."""
        plan, layout = self.result, lay_out(list(self.sizes))
        for path, code in self.source.refused.items():
            plan.remark(path, code)
        for path in layout.left_out:
            plan.remark(path, "left-out")
        self._course(layout.course)
        for files in layout.modules:
            self._module(files)
        for path in layout.assignments:
            self._assignment(path)
        for path in layout.rubrics:
            self._rubric(path)
        if plan.is_empty:
            plan.remark("", "nothing-to-read")
        self._references()
        self._rubrics_named()
        self._leftovers(layout.rubrics)
        return plan

    # Texts ---------------------------------------------------------------------------------------

    def _text(self, path: str) -> tuple[str, str] | None:
        """A file's text and the digest of its bytes; None when it cannot be read."""
        try:
            content = self.source.read(path, LARGEST_TEXT)
        except Unreadable as problem:
            self.result.remark(path, problem.code)
            return None
        digest = hashlib.sha256(content).hexdigest()
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16", "replace"), digest
        try:
            return content.decode("utf-8-sig"), digest
        except UnicodeDecodeError:
            self.result.remark(path, "encoding")
            return content.decode("cp1252", "replace"), digest

    def _page(self, path: str, known: set[str]) -> tuple[dict[str, Any], str, str] | None:
        """A text's front matter, its tidied body, and the digest of the file."""
        found = self._text(path)
        if found is None:
            return None
        values, body, readable = frontmatter.split(found[0])
        if not readable:
            self.result.remark(path, "front-matter")
        for key in values:
            if key not in known | FOREIGN_KEYS:
                self.result.remark(path, "unknown-key", key)
        body, said = tidy(body)
        for code, detail in said:
            self.result.remark(path, code, detail)
        order = values.get("order", values.get("nav_order"))
        if isinstance(order, int | float) and not isinstance(order, bool):
            self.orders[path] = order
        return values, body, found[1]

    def _course(self, path: str | None) -> None:
        plan = self.result
        page = self._page(path, COURSE_KEYS) if path else None
        if path and page:
            values, body, plan.digest = page
            plan.path = path
            plan.title, plan.body = titled(frontmatter.word(values.get("title")), body)
            plan.code = frontmatter.word(values.get("code"), 40)
            plan.language = frontmatter.word(values.get("language"), 10)
        plan.title = plan.title or title_from(self.source.name)

    def _module(self, files: ModuleFiles) -> None:
        module = ModulePlan(files.key, "", files.intro or "")
        page = self._page(files.intro, MODULE_KEYS) if files.intro else None
        if page:
            values, body, module.digest = page
            module.title, module.body = titled(frontmatter.word(values.get("title")), body)
            module.agenda = frontmatter.word(values.get("agenda"))
            module.requires_previous = frontmatter.yes(values.get("requires_previous")) or False
            if "opens_after_days" in values:
                module.opens_after_days = frontmatter.whole(values["opens_after_days"], 0, 1000)
                if module.opens_after_days is None:
                    said = f"opens_after_days: {values['opens_after_days']}"
                    self.result.remark(files.intro or "", "wrong-value", said)
        module.title = module.title or title_from(files.key) or self.result.title
        lessons = [self._lesson(path) for path in files.lessons]
        module.lessons = [lesson for lesson in lessons if lesson is not None]
        if any(lesson.path in self.orders for lesson in module.lessons):
            module.lessons.sort(
                key=lambda lesson: (self.orders.get(lesson.path, 1e9), natural(lesson.path))
            )
        if module.lessons or module.body:
            self.result.modules.append(module)

    def _lesson(self, path: str) -> LessonPlan | None:
        page = self._page(path, LESSON_KEYS)
        if page is None:
            return None
        values, body, digest = page
        title, body = titled(frontmatter.word(values.get("title")), body)
        if not body.strip():
            self.result.remark(path, "empty")
            return None
        minutes = frontmatter.whole(values.get("minutes"), 1, 6000)
        if "minutes" in values and minutes is None:
            self.result.remark(path, "wrong-value", f"minutes: {values['minutes']}")
        if minutes is None:
            both = [frontmatter.whole(values.get(key), 0, 600) for key in ("teaching", "exercises")]
            minutes = sum(part for part in both if part) or None
        name = posixpath.dirname(path) if is_intro(path) else path
        title = title or title_from(posixpath.basename(name)) or self.result.title
        return LessonPlan(path, title, body, digest, minutes)

    def _assignment(self, path: str) -> None:
        page = self._page(path, settings.ASSIGNMENT_KEYS)
        if page is None:
            return
        values, body, digest = page
        title, body = titled(frontmatter.word(values.get("title")), body)
        plan = AssignmentPlan(path, title or title_from(path), body, digest)
        settings.set_up(plan, values, lambda code, detail: self.result.remark(path, code, detail))
        keys = {module.key for module in self.result.modules}
        if plan.module and plan.module not in keys:
            self.result.remark(path, "no-such-module", plan.module)
            plan.module = ""
        if not plan.module and not path.startswith("assignments/"):
            top = path.split("/")[0] if "/" in path else ""
            plan.module = top if top in keys else ""
        self.result.assignments.append(plan)

    def _rubric(self, path: str) -> None:
        found = self._text(path)
        if found:
            said = self.result
            rubric = settings.rubric(
                path, found[0], lambda code, word: said.remark(path, code, word)
            )
            if rubric:
                said.rubrics.append(replace(rubric, digest=found[1]))

    def _rubrics_named(self) -> None:
        keys = {rubric.key for rubric in self.result.rubrics}
        for assignment in self.result.assignments:
            if assignment.rubric and assignment.rubric not in keys:
                self.result.remark(assignment.path, "no-such-rubric", assignment.rubric)
                assignment.rubric = ""

    # What the texts use --------------------------------------------------------------------------

    def _references(self) -> None:
        plan = self.result
        texts = {lesson.path: lesson.body for lesson in plan.lessons}
        texts |= {assignment.path: assignment.body for assignment in plan.assignments}
        for lesson in plan.lessons:
            linked = self._used_by(lesson.path, lesson.body, texts)
            lesson.files = tuple(dict.fromkeys(linked + self._beside(lesson.path)))
        for assignment in plan.assignments:
            assignment.linked = tuple(self._used_by(assignment.path, assignment.body, texts))
        self._used_by(plan.path, plan.body, texts)
        for module in plan.modules:
            self._used_by(module.path, module.body, texts)

    def _used_by(self, path: str, body: str, texts: dict[str, str]) -> list[str]:
        """The downloads a text links to; what it links to in vain is remarked."""
        linked: list[str] = []
        for reference in parsed(body).references:
            place = self.index.find(path, reference.address)
            if place is None:
                missing = "no-picture" if reference.kind == "picture" else "broken-link"
                self.result.remark(path, missing, reference.address)
            elif place.path in texts:
                self._check_anchor(path, place.anchor, texts[place.path], reference.address)
            elif place.path == path or posixpath.splitext(place.path)[1].lower() == ".md":
                if place.path not in (path, self.result.path) and not is_intro(place.path):
                    self.result.remark(path, "broken-link", reference.address)
            elif self._use(place.path) and reference.kind == "link":
                linked.append(place.path)
        return list(dict.fromkeys(linked))

    def _check_anchor(self, path: str, anchor: str, target: str, address: str) -> None:
        if anchor and not parsed(target).has(anchor):
            self.result.remark(path, "no-such-anchor", address)

    def _beside(self, path: str) -> list[str]:
        """The files of a folder that is one lesson's own."""
        folder = posixpath.dirname(path)
        if not folder or not is_intro(path):
            return []
        inside = [one for one in self.sizes if posixpath.dirname(one) == folder]
        if any(one.path in inside for one in self.result.lessons if one.path != path):
            return []
        extras = [
            one
            for one in sorted(inside, key=natural)
            if posixpath.splitext(one)[1].lower() not in {".md", *PICTURES}
        ]
        return [one for one in extras if self._use(one)]

    def _leftovers(self, rubrics: list[str]) -> None:
        """Say which files nothing uses; not those about the project, which nobody misses."""
        spoken_of = {remark.path for remark in self.result.remarks}
        for path in sorted(set(self.sizes) - set(self.result.files) - {*rubrics}, key=natural):
            name, ending = posixpath.splitext(posixpath.basename(path).casefold())
            is_about = is_left_out(path) or name == "readme"
            if ending not in MARKDOWN and path not in spoken_of and not is_about:
                self.result.remark(path, "unused")

    def _use(self, path: str) -> bool:
        """Add a file to the plan; False when it is too large."""
        is_picture = posixpath.splitext(path)[1].lower() in PICTURES
        if self.sizes[path] > (LARGEST_PICTURE if is_picture else LARGEST_FILE):
            self.result.remark(path, "too-large")
            return False
        self.result.files[path] = FilePlan(path, self.sizes[path], is_picture)
        return True


def titled(title: str, body: str) -> tuple[str, str]:
    """The title of a text and the text without it: from its front matter, else its first heading.

    A first heading that only repeats the title is taken away too, since the page shows the title.
    """
    tokens = lesson_parser().parse(body, {})
    for position, token in enumerate(tokens):
        if token.type != "heading_open" or token.level or not token.map:
            continue
        words = text_of(tokens[position + 1].children or [])
        words = words.rsplit(" {#", 1)[0].strip()
        if not words:
            continue
        if title and words.casefold() != title.casefold():
            break
        lines = body.split("\n")
        del lines[token.map[0] : token.map[1]]
        return title or words[:200], "\n".join(lines).strip("\n")
    return title, body.strip("\n")
