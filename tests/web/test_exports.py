"""Exported tables: whole, readable by our own reader, and harmless in a spreadsheet."""

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.cohorts.sheets import read_sheets
from portal.web.exports import csv_file, safe_text, xlsx_file

FORMULAS = [
    "=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")', "-2+3+cmd|' /C calc'!A0", "\n=1",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_a_text_in_csv(text):
    data = csv_file(["Nama"], [[text]], comma=False).decode("utf-8-sig")
    assert data.splitlines()[1].startswith("\"'") or data.startswith('"Nama"\r\n"\'')


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_a_text_in_a_workbook(text):
    with zipfile.ZipFile(io.BytesIO(xlsx_file([("Rekap", ["Nama"], [[text]])]))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_harmless_texts_stay_as_they_are():
    for text in ("Siti", "3-4", "a=b", "", "62812"):
        assert safe_text(text) == text


def test_numbers_are_numbers_in_the_readers_way():
    rows = [["Siti", 3, Decimal("90.01"), Decimal("-1.50"), None]]
    assert csv_file(["a"], rows, comma=True).decode("utf-8-sig").splitlines()[1] == (
        '"Siti";"3";"90,01";"-1,50";""'
    )
    assert csv_file(["a"], rows, comma=False).decode("utf-8-sig").splitlines()[1] == (
        '"Siti","3","90.01","-1.50",""'
    )
    [sheet] = read_sheets(xlsx_file([("Nilai: [VI]", ["a", "b", "c", "d"], rows)]), "a.xlsx")
    assert sheet.name == "Nilai VI"
    assert sheet.rows[1].cells == ("Siti", "3", "90.01", "-1.5")


plain = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(plain, min_size=2, max_size=2), min_size=1, max_size=5))
def test_our_own_reader_reads_back_what_was_written(rows):
    header = ["Nama", "NIP"]
    from_csv = read_sheets(csv_file(header, rows, comma=True), "a.csv")[0].rows[1:]
    from_xlsx = read_sheets(xlsx_file([("A", header, rows)]), "a.xlsx")[0].rows[1:]
    assert [r.cells for r in from_xlsx] == [r.cells for r in from_csv]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=50))
def test_any_text_can_be_written(text):
    assert csv_file([text], [[text]], comma=False)
    assert xlsx_file([(text, [text], [[text]])])
