"""Several stored files as one ZIP."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from flask import Response, send_file

from portal.files import storage
from portal.files.models import Blob
from portal.files.names import display_name
from portal.files.sending import POLICY

IN_MEMORY = 4 * 1024 * 1024
PIECE = 256 * 1024
LONGEST_FOLDER = 80
EPOCH = (1980, 1, 1, 0, 0, 0)


def send_archive(
    name: str, blobs: Iterable[tuple[str, Blob]], texts: Mapping[str, str] | None = None
) -> Response:
    """A download called ``name`` with these files and texts, each under a name of its own."""
    # The answer closes it, after the last byte was sent.
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    taken: set[str] = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for wanted, text in (texts or {}).items():
            archive.writestr(_free_name(wanted, taken), text)
        for wanted, blob in blobs:
            entry = zipfile.ZipInfo(_free_name(wanted, taken), EPOCH)
            with storage.open_blob(blob) as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink)
    target.seek(0)
    response = send_file(
        target, mimetype="application/zip", as_attachment=True, download_name=display_name(name)
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response


class Stream:
    """A large ZIP that is made while it is sent: it is never whole, in memory or on the disk."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Path | bytes]] = []
        self.taken: set[str] = set()

    def add(self, folders: Iterable[str], name: str, content: Path | bytes) -> str:
        """Put a file or its bytes into it, in folders that people can read and any system can make;
        returns its path in the archive."""
        within = "/".join(folder_name(one) for one in folders)
        wanted = display_name(name)
        path = _unlike(f"{within}/{wanted}" if within else wanted, self.taken)
        self.entries.append((path, content))
        return path

    def send(self, name: str) -> Response:
        """The download called ``name``. The files were opened by nobody before it begins."""
        response = Response(self._pieces(), mimetype="application/zip")
        response.headers.set("Content-Disposition", "attachment", filename=display_name(name))
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _pieces(self) -> Iterator[bytes]:
        sink = _Sink()
        with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
            for path, content in self.entries:
                entry = zipfile.ZipInfo(path, EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as target:
                    for piece in _read(content):
                        target.write(piece)
                        yield from sink.taken()
                yield from sink.taken()
        yield from sink.taken()


class _Sink:
    """Where the ZIP is written to: it holds only what was not sent yet."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> Iterator[bytes]:
        pieces, self.waiting = self.waiting, []
        if pieces:
            yield b"".join(pieces)


def _read(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def folder_name(words: str) -> str:
    """A title or a person's name as a folder that any system can make."""
    return display_name(re.sub(r"[/\\∕⁄]+", "-", words))[:LONGEST_FOLDER].rstrip(". ")


def _free_name(wanted: str, taken: set[str]) -> str:
    """The name, with a number when another file has it, however its letters are written."""
    return _unlike(display_name(wanted), taken)


def _unlike(wanted: str, taken: set[str]) -> str:
    path, name, number = PurePosixPath(wanted), wanted, 1
    while name.casefold() in taken:
        number += 1
        name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    taken.add(name.casefold())
    return name
