"""Which file of a folder is what: pure decisions over the list of paths."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

MARKDOWN = {".md", ".markdown", ".rmd"}
INTROS = {"module.md", "readme.md", "index.md", "_index.md"}
ASSIGNMENT = re.compile(r"^(assignment|tugas|homework)\b.*\.md$", re.IGNORECASE)
ABOUT_THE_PROJECT = re.compile(
    r"^(licen[cs]e|copying|code[-_]of[-_]conduct|contributing|changelog|security|authors|citation"
    r"|support|for-teachers|notice)\b",
    re.IGNORECASE,
)
NOT_CONTENT = {
    "node_modules", "translations", "i18n", "instructors", "instructor", "bin", "site", "profiles",
    "test", "tests", "venv",
}  # fmt: skip


@dataclass
class ModuleFiles:
    """A module's folder, its introduction, and the paths of its lessons in order."""

    key: str
    intro: str | None = None
    lessons: list[str] = field(default_factory=list)


@dataclass
class Layout:
    """Every text of a folder in its place."""

    course: str | None = None
    modules: list[ModuleFiles] = field(default_factory=list)
    assignments: list[str] = field(default_factory=list)
    rubrics: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def natural(path: str) -> list[tuple[tuple[int, int, str], ...]]:
    """A key that sorts `2-x` before `10-x`, folder by folder."""
    return [
        tuple(
            (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
            for piece in re.split(r"(\d+)", part.casefold())
            if piece
        )
        for part in path.split("/")
    ]


def title_from(name: str) -> str:
    """A file's or folder's name as a title: "02_tipe-data.md" → "Tipe data"."""
    stem = posixpath.splitext(posixpath.basename(name))[0] if "." in name else name
    words = re.sub(r"[-_\s]+", " ", re.sub(r"^\d+[\s._)-]*", "", stem)).strip() or stem
    return words[:1].upper() + words[1:]


def is_intro(path: str) -> bool:
    """Whether a file by its name speaks for the folder it lies in."""
    return posixpath.basename(path).casefold() in INTROS


def lay_out(paths: list[str]) -> Layout:
    """Every file in its place; a folder in our own format and a foreign one alike."""
    layout = Layout()
    groups: dict[str, list[str]] = {}
    for path in sorted(paths, key=natural):
        top, _, rest = path.partition("/")
        if top == "rubrics" and posixpath.splitext(path)[1] in (".yaml", ".yml"):
            layout.rubrics.append(path)
        elif posixpath.splitext(path)[1].lower() not in MARKDOWN:
            continue
        elif is_left_out(path):
            layout.left_out.append(path)
        elif top == "assignments" or ASSIGNMENT.match(posixpath.basename(path)):
            layout.assignments.append(path)
        else:
            groups.setdefault(top if rest else "", []).append(path)
    loose = _without_course_file(layout, groups.pop("", []))
    if loose:
        layout.modules.append(ModuleFiles("", None, loose))
    layout.modules += [_module(key, groups[key]) for key in groups]
    _join_single_readmes(layout)
    return layout


def is_left_out(path: str) -> bool:
    """Whether a file by its place or its name is about the project, not about its subject."""
    parts = path.split("/")
    hidden = any(part.startswith((".", "_")) and part != "_episodes" for part in parts[:-1])
    return (
        hidden
        or any(part.casefold() in NOT_CONTENT for part in parts[:-1])
        or bool(ABOUT_THE_PROJECT.match(parts[-1]))
    )


def _without_course_file(layout: Layout, root: list[str]) -> list[str]:
    """The root's texts that are lessons; the text about the whole course is taken out."""
    for name in ("course.md", "index.md", "readme.md", "_index.md"):
        for path in root:
            if path.casefold() == name and layout.course is None:
                layout.course = path
            elif path.casefold() == name:
                layout.left_out.append(path)
    return [path for path in root if path != layout.course and path not in layout.left_out]


def _module(key: str, paths: list[str]) -> ModuleFiles:
    """A folder's own intro speaks for the module, unless it is all there is to read."""
    own = [path for path in paths if is_intro(path) and path.count("/") == 1]
    named = [path for path in own if posixpath.basename(path).casefold() == "module.md"]
    others = [path for path in paths if path not in own]
    intro = named[0] if named else own[0] if own and others else None
    return ModuleFiles(key, intro, [path for path in paths if path != intro])


def _join_single_readmes(layout: Layout) -> None:
    """Folders that each hold one README are lessons of one module, not modules of one lesson."""
    modules = layout.modules
    if len(modules) > 1 and all(
        module.intro is None and len(module.lessons) == 1 and is_intro(module.lessons[0])
        for module in modules
    ):
        layout.modules = [ModuleFiles("", None, [module.lessons[0] for module in modules])]
