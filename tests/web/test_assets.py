"""What browsers fetch is named by its content and kept for years."""

import re


def test_built_files_are_kept_for_years_and_travel_compressed(visitor):
    page = visitor.get("/sign-in").text
    for name in re.findall(r'(?:href|src)="(/static/built/[^"#]+)"', page):
        got = visitor.get(name, headers={"Accept-Encoding": "gzip"})
        assert got.status_code == 200, name
        assert "immutable" in got.headers["Cache-Control"], name
        assert got.headers["X-Content-Type-Options"] == "nosniff", name
        assert got.headers["Content-Security-Policy"].startswith("default-src 'none'"), name
        got.close()


def test_a_page_asks_for_few_files(visitor):
    page = visitor.get("/sign-in").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert len(files) + 1 <= 8, files


def test_what_is_not_there_among_the_files_is_a_page_that_nobody_keeps(sign_in):
    answer = sign_in("participant").get("/static/none.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
