"""A course in a ZIP file: read entry by entry, whatever the archive claims about itself."""

import io
import stat
import zipfile

import pytest

from portal.library import sources
from portal.library.folder import read_folder
from portal.library.sources import Archive, Unreadable
from tests.files.made import zipped


def archive(content: bytes, name: str = "kursus.zip") -> Archive:
    return Archive(io.BytesIO(content), name)


def test_a_single_top_folder_is_the_course():
    plan = read_folder(
        archive(zipped({"PKP-utama/m/a.md": b"# A\n\nIsi", "PKP-utama/course.md": b"Tentang"}))
    )
    assert [one.path for one in plan.lessons] == ["m/a.md"]
    assert plan.title == "Kursus"


def test_names_that_lead_out_are_refused_and_said():
    source = archive(
        zipped({"../x.md": b"x", "/y.md": b"x", "a\\b.md": b"x", "m/z.md": b"Isi", "n/z.md": b"x"})
    )
    assert sorted(source.sizes()) == ["m/z.md", "n/z.md"]
    assert source.refused == {"../x.md": "leads-out", "/y.md": "leads-out", "a\\b.md": "leads-out"}


def test_links_and_odd_names_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        link = zipfile.ZipInfo("m/link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("m/ba\nris.md", "x")
        made.writestr("m/a.md", "Isi")
        made.writestr("course.md", "Tentang")
        made.writestr("__MACOSX/m/._a.md", "x")
    source = archive(file.getvalue())
    assert source.refused == {"m/link.md": "is-link", "m/ba\nris.md": "odd-name"}
    assert sorted(source.sizes()) == ["course.md", "m/a.md"]


def test_a_bomb_is_not_unpacked():
    source = archive(zipped({"m/a.md": b"Isi", "n/bom.csv": b"0" * (20 * 2**20)}))
    assert source.refused == {"n/bom.csv": "bomb"}


def test_what_grows_beyond_its_claim_is_stopped(monkeypatch):
    source = archive(zipped({"m/a.md": b"x" * 1000, "n/b.md": b"x"}))
    with pytest.raises(Unreadable, match="too-large"):
        source.read("m/a.md", at_most=999)


def test_too_many_files_and_what_is_no_archive(monkeypatch):
    monkeypatch.setattr(sources, "MOST_FILES", 3)
    with pytest.raises(Unreadable, match="too-many-files"):
        archive(zipped({f"{number}.md": b"x" for number in range(4)}))
    for content in (b"", b"%PDF-1.4", zipped({"a.md": b"x"})[:-20]):
        with pytest.raises(Unreadable, match="no-archive"):
            archive(content)


def test_damaged_entries_are_said_and_the_rest_is_read():
    content = bytearray(zipped({"m/a.md": bytes(range(65, 90)) * 4, "n/b.md": b"Isi b"}))
    content[40:48] = b"\0" * 8
    plan = read_folder(archive(bytes(content)))
    assert [one.path for one in plan.lessons] == ["n/b.md"]
    assert [(one.path, one.code) for one in plan.remarks] == [("m/a.md", "damaged")]
