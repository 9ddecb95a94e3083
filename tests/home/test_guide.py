"""The guides: in both languages, with their pictures, linked from the help of their readers."""

import re

import pytest

GUIDES = [
    ("mentors", "coach", "id", "Panduan untuk mentor", 4),
    ("mentors", "coach", "en", "Guide for mentors", 4),
    ("administrators", "administrator", "id", "Panduan untuk administrator", 3),
    ("administrators", "administrator", "en", "Guide for administrators", 3),
]


@pytest.mark.parametrize(("name", "who", "language", "title", "count"), GUIDES)
def test_the_guides_are_complete_in_each_language(sign_in, name, who, language, title, count):
    client, headers = sign_in(who), {"Accept-Language": language}
    assert f'href="/help/{name}"' in client.get("/help", headers=headers).text
    page = client.get(f"/help/{name}", headers=headers).text
    assert f"<title>{title}" in page
    pictures = re.findall(r'<img src="(/static/[^"]+)" alt="[^"]+"', page)
    assert len(pictures) == count
    assert all(f"-{language}." in one for one in pictures)
    assert {client.get(one).status_code for one in pictures} == {200}
    assert len(re.findall("<h2", page)) >= 5
