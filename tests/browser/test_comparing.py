"""Two versions beside each other: each sign stands at its own line, on a phone too."""

import pytest

from tests.submissions.work import Desk, submissions

FIRST = "Satu\n\nDua\n\nTiga"
SECOND = "Satu\n\nDua\nTiga\n\n\nEmpat"
HEIGHTS = "cells => cells.map(cell => cell.getBoundingClientRect().height)"


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desktop"])
def test_a_line_without_words_keeps_its_height_and_its_sign(visit, sign_in, world, scene, width):
    work = Desk(sign_in("classmate"), world.here, world.here_essay)
    for text in (FIRST, SECOND):
        work.save(text)
        work.hand_in()
    newer = submissions(scene, world.classmate)[-1]
    window = visit("classmate", width=width)
    window.go(f"{work.versions}/{newer.id}/comparison")
    headings = window.page.locator(".diff th:visible").all_inner_texts()
    assert headings == ["Versi 1", "Versi 2"]
    marked = window.page.locator(".diff td[class]:visible")
    heights = marked.evaluate_all(HEIGHTS)
    assert min(heights) == pytest.approx(max(heights), abs=1.5)
    assert window.page.locator(".diff-added:has(ins:empty)").count() > 0
    assert window.axe() == []
    assert window.too_wide() <= 0
