"""Answers that carry a stored file. Nothing in it can run in the portal's name."""

from __future__ import annotations

from pathlib import Path

from flask import Response, send_file

from portal.files import storage
from portal.files.kinds import KINDS, RASTER
from portal.files.models import Blob
from portal.files.names import display_name

POLICY = "default-src 'none'; sandbox"
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For an SVG: its own colours may apply, nothing in it may run, load or link."""
SVG = KINDS["svg"].media_type


def send_blob(
    blob: Blob, name: str, *, inline: bool = False, figure: bool = False, seconds: int = 0
) -> Response:
    """The blob as a download called `name`; `inline` shows raster pictures in the page instead.

    `figure` is for files of a course, which an <img> shows: raster pictures and drawings (SVG).
    The browser may keep the answer for `seconds`, for itself alone.
    """
    shown = (inline or figure) and blob.media_type in RASTER
    drawing = figure and blob.media_type == SVG
    path = storage.path_of(blob)
    if not path.is_file():
        raise storage.Missing(blob.sha256)
    response = send_file(
        path,
        mimetype=blob.media_type,
        as_attachment=not (shown or drawing),
        download_name=display_name(name),
        conditional=True,
        etag=blob.sha256,
        last_modified=None,
        max_age=None,
    )
    response.headers["Content-Security-Policy"] = DRAWING_POLICY if drawing else POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = (
        f"private, max-age={seconds}, immutable" if seconds else "private, no-cache"
    )
    return response


def send_made(path: Path, name: str, media_type: str) -> Response:
    """A file that the portal made, as a download called `name`."""
    response = send_file(
        path,
        mimetype=media_type,
        as_attachment=True,
        download_name=display_name(name),
        conditional=True,
        max_age=None,
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
