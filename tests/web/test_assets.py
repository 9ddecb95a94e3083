"""What browsers fetch is named by its content and kept for years."""

import re


def test_built_files_are_kept_for_years_and_travel_compressed(visitor):
    page = visitor.get("/sign-in").text
    for name in re.findall(r'(?:href|src)="(/static/built/[^"#]+)"', page):
        got = visitor.get(name, headers={"Accept-Encoding": "gzip"})
        assert got.status_code == 200, name
        assert "immutable" in got.headers["Cache-Control"], name
        assert got.headers["X-Content-Type-Options"] == "nosniff", name
        got.close()


def test_a_page_asks_for_few_files(visitor):
    page = visitor.get("/sign-in").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert len(files) + 1 <= 8, files
