"""Where a remark stands, read from a form and found again in the work."""

import pytest

from portal.markdown import note, words_of
from portal.reviews import places
from portal.reviews.places import Area, Passage, Spot

WORDS = words_of(note("Satu dua.\n\nTiga **empat** lima.\n\nSatu dua."))


def test_a_passage_is_the_words_that_were_selected():
    start = WORDS.text.index("empat")
    passage = places.read_passage(WORDS, 2, f"t:{start - 1}-{start + 5}", "empat")
    assert passage == Passage(start, start + 5, "empat", 2)


def test_without_an_exact_place_it_is_the_paragraph_and_without_a_number_the_text():
    paragraph = places.read_passage(WORDS, 2, "", "")
    assert paragraph is not None
    assert WORDS.text[paragraph.start : paragraph.stop] == paragraph.quote == "Tiga empat lima."
    whole = places.read_passage(WORDS, None, "", "")
    assert (whole.start, whole.stop, whole.paragraph) == (0, len(WORDS.text), None)


@pytest.mark.parametrize("exact", ["t:0-4", "t:5-2", "t:900-999", "f:1:1:0,0,5,5", "t:x"])
def test_an_exact_place_in_another_paragraph_or_nowhere_gives_way_to_the_number(exact):
    assert places.read_passage(WORDS, 2, exact, "").quote == "Tiga empat lima."


def test_a_paragraph_that_is_not_there_is_no_place():
    assert places.read_passage(WORDS, 4, "", "") is None


def test_words_that_moved_are_found_where_they_stand_nearest():
    last = WORDS.text.rindex("Satu dua")
    moved = places.found(WORDS, Passage(last - 3, last + 5, "Satu dua", 3))
    assert (moved.start, moved.paragraph) == (last, 3)
    assert places.found(WORDS, Passage(0, 3, "tidak ada", 1)) is None
    assert places.shown(WORDS, Passage(0, 3, "tidak ada", 1)).quote == "Satu dua."


@pytest.mark.parametrize(
    ("exact", "area"),
    [
        ("f:7:2:100,200,300,400", Area(100, 200, 300, 400)),
        ("f:7:3:100,200,300,400", None),
        ("f:8:2:100,200,300,400", None),
        ("f:7:2:9000,200,1001,400", None),
        ("f:7:2:100,200,0,400", None),
        ("", None),
    ],
)
def test_an_area_belongs_to_its_file_and_page_and_lies_on_it(exact, area):
    assert places.read_area(7, 2, exact) == area


@pytest.mark.parametrize(
    "place",
    [
        Passage(0, 4, "Satu", 1),
        Spot(7),
        Spot(7, 2),
        Spot(7, 2, Area(1, 2, 3, 4), "a.pdf"),
        Passage(0, 4, "Satu", 1, 7, "a.docx"),
    ],
)
def test_a_place_survives_the_history(place):
    assert places.from_data(places.to_data(place)) == place


def test_places_are_in_the_order_of_reading():
    known = [Spot(8), Spot(7, 2, Area(5, 1, 2, 2)), Spot(7, 2), Passage(9, 12, "b", 2)]
    known += [Passage(0, 3, "a", 1), Spot(7, 1)]
    assert sorted(known, key=lambda one: one.order) == [
        known[4], known[3], known[5], known[2], known[1], known[0],
    ]  # fmt: skip
