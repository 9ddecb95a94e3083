"""Bytes in, the same bytes out; nothing that runs, nothing that tells where somebody lives."""

import hashlib
import io
import os
import time

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.files import actions, kinds, storage
from portal.files.models import Blob
from portal.texts import Refused
from tests.files import made


@pytest.fixture
def store(portal, database_session):
    with portal.test_request_context(headers={"Accept-Language": "en"}):
        yield lambda content, name, **more: actions.store(io.BytesIO(content), name, **more)


@pytest.fixture
def new_rows(database_session):
    """Say how many blobs there are beside those of the world."""

    def count():
        return database_session.scalar(sa.select(sa.func.count()).select_from(Blob)) - before

    before = 0
    before = count()
    return count


def test_bytes_come_back_and_are_named_by_their_hash(store):
    blob = store(made.PDF, "tugas.pdf")
    assert (blob.size, blob.media_type) == (len(made.PDF), "application/pdf")
    assert blob.sha256 == hashlib.sha256(made.PDF).hexdigest() == storage.hash_of(blob)
    with storage.open_blob(blob) as file:
        assert file.read() == made.PDF
    assert storage.path_of(blob).stat().st_mode & 0o077 == 0


def test_the_same_bytes_have_one_row(store, new_rows):
    assert store(made.PDF, "a.pdf").id == store(made.PDF, "b.pdf").id
    assert new_rows() == 1


def test_too_many_bytes_are_refused_and_leave_nothing(store, new_rows):
    before = set(storage.all_hashes())
    with pytest.raises(Refused, match="larger than 1 MB"):
        store(b"%PDF-" + b"x" * 2**20, "a.pdf", at_most=2**20)
    assert set(storage.all_hashes()) == before
    assert list((storage.folder() / "incoming").iterdir()) == []
    assert new_rows() == 0


def test_a_photo_loses_its_place_and_comments_and_keeps_its_side(store):
    blob = store(made.photo_with_place(), "foto.jpg")
    with storage.open_blob(blob) as file:
        content = file.read()
    assert not any(word in content for word in (b"script", b"rumah", b"php"))
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        assert dict(picture.getexif()) == {0x0112: 6}


def test_a_picture_without_metadata_is_kept_to_the_byte(store):
    content = made.picture()
    assert store(content, "a.png").sha256 == hashlib.sha256(content).hexdigest()


REFUSED = {
    "empty": (b"", "a.pdf", "empty"),
    "only a mark": (b"\xef\xbb\xbf", "a.csv", "empty"),
    "page named pdf": (b"<html><script>x</script>", "a.pdf", "not what the file holds"),
    "program": (b"MZ\x90\0", "laporan.pdf", "not what the file holds"),
    "drawing named png": (made.SVG, "foto.png", "not what the file holds"),
    "drawing": (made.SVG, "a.svg", "Only these kinds"),
    "zip": (made.zipped({"a.txt": b"x"}), "a.zip", "Only these kinds"),
    "macros": (made.docx(**{"word/vbaProject.bin": b"x"}), "a.docx", "not what the file holds"),
    "half a document": (made.docx()[:-40], "a.docx", "not what the file holds"),
    "picture named pdf": (made.picture(), "a.pdf", "the file is a PNG"),
    "too many pixels": (made.huge_png(), "a.png", "more than 60 million pixels"),
    "damaged picture": (made.picture()[:-30], "a.png", "damaged"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_handed_in_is_refused_with_its_reason(store, new_rows, case):
    content, name, reason = REFUSED[case]
    with pytest.raises(Refused, match=reason):
        store(content, name)
    assert new_rows() == 0


TAKEN = {
    "tugas.pdf": (made.PDF, "pdf"),
    "tugas.docx": (made.docx(), "docx"),
    "TUGAS.JPEG": (made.picture("JPEG"), "jpg"),
    "tanpa akhiran": (made.PDF, "pdf"),
    "gambar.svg": (made.SVG, "svg"),
    "data.csv": (b"a;b\n1;2\n", "csv"),
    "catatan.txt": ("Sambutan".encode("utf-16"), "txt"),
    "kode.py": (b"print('x')\n", "txt"),
    "arsip.zip": (made.zipped({"a.txt": b"x"}), "zip"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_a_course_may_hold_is_known_by_its_content(store, name):
    content, key = TAKEN[name]
    assert store(content, name, allowed=kinds.COURSE).media_type == kinds.KINDS[key].media_type


def test_the_sweeper_takes_only_old_bytes_that_no_row_names(store, database_session):
    blob = store(made.PDF, "a.pdf")
    orphan = storage.keep(io.BytesIO(b"%PDF-orphan"))
    young = storage.keep(io.BytesIO(b"%PDF-young"))
    old = time.time() - 2 * storage.DAY
    for path in (storage.path_of(blob), orphan.path):
        os.utime(path, (old, old))
    storage.sweep({blob.sha256})
    there = [path.exists() for path in (storage.path_of(blob), orphan.path, young.path)]
    assert there == [True, False, True]


def test_keeping_old_orphaned_bytes_again_makes_them_young(store):
    orphan = storage.keep(io.BytesIO(b"%PDF-again"))
    old = time.time() - 2 * storage.DAY
    os.utime(orphan.path, (old, old))
    storage.keep(io.BytesIO(b"%PDF-again"))
    storage.sweep(set())
    assert orphan.path.exists()
