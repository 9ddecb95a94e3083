"""Names as people give them, made fit to be shown and offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.names import display_name, ending


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("tugas.pdf", "tugas.pdf"),
        ("Laporan akhir (2).PDF", "Laporan akhir (2).PDF"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ratna\\tugas.pdf", "tugas.pdf"),
        ("tugas.pdf\x00", "tugas.pdf"),
        ("tugas\r\nSet-Cookie: a=b.pdf", "tugasSet-Cookie_ a=b.pdf"),
        ("tugas\u202efdp.exe", "tugasfdp.exe"),
        ("e\u0301.pdf", "é.pdf"),
        ("CON.txt", "berkas_CON.txt"),
        (".htaccess", "berkas.htaccess"),
        ("..", "berkas"),
        ("", "berkas"),
        (None, "berkas"),
        ("tugas.pdf. .", "tugas.pdf"),
        ("a" * 300 + ".pdf", "a" * 195 + "….pdf"),
    ],
)
def test_display_name(given_name, shown):
    assert display_name(given_name) == shown


@given(st.text())
def test_a_display_name_is_short_and_harmless_whatever_was_given(given_name):
    shown = display_name(given_name)
    assert 0 < len(shown) <= 200
    assert not set('/\\<>:"|?*\r\n\0') & set(shown)
    assert display_name(shown) == shown


def test_ending():
    assert [ending(name) for name in ("a.PDF", "a", ".pdf", "a.tar.gz")] == ["pdf", "", "", "gz"]
