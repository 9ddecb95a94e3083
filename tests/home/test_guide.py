"""The guide for mentors: in both languages, with its pictures, linked from the help."""

import re

import pytest

LANGUAGES = {"id": "Panduan untuk mentor", "en": "Guide for mentors"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_is_complete_in_each_language(sign_in, language):
    mentor = sign_in("coach")
    headers = {"Accept-Language": language}
    assert 'href="/help/mentors"' in mentor.get("/help", headers=headers).text
    page = mentor.get("/help/mentors", headers=headers).text
    assert f"<title>{LANGUAGES[language]}" in page
    pictures = re.findall(r'<img src="(/static/[^"]+)" alt="[^"]+"', page)
    assert len(pictures) == 4
    assert all(f"-{language}." in one for one in pictures)
    assert {mentor.get(one).status_code for one in pictures} == {200}
    assert len(re.findall("<h2", page)) == 5
