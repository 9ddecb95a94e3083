"""The files of the demo: what they say they are, small, and the same for the same words."""

import io
from random import Random

import pytest

from portal.demo.papers import docx, pdf, plain, png, xlsx
from portal.demo.projects import project
from portal.demo.writing import text_of
from portal.files.kinds import sniff

PROJECT = project(
    "drainase", Random(3), unit="Dinas", jabatan="Kepala Seksi", atasan="Kepala Bidang"
)
TEXT = text_of("4-rancangan", PROJECT, Random(3))
MAKERS = {
    "pdf": lambda: pdf("Rancangan (RAP)", TEXT * 3),
    "docx": lambda: docx("Rancangan & rencana", TEXT),
    "xlsx": lambda: xlsx(PROJECT),
    "png": lambda: png(PROJECT),
}


@pytest.mark.parametrize("ending", MAKERS)
def test_a_paper_is_of_its_kind(ending, tmp_path):
    content = MAKERS[ending]()
    path = tmp_path / f"berkas.{ending}"
    path.write_bytes(content)
    assert sniff(path, path.name).key == ending
    assert len(content) < 40_000
    assert MAKERS[ending]() == content


def test_a_pdf_names_the_place_of_each_object():
    content = MAKERS["pdf"]()
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    table = content[start:].splitlines()
    assert table[0] == b"xref"
    for number, line in enumerate(table[3 : 2 + int(table[1].split()[1])], 1):
        assert content[int(line[:10]) :].startswith(b"%d 0 obj" % number)


def test_paper_shows_no_markdown():
    lines = plain("## Judul\n\n| A | B |\n| --- | --- |\n| **satu** | dua |")
    assert lines == [
        ("Judul", True),
        ("", False),
        ("A · B", False),
        ("", False),
        ("satu · dua", False),
    ]


def test_a_workbook_counts_what_the_text_says():
    from python_calamine import CalamineWorkbook

    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(xlsx(PROJECT))).get_sheet_by_index(0).to_python()
    )
    assert len(rows) - 1 == PROJECT.numbers["n"]
    assert sum(row[3] == "ya" for row in rows) == PROJECT.numbers["g"]
