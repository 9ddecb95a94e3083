"""What snippets say of whom, and which are offered first."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.snippets.rules import appended, filled, generalised, offers_for

NAME, TITLE = "Ratna Wulandari", "Esai 1"


@dataclass
class Kept:
    id: int
    text: str
    criterion: str = ""
    level: str = ""
    uses: int = 0


def test_names_and_titles_are_said_and_taken_out_again():
    text = "{name}, bagian tujuan dalam {assignment} sudah {jelas}."
    said = filled(text, name=NAME, assignment=TITLE)
    assert said == "Ratna Wulandari, bagian tujuan dalam Esai 1 sudah {jelas}."
    names = {NAME, f"{NAME}, S.STP."}
    assert generalised(said, names=names, assignment=TITLE) == text


def test_a_name_within_a_word_stays():
    assert generalised("Anisa, Ani", names={"Ani"}, assignment="") == "Anisa, {name}"


def test_the_longest_form_of_a_name_goes_first():
    names = {"Ratna", "Ratna, S.STP."}
    assert generalised("Ratna, S.STP. rapi", names=names, assignment="") == "{name} rapi"


@given(st.text(), st.text(min_size=1), st.text())
def test_what_is_taken_out_comes_back(text, name, title):
    name, title = name.strip(), title.strip()
    bare = text.replace("{", "(").replace("}", ")")
    names = {name.replace("{", "(").replace("}", ")")}
    title = title.replace("{", "(").replace("}", ")")
    kept = generalised(bare, names=names, assignment=title)
    assert filled(kept, name=next(iter(names)), assignment=title) == bare


def offered(kept, **values):
    wanted = {
        "criterion": "Kriteria 1",
        "levels": {"baik": 7, "kurang": 8},
        "chosen": 7,
        "name": NAME,
        "assignment": TITLE,
    }
    return [one.id for one in offers_for(kept, **wanted | values)]


def test_what_fits_the_level_comes_first_then_the_most_used():
    kept = [
        Kept(1, "a", "Kriteria 1", "Kurang", uses=9),
        Kept(2, "b", "kriteria  1", "", uses=1),
        Kept(3, "c", "", "", uses=5),
        Kept(4, "d", "Kriteria 1", "Baik"),
        Kept(5, "e", "Kriteria 2", "", uses=99),
        Kept(6, "f", "Kriteria 1", "Tingkat lain", uses=2),
    ]
    assert offered(kept) == [4, 3, 6, 2, 1]
    assert offered(kept, chosen=8) == [1, 3, 6, 2, 4]
    assert offered(kept, criterion="", levels={}, chosen=None) == [3]


def test_no_page_is_filled_with_offers():
    assert len(offered([Kept(number, "x") for number in range(200)])) == 30


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "Rapi."), ("  ", "Rapi."), ("Bagus. ", "Bagus. Rapi."), ("Rapi. Ya", "Rapi. Ya")],
)
def test_a_snippet_is_put_behind_what_stands_there_and_only_once(before, after):
    assert appended(before, "Rapi.") == after
