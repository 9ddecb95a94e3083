"""Several stored files as one ZIP."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from flask import Response, send_file

from portal.files import storage
from portal.files.models import Blob
from portal.files.names import display_name
from portal.files.sending import POLICY

IN_MEMORY = 4 * 1024 * 1024


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
            entry = zipfile.ZipInfo(_free_name(wanted, taken), (1980, 1, 1, 0, 0, 0))
            with storage.open_blob(blob) as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink)
    target.seek(0)
    response = send_file(
        target, mimetype="application/zip", as_attachment=True, download_name=display_name(name)
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _free_name(wanted: str, taken: set[str]) -> str:
    """The name, with a number when another file has it, however its letters are written."""
    wanted = display_name(wanted)
    path, name, number = PurePosixPath(wanted), wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{path.stem} ({number}){path.suffix}"
    taken.add(name.casefold())
    return name
