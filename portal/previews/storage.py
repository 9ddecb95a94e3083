"""The pictures of previews: a folder for each file, named by its hash, beside the stored files.

They are derived: a file's folder may vanish at any time and is made again on demand. So they are
not flushed, and no backup holds them.
"""

import shutil
from collections.abc import Collection
from pathlib import Path

from flask import current_app

from portal.files.models import Blob, Stored


def folder() -> Path:
    path: Path = current_app.config["SETTINGS"].previews_folder
    return path


def folder_of(blob: Blob | Stored) -> Path:
    """Where the pictures of a file lie, if any do."""
    return folder() / blob.sha256[:2] / blob.sha256


def picture_of(blob: Blob, number: int) -> Path:
    return folder_of(blob) / f"{number}.webp"


def is_there(blob: Blob | Stored) -> bool:
    """Whether the file's folder still lies on the disk: a restored portal begins without any."""
    return folder_of(blob).is_dir()


def copies() -> Path:
    """Where copies of files with something drawn on them lie."""
    path = folder() / "copies"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def sweep(known: Collection[str]) -> int:
    """Delete the folders of files whose hash is not known; say how many."""
    gone = [path for path in folder().glob("[0-9a-f][0-9a-f]/*") if path.name not in known]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return len(gone)
