"""Every encoding and delimiter gives the same rows; every other file its own reason."""

import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.cohorts.sheets import MAX_BYTES, REASONS, clean, read_sheets
from portal.texts import Refused

ROWS = (("Nama", "NIP", "Jabatan"), ("Siti Ro’ifah, é", "198503152010011012", "Kepala “Seksi”"))
NIP = 198503152010011012


def written(rows, delimiter=",", newline="\r\n"):
    return newline.join(
        delimiter.join(f'"{c.replace(chr(34), chr(34) * 2)}"' if delimiter in c else c for c in row)
        for row in rows
    )


def cells(data, name="list.csv"):
    return [[row.cells for row in sheet.rows] for sheet in read_sheets(data, name)]


def workbook(*sheets, **options):
    """An XLSX file of (name, fill) pairs; `fill` gets the worksheet and the workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, options) as book:
        for name, fill in sheets:
            fill(book.add_worksheet(name), book)
    return stream.getvalue()


def repacked(data, change):
    """The package with the parts that `change` returns for (name, bytes); None drops a part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def table(rows):
    def fill(sheet, book):
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)

    return fill


def reason(data, name="list.xlsx"):
    with pytest.raises(Refused) as refusal:
        read_sheets(data, name)
    return str(refusal.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_encoding_and_delimiter_reads_the_same(encoding, delimiter):
    data = written(ROWS, delimiter).encode(encoding)
    assert cells(data) == [list(ROWS)]


def test_rows_keep_the_number_the_spreadsheet_shows():
    data = b'Nama,NIP\r\n\r\n"Siti\r\nAminah",1\r\nBudi,2\r\n'
    assert [row.number for row in read_sheets(data, "a.csv")[0].rows] == [1, 3, 4]


def test_excels_own_line_about_the_delimiter_is_obeyed():
    assert cells(b"sep=;\r\nNama;NIP\r\nA, B;1\r\n") == [[("Nama", "NIP"), ("A, B", "1")]]


def test_a_long_number_stays_whole_when_the_file_has_it_whole():
    def as_stored(name, part):
        return part.replace(b"1.98503152010011E+17", str(NIP).encode())

    data = repacked(workbook(("A", table([["NIP", NIP], ["NIP", str(NIP)]]))), as_stored)
    assert cells(data) == [[("NIP", str(NIP)), ("NIP", str(NIP))]]


def test_a_number_that_lost_its_digits_shows_that_it_did():
    data = workbook(("A", table([["NIP", NIP]])))
    assert cells(data) == [[("NIP", "1.98503152010011E+17")]]


@pytest.mark.parametrize("epoch", [False, True])
def test_dates_and_numbers_read_as_people_write_them(epoch):
    def fill(sheet, book):
        form = book.add_format({"num_format": '[$-421]dd mmmm yyyy;@ "h"'})
        sheet.write_datetime(0, 0, date(2026, 6, 12), form)
        sheet.write_datetime(
            0, 1, datetime(2026, 6, 12, 8, 30, tzinfo=UTC), book.add_format({"num_format": 22})
        )
        sheet.write_number(0, 2, 7, book.add_format({"num_format": "[Red]000"}))
        sheet.write_number(0, 3, 1.1 + 2.2)
        sheet.write_boolean(0, 4, True)
        sheet.write_formula(0, 5, '="Siti"', None, "Siti")

    expected = ("2026-06-12", "2026-06-12 08:30", "7", "3.3", "1", "Siti")
    assert cells(workbook(("A", fill), date_1904=epoch, remove_timezone=True)) == [[expected]]


def test_a_merged_cell_stands_for_all_its_cells():
    def fill(sheet, book):
        sheet.merge_range("A1:B1", "Mentor")
        sheet.merge_range("C1:C3", "Dinas Kesehatan")

    expected = [("Mentor", "Mentor", "Dinas Kesehatan")] + [("", "", "Dinas Kesehatan")] * 2
    assert cells(workbook(("A", fill))) == [expected]


def test_rich_text_reads_whole_and_hidden_sheets_are_left_alone():
    def rich(sheet, book):
        sheet.write_rich_string(0, 0, "Siti ", book.add_format({"bold": True}), "Aminah")

    def hidden(sheet, book):
        sheet.write(0, 0, "old")
        sheet.hide()

    assert cells(workbook(("A", rich), ("B", hidden))) == [[("Siti Aminah",)]]


def test_one_cell_at_the_far_end_costs_nothing_and_is_named():
    def fill(sheet, book):
        sheet.write(0, 0, "Nama")
        sheet.write(1_048_575, 16_383, "x")

    assert "1048576" in reason(workbook(("Peserta", fill)))


def test_a_blank_at_the_far_end_is_nothing():
    def fill(sheet, book):
        sheet.write(0, 0, "Nama")
        sheet.write(1_048_575, 3, "  ")
        sheet.write(2, 16_383, "beyond the columns that are read")

    assert cells(workbook(("Peserta", fill))) == [[("Nama",)]]


def bomb(size=80_000_000):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return stream.getvalue()


def with_entities(name, part):
    if name.endswith("sheet1.xml"):
        return b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part.partition(b"?>")[2]
    return part


SIMPLE = workbook(("A", table(ROWS)))


def test_each_other_file_gets_its_own_sentence():
    def wide(text):
        return text.encode("utf-16-le")

    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    macros = repacked(SIMPLE, lambda n, p: p) + b""
    stream = io.BytesIO(macros)
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    odt, docx = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(odt, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with zipfile.ZipFile(docx, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    several = io.BytesIO()
    with zipfile.ZipFile(several, "w") as package:
        package.writestr("users.csv", "username,givenName")
        package.writestr("orgs.csv", "name")
    cases = {
        "archive": [several.getvalue()],
        "empty": [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b" ,,\n", workbook(("A", table([])))],
        "password": [ole + wide("EncryptedPackage")],
        "old-excel": [ole + wide("Workbook")],
        "word": [ole + wide("WordDocument"), docx.getvalue()],
        "macros": [stream.getvalue()],
        "open-document": [odt.getvalue()],
        "web-page": [b"\n<html><table><tr><td>Nama</td></tr></table>"],
        "damaged": [
            SIMPLE[: len(SIMPLE) // 2],
            repacked(SIMPLE, with_entities),
            repacked(SIMPLE, lambda n, p: p[:-20] if n.endswith("sheet1.xml") else p),
            ole,
        ],
        "no-spreadsheet": [bytes(range(256)), b"%PDF-1.7\n1 0 obj", b"PK\x05\x06" + b"\0" * 18],
        "unpacks-too-large": [bomb()],
        "cut-off": ["Nama,é\nSiti,é".encode()[:-1], "Nama".encode("utf-16") + b"x"],
        "too-large": [b"x" * (MAX_BYTES + 1)],
        "open-quote": [b'Nama,NIP\n"Siti,1\n' + b"Budi,2\n" * 40_000],
        "too-many-rows": [b"Nama,NIP\n" * 6_000],
    }
    assert set(cases) == set(REASONS)
    for key, files in cases.items():
        for data in files:
            text = reason(data, "list.csv")
            start, _, _ = str(REASONS[key]).partition("%(")
            assert text.startswith(start), (key, data[:40], text)


def test_a_workbook_is_known_by_its_content_not_by_its_name():
    assert cells(SIMPLE, "peserta.csv") == [list(ROWS)]
    assert reason(b"Nama,NIP\n", "peserta.xlsx") == str(REASONS["damaged"])


def test_cells_lose_what_nobody_sees():
    assert clean("\ufeff Siti\u00a0\u200bAminah\t ") == "Siti Aminah"
    assert clean('="198503152010011012"') == "198503152010011012"
    assert clean("'=1+1") == "=1+1"
    assert clean("O'Neil\r\nM.Si") == "O'Neil\nM.Si"


def test_lines_of_two_encodings_are_each_read_in_their_own():
    lines = "Nama;NIP\nSíti;1\n".encode() + "Dé Ñusantara;2\n".encode("cp1252")
    [sheet] = read_sheets(lines, "a.csv")
    assert [row.cells[0] for row in sheet.rows] == ["Nama", "Síti", "Dé Ñusantara"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Nama;NIP;Unit\nSiti;1;A\nBudi;2", 3),
        ("Nama;NIP;Unit\nSiti;1;A\nBudi;2;", 0),
        ("Nama;NIP;Unit\nSiti;1;A\nBudi;2\n", 0),
        ("Daftar\nNama;NIP;Unit\nSiti;1;A\nBudi;2", 0),
    ],
)
def test_a_text_that_ends_within_a_row_is_noticed(text, row):
    [sheet] = read_sheets(text.encode(), "a.csv")
    assert sheet.cut_row == row


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a"]))
@example(b"PK\x03\x04", "a.xlsx")
@example(b"\xff\xfe", "a.csv")
def test_any_bytes_are_read_or_refused(data, name):
    with suppress(Refused):
        assert read_sheets(data, name)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SIMPLE) - 1), st.binary(min_size=1, max_size=4))
def test_any_damage_to_a_workbook_is_read_or_refused(place, damage):
    with suppress(Refused):
        assert read_sheets(SIMPLE[:place] + damage + SIMPLE[place + len(damage) :], "a.xlsx")
