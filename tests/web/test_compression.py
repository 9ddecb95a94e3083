"""Pages travel compressed where the browser can read it."""

import gzip

from flask import Flask

from portal.web import compression


def answer(is_on: bool, body: str, mimetype: str = "text/html", encoding: str = "gzip"):
    app = Flask("small")
    compression.init(app, is_on=is_on)
    app.add_url_rule("/", "page", lambda: app.response_class(body, mimetype=mimetype))
    return app.test_client().get("/", headers={"Accept-Encoding": encoding})


def test_a_page_arrives_whole():
    page = "kata " * 1000
    got = answer(True, page)
    assert got.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(got.data).decode() == page
    assert got.content_length == len(got.data) < 300
    assert "Accept-Encoding" in got.headers["Vary"]


def test_the_size_tells_nothing_exact():
    sizes = {answer(True, "kata " * 1000).content_length for _ in range(20)}
    assert len(sizes) > 1


def test_what_gains_nothing_stays_plain():
    for got in (
        answer(False, "kata " * 1000),
        answer(True, "kata"),
        answer(True, "kata " * 1000, mimetype="application/zip"),
        answer(True, "kata " * 1000, encoding="br"),
    ):
        assert "Content-Encoding" not in got.headers
