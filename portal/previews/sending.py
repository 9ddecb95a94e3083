"""The answer that carries one picture of a preview. Nothing in it can run in the portal's name."""

from flask import Response, send_file

from portal.files.models import Blob
from portal.files.sending import POLICY
from portal.previews import storage


def send_picture(blob: Blob, number: int) -> Response | None:
    """A page of a PDF or a picture of a document; None when it is not there (yet)."""
    path = storage.picture_of(blob, number)
    if not path.is_file():
        return None
    response = send_file(path, mimetype="image/webp", conditional=True, max_age=None)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
