"""Pages travel compressed, unless a proxy in front does it (PORTAL_COMPRESS=false)."""

import gzip
import io
import secrets

from flask import Flask, Response, request

WORTH = 1000
"""Smaller answers gain nothing."""

TYPES = {"text/html", "application/json", "text/csv", "image/svg+xml"}
SLACK = 64
LEVEL = 4


def init(app: Flask, *, is_on: bool) -> None:
    @app.after_request
    def compress(response: Response) -> Response:
        if not is_on or response.is_streamed or response.direct_passthrough:
            return response
        if response.mimetype not in TYPES or response.status_code < 200:
            return response
        response.vary.add("Accept-Encoding")
        if "Content-Encoding" in response.headers or request.accept_encodings["gzip"] <= 0:
            return response
        plain = response.get_data()
        if len(plain) >= WORTH:
            response.set_data(_packed(plain))
            response.headers["Content-Encoding"] = "gzip"
            response.headers.pop("ETag", None)
        return response


def _packed(plain: bytes) -> bytes:
    """The bytes as gzip. A name of random length in its head blurs the size, so that nobody can
    guess a secret of the page by watching how well it compresses (BREACH)."""
    out = io.BytesIO()
    name = "x" * secrets.randbelow(SLACK)
    with gzip.GzipFile(name, "wb", LEVEL, out, mtime=0) as file:
        file.write(plain)
    return out.getvalue()
