"""Whatever goes wrong, a person sees a whole page with a way on, and keeps what they typed."""

import pytest
import sqlalchemy as sa

from portal.database import db

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Cache-Control",
}


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/healthz", "/help"])
def test_every_answer_carries_the_headers(visitor, world, path):
    answer = visitor.get(path)
    assert HEADERS - set(answer.headers.keys()) == set()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_not_here_is_a_page(sign_in):
    answer = sign_in("participant").get("/nowhere")
    assert (answer.status_code, "Halaman ini tidak ada" in answer.text) == (404, True)


def test_a_form_that_is_too_large_gets_a_page_with_a_way_back(portal, sign_in):
    client = sign_in("participant")
    answer = client.post(
        "/profile",
        data={"text": "x" * (27 * 1024 * 1024)},
        headers={"Referer": "http://localhost/profile"},
    )
    assert answer.status_code == 413
    assert 'href="/profile"' in answer.text.split("<h1>")[1]


def test_a_form_that_is_too_large_from_a_visitor_is_a_page_too(visitor, world):
    answer = visitor.post("/profile", data={"text": "x" * (27 * 1024 * 1024)})
    assert answer.status_code in {303, 413}


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "\\\\evil", "//["])
def test_no_form_leads_elsewhere(sign_in, visitor, world, target):
    client = sign_in("participant")
    assert client.post("/language", data={"next": target}).location == "/"
    assert client.get("/sign-in", query_string={"next": target}).location == "/"
    answer = client.post("/profile", data={"text": "a"}, headers={"Referer": target}, forged=True)
    assert "evil" not in answer.text


def test_when_the_database_is_away_a_page_still_comes(portal, world, sign_in, monkeypatch):
    client = sign_in("participant")

    def away(*_arguments):
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    with portal.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", away)
    try:
        answer = client.get("/")
    finally:
        sa.event.remove(engine, "before_cursor_execute", away)
    assert answer.status_code == 500
    assert "Yang sudah tersimpan tidak hilang" in answer.text


def test_a_field_left_out_is_told_in_indonesian_and_english(visitor, world):
    for language, words in (("id", "Ketik kata sandi Anda"), ("en", "Type your password")):
        visitor.post("/language", data={"language": language})
        assert words in visitor.post("/sign-in", data={"name": "x"}).text


def test_what_wtforms_says_is_said_in_our_words(sign_in):
    client = sign_in("participant")
    data = {"language": "xx", "zone": "", "theme": ""}
    assert "Pilih salah satu dari daftar." in client.post("/profile", data=data).text
