"""The bytes themselves: a folder of files named by their SHA-256. No database is touched here.

Bytes are on the disk, flushed and under their final name, before any row may name them. The names
are hashes in folders of two letters: nobody can guess one without having the file, and no name that
a person chose ever becomes a path.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from flask import current_app

from portal.files import metadata
from portal.files.models import Blob

CHUNK = 256 * 1024
DAY = 24 * 3600


class TooLarge(Exception):
    """More bytes came than may be kept."""


class Missing(Exception):
    """A row names bytes that are not on the disk. Never expected; `flask doctor` looks for it."""


@dataclass(frozen=True)
class Kept:
    """Bytes that are safely on the disk, not yet named by any row."""

    sha256: str
    size: int
    path: Path
    was_cleaned: bool = False
    """True when a photo's metadata (place, device, comments) was taken out of it."""


def folder() -> Path:
    """The folder all bytes lie in."""
    path: Path = current_app.config["SETTINGS"].files_folder
    return path


def keep(stream: IO[bytes], *, at_most: int | None = None) -> Kept:
    """Bring a stream's bytes onto the disk; `TooLarge` when there are more than `at_most`.

    Call it before the first query of a transaction that writes: a slow disk then holds no lock.
    """
    place = folder()
    waiting = place / "incoming"
    waiting.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=waiting)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            _copy(stream, file, at_most)
            was_cleaned = metadata.clean(file)
            digest, size = _digest(file)
            file.flush()
            os.fsync(file.fileno())
        final = place / digest[:2] / digest[2:4] / digest
        final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _door(place, fcntl.LOCK_SH):
            # Also when the bytes are there already: the rename makes them young again, so that
            # the sweeper does not take them before our row is written.
            path.replace(final)
            for one in (final.parent, final.parent.parent, place):
                _flush_folder(one)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Kept(digest, size, final, was_cleaned)


def path_of(blob: Blob) -> Path:
    """Where the blob's bytes lie."""
    return path_of_hash(blob.sha256)


def path_of_hash(sha256: str) -> Path:
    """Where bytes of this hash lie, if they do."""
    return folder() / sha256[:2] / sha256[2:4] / sha256


def open_blob(blob: Blob) -> BinaryIO:
    """The blob's bytes, to read; the caller closes them."""
    try:
        return path_of(blob).open("rb")
    except FileNotFoundError as error:
        raise Missing(blob.sha256) from error


def hash_of(blob: Blob) -> str:
    """The SHA-256 of the stored bytes, read back from the disk just now."""
    with open_blob(blob) as file:
        return _digest(file)[0]


def all_hashes() -> Iterator[str]:
    """The names of all bytes on the disk."""
    for first in folder().glob("[0-9a-f][0-9a-f]"):
        for path in first.glob("[0-9a-f][0-9a-f]/*"):
            yield path.name


def sweep(known: Collection[str], older_than: int = DAY) -> int:
    """Delete bytes that no row names and that are older than so many seconds; say how many."""
    place, swept, limit = folder(), 0, time.time() - older_than
    for path in (place / "incoming").glob("*"):
        swept += _sweep_one(place, path, limit)
    for sha256 in list(all_hashes()):
        if sha256 not in known:
            swept += _sweep_one(place, place / sha256[:2] / sha256[2:4] / sha256, limit)
    return swept


def _sweep_one(place: Path, path: Path, limit: float) -> int:
    with _door(place, fcntl.LOCK_EX), contextlib.suppress(FileNotFoundError):
        if path.stat().st_mtime < limit:
            path.unlink()
            return 1
    return 0


@contextlib.contextmanager
def _door(place: Path, how: int) -> Iterator[None]:
    """Between keeping and sweeping: nobody sweeps a file in the moment somebody keeps it again."""
    descriptor = os.open(place / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _copy(source: IO[bytes], target: BinaryIO, at_most: int | None) -> None:
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if at_most is not None and size > at_most:
            raise TooLarge
        target.write(chunk)


def _digest(file: BinaryIO) -> tuple[str, int]:
    """The hash and size of a whole open file."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _flush_folder(path: Path) -> None:
    """Make a rename outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
