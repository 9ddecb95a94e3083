"""Where a course is read from: a folder on disk or an uploaded ZIP. Neither is ever unpacked."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

MOST_FILES = 5_000
LARGEST_FILE = 50 * 2**20
LARGEST_ARCHIVE = 500 * 2**20
"""Bytes after unpacking: first as the archive says, then counted while reading."""
MOST_GROWTH = 200
"""How many times larger than its packed form a file of some size may be."""


class Unreadable(Exception):
    """The whole source cannot be read; `code` is a key of `portal.library.remarks`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


class Source(Protocol):
    """Files by their path inside the course, with `/` between folders."""

    name: str
    refused: dict[str, str]
    """Entries that are not read at all, each with a remark's code."""

    def sizes(self) -> dict[str, int]:
        """Every readable file with its size in bytes."""

    def read(self, path: str, at_most: int = LARGEST_FILE) -> bytes:
        """A file's bytes; `Unreadable` when it is larger than `at_most` or damaged."""


class Folder:
    """A folder on disk. Links that lead elsewhere are not followed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.name = root.resolve().name
        self.refused: dict[str, str] = {}
        if not root.is_dir():
            raise Unreadable("no-folder", str(root))

    def sizes(self) -> dict[str, int]:
        """Every file below the folder, hidden ones left out."""
        found: dict[str, int] = {}
        for path in self._walk(self.root):
            if len(found) >= MOST_FILES:
                raise Unreadable("too-many-files", str(MOST_FILES))
            found[path.relative_to(self.root).as_posix()] = path.stat().st_size
        return found

    def _walk(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                continue
            if path.is_symlink():
                self.refused[path.relative_to(self.root).as_posix()] = "is-link"
            elif path.is_dir():
                yield from self._walk(path)
            elif path.is_file():
                yield path

    def read(self, path: str, at_most: int = LARGEST_FILE) -> bytes:
        """A file's bytes, at most so many."""
        with (self.root / path).open("rb") as file:
            return _limited(file, path, at_most)


class Archive:
    """A ZIP file, read entry by entry; nothing in it is written under a name it chose."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = PurePosixPath(name.replace("\\", "/")).stem or "course"
        self.refused: dict[str, str] = {}
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Unreadable("no-archive") from error
        self._entries = self._usable()
        self._read = 0

    def _usable(self) -> dict[str, zipfile.ZipInfo]:
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES:
            raise Unreadable("too-many-files", str(MOST_FILES))
        if sum(entry.file_size for entry in entries) > LARGEST_ARCHIVE:
            raise Unreadable("archive-too-large", f"{LARGEST_ARCHIVE // 2**20} MB")
        usable: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            path = entry.filename
            problem = _problem(entry)
            if problem:
                self.refused[path[:200]] = problem
            elif not any(part.startswith((".", "__MACOSX")) for part in path.split("/")):
                usable[path] = entry
        return _without_single_top(usable)

    def sizes(self) -> dict[str, int]:
        """Every file in the archive that may be read."""
        return {path: entry.file_size for path, entry in self._entries.items()}

    def read(self, path: str, at_most: int = LARGEST_FILE) -> bytes:
        """A file's bytes, at most so many, whatever the archive claims."""
        try:
            with self._zip.open(self._entries[path]) as file:
                content = _limited(file, path, at_most)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
            raise Unreadable("damaged", path) from error
        self._read += len(content)
        if self._read > LARGEST_ARCHIVE * 2:
            raise Unreadable("archive-too-large", f"{LARGEST_ARCHIVE // 2**20} MB")
        return content


def _limited(file: object, path: str, at_most: int) -> bytes:
    content: bytes = file.read(at_most + 1)  # type: ignore[attr-defined]
    if len(content) > at_most:
        raise Unreadable("too-large", path)
    return content


def _problem(entry: zipfile.ZipInfo) -> str | None:
    """Why an entry is not read: it leads out, is a link, is locked, or is a bomb."""
    path = entry.filename
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or ":" in parts[0] or ".." in parts:
        return "leads-out"
    if any(ord(character) < 32 for character in path) or len(path.encode()) > 500:
        return "odd-name"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is-link"
    if entry.flag_bits & 0x1:
        return "locked"
    if entry.file_size > 2**20 and entry.file_size > MOST_GROWTH * max(entry.compress_size, 1):
        return "bomb"
    return None


def _without_single_top(entries: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """An archive of one folder is that folder, unless its name is a module's ("01-dasar")."""
    tops = {path.split("/")[0] for path in entries}
    if len(tops) != 1 or any("/" not in path or path[0].isdigit() for path in entries):
        return entries
    return {path.split("/", 1)[1]: entry for path, entry in entries.items()}
