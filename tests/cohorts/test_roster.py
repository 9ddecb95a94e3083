"""From rows to people: roles, mentors, repeated rows, and each reason to refuse one."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.cohorts.details import Details, name_key
from portal.cohorts.problems import REFUSALS, TEXTS
from portal.cohorts.roster import read_roster, roster_in
from portal.cohorts.sheets import Row, Sheet
from portal.texts import Refused

TODAY = date(2026, 11, 23)
SITI, BUDI, DEWI = "198503152010011012", "197901012005011003", "196805121990032004"


def sheet(*rows, name=""):
    return Sheet(name, tuple(Row(n, tuple(r)) for n, r in enumerate(rows, 1) if any(r)))


def roster(*rows, name=""):
    return roster_in([sheet(*rows, name=name)], TODAY)


def keys(row):
    return [p.key for p in row.problems]


def only(*rows, name=""):
    found = roster(*rows, name=name).rows
    assert len(found) == 1
    return found[0]


def test_a_plain_list_gives_participants():
    row = only(
        ["No", "Nama", "NIP", "E-mail", "Jabatan", "OPD", "NDH"],
        [
            "1",
            "Siti Aminah, S.E.",
            "19850315 201001 1 012",
            "Siti@Malang.GO.ID",
            "Kasi",
            "DKK",
            "7",
        ],
    )
    assert row.details == Details("Siti Aminah, S.E.", SITI, "siti@malang.go.id", "", "Kasi", "DKK")
    assert (row.role, row.capacity, row.list_number, row.problems) == ("participant", "", "7", ())


def test_mentors_stand_on_the_participants_row():
    row = only(
        ["Nama", "NIP", "Mentor", "NIP Mentor", "Jabatan Mentor", "Coach"],
        ["Siti", SITI, "Budi", BUDI, "Kabid", "Dewi"],
    )
    assert row.mentors == (
        ("supervisor", Details("Budi", BUDI, position="Kabid")),
        ("coach", Details("Dewi")),
    )


def test_roles_stand_in_a_column_or_in_the_sheets_name():
    rows = roster(
        ["Nama", "NIP", "Peran", "Kapasitas"],
        ["Siti", SITI, "Peserta", ""],
        ["Budi", BUDI, "Mentor", "Penguji"],
        ["Dewi", DEWI, "Coach", ""],
    ).rows
    assert [(r.role, r.capacity) for r in rows] == [
        ("participant", ""),
        ("mentor", "examiner"),
        ("mentor", "coach"),
    ]
    assert only(["Nama", "NIP"], ["Dewi", DEWI], name="Daftar Coach").capacity == "coach"
    assert only(["Nama Mentor", "NIP Mentor"], ["Budi", BUDI]).capacity == "supervisor"


def test_a_second_sheet_adds_the_coach():
    found = roster_in(
        [
            sheet(["Nama", "NIP"], ["Siti", SITI], name="Peserta"),
            sheet(["Nama Peserta", "NIP Peserta", "Coach", "NIP Coach"],
                  ["Siti", SITI, "Dewi", DEWI], name="Pasangan"),
            sheet(["Catatan"], name="Catatan"),
        ],
        TODAY,
    )  # fmt: skip
    assert [r.mentors for r in found.rows] == [(), (("coach", Details("Dewi", DEWI)),)]
    assert found.rows[1].repeats == ("Peserta", 2)
    assert keys(found.rows[1]) == ["repeats"]
    assert found.unused_sheets == ["Catatan"]


def test_name_and_nip_in_one_cell_are_taken_apart():
    for cell in (
        "Dra. Dewi, M.Si.\nNIP. 19680512 199003 2 004",
        "Dra. Dewi, M.Si. (NIP 196805121990032004)",
        "Dra. Dewi, M.Si.\n196805121990032004",
    ):
        row = only(["Nama / NIP", "Jabatan"], [cell, "Kabid"])
        assert (row.details.name, row.details.nip) == ("Dra. Dewi, M.Si.", DEWI)


def test_what_is_no_person_is_left_aside():
    found = roster(
        ["No", "Nama", "NIP", "OPD"],
        ["(1)", "(2)", "(3)", "(4)"],
        ["1", "Siti", SITI, "DKK"],
        ["No", "Nama", "NIP", "OPD"],
        ["", "", "", "Malang, 12 Juni 2026"],
    )
    assert [r.number for r in found.rows] == [3]
    assert found.skipped_rows == [("", 5)]


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["", SITI, ""], "no-name"),
        (["Siti", "", ""], "no-identity"),
        (["Siti", "-", ""], "no-identity"),
        (["Siti", "1.98503152010011E+17", ""], "nip-rounded"),
        (["Siti", "12345", ""], "nip-length"),
        (["Siti", "510123456", ""], "nip-old"),
        (["Siti", "SALAH", ""], "nip-characters"),
        (["Siti", "198513152010011012", ""], "nip-birth"),
        (["Siti", "", "siti.malang.go.id"], "email-shape"),
        (["Siti", "", "a@x.id; b@x.id"], "email-shape"),
        (["S" * 200, SITI, ""], "too-long"),
        (["#REF!", SITI, ""], "cell-error"),
        (["Sit\ufffd", SITI, ""], "unreadable"),
    ],
)
def test_a_row_that_cannot_be_used_says_why(cells, key):
    row = only(["Nama", "NIP", "E-mail"], cells)
    assert row.refused
    assert keys(row) == [key]


def test_roles_above_and_unknown_roles_are_refused():
    rows = roster(
        ["Nama", "NIP", "Peran"], ["Siti", SITI, "Administrator"], ["Budi", BUDI, "Tamu"]
    ).rows
    assert [keys(r) for r in rows] == [["role-above"], ["role-unknown"]]


def test_nobody_mentors_themselves():
    row = only(["Nama", "NIP", "Mentor", "NIP Mentor"], ["Siti", SITI, "Siti", SITI])
    assert keys(row) == ["own-mentor"]


def test_a_mentor_who_cannot_be_read_does_not_stop_the_participant():
    row = only(["Nama", "NIP", "Mentor", "NIP Mentor"], ["Siti", SITI, "Budi", "123"])
    assert not row.refused
    assert keys(row) == ["mentor-unusable"]
    assert row.mentors == ()


def test_rows_that_contradict_each_other_are_refused_with_the_other_row():
    header = ["Nama", "NIP", "E-mail", "Peran", "NDH"]
    first = ["Siti", SITI, "s@x.id", "Peserta", "1"]
    for second, key in [
        (["SITI, S.E.", SITI, "", "Peserta", ""], "repeats"),
        (["Andi", SITI, "", "Peserta", ""], "contradicts"),
        (["Siti", SITI, "t@x.id", "Peserta", ""], "contradicts"),
        (["Siti", SITI, "s@x.id", "Peserta", "2"], "contradicts"),
        (["Siti", SITI, "s@x.id", "Mentor", ""], "two-roles"),
        (["Budi", BUDI, "s@x.id", "Peserta", "2"], "address-shared"),
        (["Budi", BUDI, "b@x.id", "Peserta", "1"], "number-twice"),
    ]:
        rows = roster(header, first, second).rows
        assert keys(rows[0]) == []
        assert keys(rows[1]) == [key]
        assert rows[1].problems[0].values["row"] == "2"
        assert rows[1].refused == (key in REFUSALS)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["a", "b"], ["1", "2"]], "a, b / 1, 2"),
        ([["Nama", "Jabatan"], ["Siti", "Kasi"]], "Nama, Jabatan"),
        ([["E-mail", "Jabatan"], ["s@x.id", "Kasi"]], "E-mail, Jabatan"),
        ([["Nama", "NIP"]], "Nama, NIP"),
    ],
)
def test_a_file_without_people_says_what_it_has(rows, words):
    with pytest.raises(Refused) as refusal:
        roster(*rows)
    assert words in str(refusal.value)


def test_names_compare_without_titles_case_and_accents():
    assert name_key("Dra. Hj. Siti Aminah, M.Si.") == name_key("SITI AMINAH")
    assert name_key("Dr. Ir. H. Joko Widodo") == "joko widodo"
    assert name_key("Moh. Ali") == "moh ali"
    assert name_key("Nur'aini") == name_key("Nur’aini")
    assert name_key("R.A. Kartini") != ""


def test_every_problem_has_a_sentence_its_values_fill():
    class Anything(dict):
        def __missing__(self, key):
            return "x"

    for key in TEXTS:
        assert "%(" not in str(TEXTS[key]) % Anything()


words = st.sampled_from(
    ["Nama", "NIP", "E-mail", "Mentor", "Coach", "Peran", "OPD", "", "x", SITI, BUDI, "a@b.id"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(words | st.text(max_size=8), max_size=6), max_size=8))
def test_any_sheet_is_read_or_refused_and_no_accepted_row_lacks_an_identity(rows):
    try:
        found = roster(["Nama", "NIP"], *rows).rows
    except Refused:
        found = []
    for row in found:
        assert row.refused or (row.details.name and row.details.has_identity)


def no_letters(name: str) -> int:
    """How many of its characters stand in no text: two are read over, many are another format."""
    return sum((ord(one) < 32 and one not in "\t\n\r\f\v") or one == "\ufffd" for one in name)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60).filter(lambda name: no_letters(name) <= 2),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16"]),
)
@example("\x1f\x08", ",", "utf-8")
def test_a_name_comes_back_whole_from_any_file(name, delimiter, encoding):
    quoted = name.replace('"', '""').encode("utf-8", "ignore").decode()
    data = f'Nama{delimiter}NIP\r\n"{quoted}"{delimiter}{SITI}\r\n'.encode(encoding)
    found = read_roster(data, "list.csv", TODAY)
    assert [row.details.nip for row in found.rows] == [SITI]


def test_a_file_of_what_stands_in_no_text_is_refused():
    """Found with a name of four such characters in a file of one row."""
    with pytest.raises(Refused, match="This is no list that can be read"):
        read_roster(f"Nama,NIP\r\n\x1f\x1f\x1f\x08,{SITI}\r\n".encode(), "list.csv", TODAY)


@pytest.mark.parametrize("name", ["SÃ©ti Aminah", "SÃti Aminah", "Siti â€œAminâ€", "Si\ufffdti"])
def test_a_name_whose_letters_were_mistaken_is_refused(name):
    assert keys(only(["Nama", "NIP"], [name, SITI])) == ["unreadable"]


def test_names_with_other_letters_are_read():
    for name in ("Séti Ñusantara", "JOÃO DA SILVA", "Dr. Ünal", "Síti – Aminah"):
        assert keys(only(["Nama", "NIP"], [name, SITI])) == []


def test_a_row_is_named_by_its_number_and_its_sheet():
    rows = roster(["Nama", "NIP"], ["Siti", SITI], ["Budi", SITI], name="Peserta").rows
    assert rows[1].problems[0].values["row"] == "2 (Peserta)"


@pytest.mark.parametrize("words", ["Jumlah: 35 orang", "JUMLAH", "Total", "Sub total peserta"])
def test_a_total_below_the_people_is_nobody(words):
    rows = roster(["No", "Nama", "NIP"], ["1", "Siti", SITI], ["", words, ""]).rows
    assert [row.details.name for row in rows] == ["Siti"]
