"""Addresses inside a course: which file a relative link or picture means.

Courses are written for many site builders, each with its own idea of what a link is relative to.
The first reading that leads to a file wins: beside the text, from the course's root, and last any
single file whose path ends like the address.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

INTROS = ("README.md", "index.md", "_index.md", "module.md")


class Place(NamedTuple):
    """A file of the course, and the anchor in it ("" for its beginning)."""

    path: str
    anchor: str


class Index:
    """The paths of a course's files, ready to be asked often."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        self._folded: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}
        self._first_text: dict[str, str] = {}
        """For a folder without a text of its own: the first text below it."""
        for path in sorted(self.paths):
            self._folded.setdefault(path.casefold(), path)
            self._named.setdefault(posixpath.basename(path).casefold(), []).append(path)
            folder = posixpath.dirname(path).casefold()
            while folder and path.endswith(".md"):
                self._first_text.setdefault(folder, path)
                folder = posixpath.dirname(folder)

    def find(self, text: str, address: str) -> Place | None:
        """The file that `address`, written in the file `text`, means; None when there is none."""
        path, _, anchor = address.partition("#")
        path = unquote(path.partition("?")[0]).strip().replace("\\", "/")
        anchor = unquote(anchor)
        if not path:
            return Place(text, anchor)
        for candidate in _candidates(text, path):
            found = self._existing(candidate)
            if found:
                return Place(found, anchor)
        found = self._only_one_ending(path)
        return Place(found, anchor) if found else None

    def _existing(self, candidate: str) -> str | None:
        for spelling in _spellings(candidate):
            if spelling in self.paths:
                return spelling
            if spelling.casefold() in self._folded:
                return self._folded[spelling.casefold()]
        return self._first_text.get(candidate.casefold())

    def _only_one_ending(self, path: str) -> str | None:
        tail = _inside(path).casefold()
        for spelling in _spellings(tail):
            named = self._named.get(posixpath.basename(spelling), [])
            longest = [one for one in named if one.casefold().endswith("/" + spelling)] or named
            if len(longest) == 1 and posixpath.basename(spelling) not in _FOLDED_INTROS:
                return longest[0]
        return None


_FOLDED_INTROS = {name.casefold() for name in INTROS}


def _candidates(text: str, path: str) -> list[str]:
    if path.startswith("/"):
        return [_inside(path)]
    beside = _inside(posixpath.join(posixpath.dirname(text), path))
    return [beside, _inside(path)]


def _inside(path: str) -> str:
    """The path without what would lead out of the course."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _spellings(path: str) -> list[str]:
    """How the same page is called by other site builders."""
    stem, extension = posixpath.splitext(path)
    spellings = [path]
    if extension.lower() in (".html", ".htm"):
        spellings.append(stem + ".md")
        if posixpath.basename(stem) == "index":
            spellings += [posixpath.join(posixpath.dirname(stem), intro) for intro in INTROS]
    elif extension.lower() != ".md":
        spellings.append(path + ".md")
        spellings += [posixpath.join(path, intro) for intro in INTROS]
    return spellings
