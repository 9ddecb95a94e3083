"""Receipts: true, checkable by anybody with the code, and silent about names."""

import hashlib
import re

import pytest
import sqlalchemy as sa

from portal.files import storage
from portal.submissions.models import Submission
from portal.submissions.rules import shown_code
from tests.submissions.work import submissions

NAMES = ("Bayu Prasetyo", "bayu.pdf", "Angkatan here", "Esai")
CONTENT = b"%PDF-1.4 receipt\n%%EOF\n"


@pytest.fixture
def handed_in(desk, scene, world):
    work = desk()
    work.save("Naskah *saya*")
    work.upload(CONTENT, "bayu.pdf")
    work.receipt = work.hand_in().location
    (work.submission,) = submissions(scene, world.classmate)
    work.code = work.submission.receipt_code
    return work


def stored_at(scene) -> object:
    digest = hashlib.sha256(CONTENT).hexdigest()
    with scene():
        return storage.folder() / digest[:2] / digest[2:4] / digest


@pytest.mark.parametrize(
    "change",
    [
        lambda code: code,
        lambda code: code.lower(),
        lambda code: f" {code[:4]}-{code[4:8]} {code[8:]} ",
        lambda code: code.replace("0", "o").replace("1", "l"),
    ],
)
def test_anybody_with_the_code_can_check_it(handed_in, visitor, change):
    found = visitor.get("/receipts", query_string={"code": change(handed_in.code)})
    while found.status_code == 302:
        found = visitor.get(found.location)
    assert found.status_code == 200
    page = re.sub(r"\s", "", found.text)
    assert hashlib.sha256(CONTENT).hexdigest() in page
    assert handed_in.submission.text_sha256 in page
    assert handed_in.submission.received_at.isoformat() in found.text
    assert "callout-done" in found.text
    assert [name for name in NAMES if name in found.text] == []


def test_bytes_are_counted_as_every_other_number(desk, visitor, scene, world):
    work = desk()
    work.upload(CONTENT.ljust(94_629), "bayu.pdf")
    receipt = work.client.get(work.hand_in().location).text
    assert "92 kB (94.629 bita)" in receipt
    (submission,) = submissions(scene, world.classmate)
    checked = visitor.get(f"/receipts/{shown_code(submission.receipt_code)}").text
    assert "94.629 bita" in checked


@pytest.mark.parametrize(
    "code", ["000000000000", "x", "%00", "a" * 300, "' OR 1=1 --", "../../etc/passwd", "٣٤٥"]
)
def test_an_unknown_code_is_said_to_be_unknown(handed_in, visitor, code):
    found = visitor.get("/receipts", query_string={"code": code})
    while found.status_code == 302:
        found = visitor.get(found.location)
    assert found.status_code in {404, 200}
    assert "callout-done" not in found.text


def test_changed_or_vanished_bytes_are_said_aloud(handed_in, visitor, scene):
    path = stored_at(scene)
    whole = path.read_bytes()
    address = f"/receipts/{handed_in.code[:4]}-{handed_in.code[4:8]}-{handed_in.code[8:]}"
    try:
        path.write_bytes(whole[:-1] + b"!")
        assert "callout-error" in visitor.get(address).text
        path.unlink()
        assert "callout-error" in visitor.get(address).text
    finally:
        path.write_bytes(whole)
    assert "callout-done" in visitor.get(address).text


def test_a_text_changed_in_the_database_is_said_aloud(handed_in, visitor, scene):
    with scene() as session:
        session.execute(
            sa.update(Submission)
            .where(Submission.id == handed_in.submission.id)
            .values(text="Naskah orang lain")
        )
    address = f"/receipts/{handed_in.code[:4]}-{handed_in.code[4:8]}-{handed_in.code[8:]}"
    assert "callout-error" in visitor.get(address).text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("classmate", 200),
        ("other_mentor", 200),
        ("coach", 200),
        ("administrator", 200),
        ("participant", 404),
        ("mentor", 404),
        ("stranger", 404),
        ("leaver", 404),
    ],
)
def test_who_sees_the_receipt_and_the_version(handed_in, sign_in, who, status):
    client = sign_in(who)
    version = f"{handed_in.versions}/{handed_in.submission.id}"
    file = f"{version}/files/{handed_in.submission.files[0].id}"
    seen = {
        client.get(one).status_code
        for one in (handed_in.receipt, version, f"{version}/archive", file, f"{version}/comparison")
    }
    assert seen == {status}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_receipt_speaks_the_readers_language_and_names_zones(handed_in, language):
    headers = {"Accept-Language": language}
    page = handed_in.client.get(handed_in.receipt, headers=headers).text
    assert ("Diterima server" in page) == (language == "id")
    assert "WIB" in page
