"""Stored files on their way out."""

import io

import pytest

from portal.files import actions, kinds, storage
from portal.files.sending import send_blob
from tests.files import made


@pytest.fixture
def sent(portal, database_session):
    def send(content: bytes, name: str, **how):
        with portal.test_request_context():
            blob = actions.store(io.BytesIO(content), name, kinds.COURSE)
            response = send_blob(blob, name, **how)
            response.direct_passthrough = False
            body = response.get_data()
            response.close()
            return response, body

    return send


def test_a_download_is_forced_named_and_cannot_run(sent):
    response, body = sent(made.PDF, "Laporan “akhir”.pdf")
    assert body == made.PDF
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="Laporan akhir.pdf"; '
        "filename*=UTF-8''Laporan%20%E2%80%9Cakhir%E2%80%9D.pdf"
    )
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("how", [{}, {"inline": True}, {"figure": True}])
def test_only_raster_pictures_are_shown_in_the_page(sent, how):
    shown = sent(made.picture(), "foto.png", **how)[0]
    assert shown.headers["Content-Disposition"].split(";")[0] == ("inline" if how else "attachment")
    assert sent(made.PDF, "a.pdf", **how)[0].headers["Content-Disposition"].startswith("attachment")


def test_a_drawing_is_shown_only_as_a_figure_under_a_policy_that_runs_nothing(sent):
    evil = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    assert (
        sent(evil, "a.svg", inline=True)[0].headers["Content-Disposition"].startswith("attachment")
    )
    response = sent(evil, "a.svg", figure=True, seconds=60)[0]
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert response.headers["Cache-Control"] == "private, max-age=60, immutable"


@pytest.mark.parametrize(
    "name", ["a\r\nX: y.pdf", "../a.pdf", "\u202ea.pdf", '"; x="a.pdf', "\U0001f600.pdf"]
)
def test_no_name_breaks_the_answer(sent, name):
    response, body = sent(made.PDF, name)
    assert body == made.PDF
    assert "\n" not in response.headers["Content-Disposition"]
    assert "X" not in response.headers


def test_a_row_without_its_bytes_is_an_error_that_says_so(portal, database_session):
    with portal.test_request_context():
        blob = actions.store(io.BytesIO(b"%PDF-lost"), "a.pdf")
        storage.path_of(blob).unlink()
        with pytest.raises(storage.Missing):
            send_blob(blob, "a.pdf")
        with pytest.raises(storage.Missing):
            storage.open_blob(blob)
