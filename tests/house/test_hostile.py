"""Hostile texts in every field of every form: never an error of ours, never anything that runs.

The forms are found on the pages, so a new one is tried without being listed here.
"""

import re
from collections import Counter
from io import BytesIO
from urllib.parse import urlencode

import pytest

from tests.forms import forms_of
from tests.world import address_of

ROLES = ["visitor", "participant", "mentor", "administrator", "chief"]
LEFT_OUT = {"/sign-out"}
TRIED: dict[tuple, str] = {}
"""Each form is tried once, by the first person who finds it on a page."""
RAN = "133737"
FOR_CHOICES = {"script", "nul", "number", "empty"}
HOSTILE = {
    "quotes": "'\"><img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "script": "</textarea></title><script>alert(1)</script>",
    "template": "{{ 191053 * 0.7 }}{{ 133736 + 1 }}{% raise %}${133736+1}#{133736+1}",
    "sql": "'); DROP TABLE person; -- \\",
    "placeholders": "%s %(name)s %d {0} {name} %",
    "nul": "a\x00b\x00",
    "surrogate": b"a\xed\xa0\x80b\xff",
    "direction": "\u202egnp.exe\u2066\u200d\ufeff",
    "marks": "Z" + "\u0351" * 500,
    "wide": "\ufdfa" * 200,
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n<h1>b</h1>\u2028\u2029\x0b\x0c\x1b[31m",
    "long": "x" * 60_000,
    "number": "99999999999999999999999999",
    "negative": "-1",
    "notanumber": "NaN",
    "infinite": "1e400",
    "digits": "٣٤",
    "date": "0000-00-00",
    "lastday": "9999-12-31",
    "address": "//evil.example/\\x",
    "empty": "",
}


def bytes_of(text) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def pages_of(client, app, world) -> dict[str, list]:
    """Every page that this person can open, with its forms."""
    found = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        answer = client.get(address_of(rule.rule, world))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[answer.request.full_path.rstrip("?")] = forms_of(answer.text)
    return found


def send(client, page: str, form, values: dict[str, object]):
    data = urlencode({name: bytes_of(value) for name, value in values.items()})
    headers = {"Referer": f"http://localhost{page}"}
    if form.method == "get":
        return client.get(f"{form.action}?{data[:20_000]}", headers=headers)
    if form.is_multipart:
        fields = {
            name: bytes_of(value).decode("utf-8", "replace") for name, value in values.items()
        }
        files = {name: (BytesIO(b"MZ\x00"), "../\u202efdp.exe") for name in form.files}
        return client.post(form.action, data=fields | files, headers=headers)
    token = urlencode({"csrf_token": client.token()})
    return client.post(
        form.action,
        data=f"{token}&{data}",
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


@pytest.mark.parametrize("who", ROLES)
def test_hostile_texts_break_nothing_and_run_nowhere(portal, world, sign_in, who):
    client = sign_in(None if who == "visitor" else who)
    pages = pages_of(client, portal, world)
    mine, broken, tried = set(), Counter(), 0
    for page, forms in pages.items():
        for form in forms:
            kind_of_form = re.sub(r"\d+", "n", form.action), tuple(sorted(form.values))
            if form.action in LEFT_OUT or TRIED.setdefault(kind_of_form, who) != who:
                continue
            if kind_of_form in mine:
                continue
            mine.add(kind_of_form)
            for kind, text in HOSTILE.items():
                for fill in (form.typed, form.chosen):
                    if not fill or (fill is form.chosen and kind not in FOR_CHOICES):
                        continue
                    values = {**form.values, **dict.fromkeys(fill, text)}
                    values.pop("csrf_token", None)
                    answer = send(client, page, form, values)
                    tried += 1
                    if answer.status_code >= 500:
                        broken[f"{form.method} {form.action} {kind} in {fill}"] += 1
                    assert "Set-Cookie: x" not in str(answer.headers)
                    assert "evil.example" not in (answer.location or "")
                    if answer.mimetype == "text/html":
                        assert RAN not in answer.text
                        assert "<script>alert" not in answer.text
                        assert "<img src=x" not in answer.text
    assert broken == {}
    assert tried or who != ROLES[0]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code < 500
        assert "<script>alert" not in answer.text


WILD = [
    "%00",
    "a%00b",
    "%ED%A0%80",
    "..%2f..%2fetc%2fpasswd",
    "%E2%80%AE",
    "'",
    "{{7*7}}",
    "x" * 3000,
]


@pytest.mark.parametrize("who", ["visitor", "administrator"])
def test_wild_words_in_addresses_are_no_page(portal, world, sign_in, who):
    client = sign_in(None if who == "visitor" else who)
    broken = []
    for rule in portal.url_map.iter_rules():
        if not re.search(r"<(?!int:)", rule.rule) or rule.endpoint == "static":
            continue
        for word in WILD:
            address = re.sub(r"<(?!int:)[^>]+>", lambda _found, word=word: word, rule.rule)
            address = address_of(address, world)
            answer = client.open(address, method="GET" if "GET" in rule.methods else "POST")
            if answer.status_code >= 500:
                broken.append(f"{address} {answer.status_code}")
    assert broken == []
