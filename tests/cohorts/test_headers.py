"""Headers as offices write them, in both languages."""

import pytest

from portal.cohorts.headers import column_of, find_header
from portal.cohorts.sheets import Row, Sheet


def header(*rows):
    return find_header(Sheet("", tuple(Row(n, tuple(r)) for n, r in enumerate(rows, 1))))


def columns(*rows):
    found = header(*rows)
    return [found.columns.get(p) for p in range(len(found.texts))]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("NAMA", ("person", "name")),
        ("Nama Lengkap\n(dengan gelar)", ("person", "name")),
        ("Nama Peserta *", ("person", "name")),
        ("N I P", None),
        ("NIP.", ("person", "nip")),
        ("NIP\nPegawai", ("person", "nip")),
        ("Nama / NIP", ("person", "name_nip")),
        ("Nama (NIP)", ("person", "name_nip")),
        ("E-mail", ("person", "email")),
        ("Alamat Surel", ("person", "email")),
        ("Jabatan", ("person", "position")),
        ("OPD / Unit Kerja", ("person", "unit")),
        ("Perangkat Daerah", ("person", "unit")),
        ("No. Daftar Hadir", ("person", "list_number")),
        ("NDH", ("person", "list_number")),
        ("No.", None),
        ("Peran", ("person", "role")),
        ("Kapasitas", ("person", "capacity")),
        ("Mentor", ("supervisor", "name")),
        ("Mentor/Atasan Langsung", ("supervisor", "name")),
        ("NIP Atasan", ("supervisor", "nip")),
        ("Coach", ("coach", "name")),
        ("Widyaiswara Pembimbing", ("coach", "name")),
        ("E-mail coach", ("coach", "email")),
        ("Nama Penguji", ("examiner", "name")),
        ("Mentor / Coach", None),
        ("Full Name", ("person", "name")),
        ("Family name", ("person", "family")),
        ("Supervisor's name", ("supervisor", "name")),
        ("Employee number", ("person", "nip")),
        ("Pangkat/Golongan", None),
        ("", None),
    ],
)
def test_a_header_says_of_whom_and_what(text, column):
    assert column_of(text) == column


def test_the_header_is_found_below_titles():
    found = header(
        ["DAFTAR PESERTA PELATIHAN KEPEMIMPINAN PENGAWAS"],
        ["ANGKATAN VI TAHUN 2026"],
        [],
        ["No", "Nama", "NIP", "Pangkat"],
        ["1", "Siti", "1"],
    )
    assert found.last_row == 4
    assert found.unused == ("Pangkat",)


def test_a_plain_header_after_the_mentors_name_is_the_mentors():
    assert columns(["Nama", "NIP", "Jabatan", "Mentor", "NIP", "Jabatan", "Coach", "NIP"]) == [
        ("person", "name"),
        ("person", "nip"),
        ("person", "position"),
        ("supervisor", "name"),
        ("supervisor", "nip"),
        ("supervisor", "position"),
        ("coach", "name"),
        ("coach", "nip"),
    ]
    assert columns(["Nama Mentor", "NIP", "Jabatan", "Nama Peserta", "NIP"]) == [
        ("supervisor", "name"),
        ("supervisor", "nip"),
        ("supervisor", "position"),
        ("person", "name"),
        ("person", "nip"),
    ]
    # One column only, after the mentor's name: it is the person's own.
    assert columns(["Nama", "Mentor", "NIP"])[2] == ("person", "nip")


@pytest.mark.parametrize("filled", [True, False])
def test_a_header_of_two_rows_is_read_as_one(filled):
    again = "Mentor" if filled else ""
    found = header(["No", "Nama", "NIP", "Mentor", again], ["", "Nama", "", "Nama", "NIP"], ["1"])
    assert found.last_row == 2
    assert list(found.columns.values())[2:] == [("supervisor", "name"), ("supervisor", "nip")]


def test_no_header_is_no_header():
    assert header(["Siti", "1985"]) is None
    assert header() is None
