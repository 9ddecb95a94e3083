"""The NIP: what is refused, what is only doubted, how it is shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cohorts.nip import bare_nip, nip_doubt, nip_error, shown_nip

TODAY = date(2026, 11, 23)

nips = st.builds(
    lambda born, after, month, sex, serial: (
        f"{born:%Y%m%d}{born.year + after}{month:02}{sex}{serial:03}"
    ),
    st.dates(date(1962, 1, 1), date(1999, 12, 31)),
    st.integers(18, 25),
    st.integers(1, 12),
    st.integers(1, 2),
    st.integers(1, 999),
)


@given(nips)
def test_a_plausible_number_passes_in_every_way_people_write_it(nip):
    assert nip_error(nip) is None
    assert nip_doubt(nip, TODAY) is None
    for written in (shown_nip(nip), f"NIP. {shown_nip(nip)}", f"'{nip}", ".".join(nip)):
        assert bare_nip(written) == nip
        assert nip_error(written) is None


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("198503152010011012", None),
        ("1.98503152010011E+17", "nip-rounded"),
        ("1,98503E+17", "nip-rounded"),
        ("198503152010011000", "nip-rounded"),
        ("19850315201001101", "nip-length"),
        ("1985031520100110123", "nip-length"),
        ("510123456", "nip-old"),
        ("19850315201001101O", "nip-characters"),
        ("belum ada", "nip-characters"),
        ("١٩٨٥٠٣١٥٢٠١٠٠١١٠١٢", "nip-characters"),
        ("198513152010011012", "nip-birth"),
        ("198502302010011012", "nip-birth"),
        ("000000000000000001", "nip-birth"),
    ],
)
def test_what_cannot_be_a_nip_is_said(text, error):
    assert nip_error(text) == error


@pytest.mark.parametrize(
    ("nip", "doubt"),
    [
        ("198503152010011012", None),
        ("198503152023211012", None),  # a contract employee: 21 where others have the month
        ("201503152030011012", "nip-age"),
        ("193003151950011012", "nip-age"),
        ("198503152010131012", "nip-appointed"),
        ("198503152030011012", "nip-appointed"),
        ("198503151990011012", "nip-appointed"),
        ("198503152010013012", "nip-sex"),
    ],
)
def test_what_looks_mistyped_is_doubted(nip, doubt):
    assert nip_error(nip) is None
    assert nip_doubt(nip, TODAY) == doubt


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text):
    error = nip_error(text)
    if error is None:
        nip_doubt(bare_nip(text), TODAY)


def test_a_number_is_shown_in_its_four_parts():
    assert shown_nip("198503152010011012") == "19850315 201001 1 012"
    assert shown_nip("12") == "12"
