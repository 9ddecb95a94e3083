"""Submission versions: seen by whom they concern, compared, and taken along."""

import html
import io
import zipfile

import pytest

from tests.files.made import PDF, picture
from tests.submissions.work import submissions, typed_in

FIRST = "Baris satu\nBaris dua\nBaris tiga"
SECOND = "Baris satu\nBaris dua, diubah\nBaris tiga\nBaris empat"
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)> {{7*7}}"


@pytest.fixture
def two_versions(desk, scene, world):
    work = desk()
    for text in (FIRST, SECOND):
        work.save(text)
        work.hand_in()
    work.submissions = submissions(scene, world.classmate)
    return work


def test_two_versions_stand_side_by_side(two_versions):
    older, newer = two_versions.submissions
    for address in (
        f"{newer.id}/comparison",
        f"{older.id}/comparison",
        f"{newer.id}/comparison?with={older.id}",
    ):
        page = two_versions.client.get(f"{two_versions.versions}/{address}").text
        assert "<del>Baris dua</del>" in page
        assert "<ins>Baris dua, diubah</ins>" in page
        assert "<ins>Baris empat</ins>" in page
        assert page.count('class="diff-same"') == 4


def test_no_other_persons_version_is_put_beside(two_versions, world):
    newer = two_versions.submissions[1]
    address = f"{two_versions.versions}/{newer.id}/comparison?with={world.here_submission}"
    assert two_versions.client.get(address).status_code == 404


def test_the_list_names_every_version_newest_first(two_versions):
    page = two_versions.client.get(two_versions.versions).text
    assert page.index("Versi 2") < page.index("Versi 1")


def test_the_draft_says_that_it_was_handed_in_until_it_is_changed(two_versions):
    sentence = "Inilah yang Anda kumpulkan sebagai versi 2."
    assert sentence in two_versions.page()
    two_versions.save(SECOND + "\nBaris lima")
    assert sentence not in two_versions.page()


def test_hostile_words_are_only_words(desk, scene, world):
    work = desk()
    work.save(HOSTILE)
    work.upload(PDF, '"><script>alert(2)</script>.pdf')
    assert typed_in(work.page(), "text") == HOSTILE
    answer = work.hand_in()
    (one,) = submissions(scene, world.classmate)
    for address in (
        answer.location,
        f"{work.versions}/{one.id}",
        work.versions,
        work.draft,
        f"{work.versions}/{one.id}/comparison",
    ):
        page = work.client.get(address).text
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page.replace(html.escape(HOSTILE), "")
        assert 'href="javascript:' not in page


def test_everything_of_a_version_travels_as_one_zip(desk, scene, world):
    work = desk()
    work.save(FIRST)
    work.upload(PDF, "laporan.pdf")
    work.upload(PDF + b"\n", "LAPORAN.pdf")
    work.upload(picture(), "../../etc/foto.png")
    work.hand_in()
    (one,) = submissions(scene, world.classmate)
    answer = work.client.get(f"{work.versions}/{one.id}/archive")
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(held) == ["LAPORAN (2).pdf", "foto.png", "laporan.pdf", "naskah.md"]
    assert held["laporan.pdf"] == PDF
    assert held["LAPORAN (2).pdf"] == PDF + b"\n"
    assert held["naskah.md"].decode() == FIRST


def test_pictures_are_shown_inline_and_nothing_else_is(desk, scene, world):
    work = desk()
    work.upload(picture(), "foto.png")
    work.upload(PDF, "a.pdf")
    work.hand_in()
    (one,) = submissions(scene, world.classmate)
    seen = {}
    for file in one.files:
        answer = work.client.get(f"{work.versions}/{one.id}/files/{file.id}?inline=1")
        seen[file.name] = answer.headers.get("Content-Disposition", "inline").split(";")[0]
    assert seen == {"foto.png": "inline", "a.pdf": "attachment"}


def test_a_files_only_assignment_takes_files_and_says_so(desk, scene, world):
    work = desk(assignment="here_report")
    page = work.page()
    assert 'name="text"' not in page
    assert "hanya berkas" in page


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"MZ\x90\x00", b"PK\x03\x04 broken"])
def test_what_only_pretends_to_be_a_pdf_is_refused_with_a_reason(desk, content):
    answer = desk().upload(content, "tugas.pdf")
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.text


def test_the_same_file_sent_twice_is_attached_once(desk, scene, world):
    work = desk()
    for _time in range(2):
        assert work.upload(PDF, "a.pdf").status_code == 303
    assert work.page().count("/removal") == 1


VERSIONS = [1, 3, 8]


@pytest.mark.parametrize("count", VERSIONS)
def test_more_versions_cost_no_more_queries(desk, scene, world, queries, count):
    work = desk()
    for number in range(count):
        work.save(f"Versi {number}")
        work.upload(PDF + str(number % 3).encode(), f"{number % 3}.pdf")
        work.hand_in()
    newest = submissions(scene, world.classmate)[-1].id
    counted = {}
    for name, address in {
        "draft": work.draft,
        "new": f"{work.versions}/new",
        "index": work.versions,
        "show": f"{work.versions}/{newest}",
        "receipt": f"{work.versions}/{newest}/receipt",
        "comparison": f"{work.versions}/{newest}/comparison",
        "extension": f"{work.work}/extension-requests",
    }.items():
        work.client.get(address)
        with queries() as seen:
            assert work.client.get(address).status_code == 200
        counted[name] = len([one for one in seen if "INSERT INTO sighting" not in one])
    assert counted == {
        "draft": 9,
        "new": 9,
        "index": 6,
        "show": 5,
        "receipt": 4,
        "comparison": 4,
        "extension": 5,
    }
