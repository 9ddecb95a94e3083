"""A mentor judges in a real browser: it saves itself, the preview follows, the release arrives."""

import os
from pathlib import Path

import pytest

SHOTS = os.environ.get("PORTAL_TEST_SCREENSHOTS")


def look(window, name):
    """A picture for a person to look at, where one asked for it; and axe in any case."""
    if SHOTS:
        window.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert window.axe() == []


def test_a_review_saves_itself_and_is_released(visit, world):
    address = f"/cohorts/{world.here}/submissions/{world.here_submission}/review"
    coach = visit("coach")
    coach.go(address)
    page = coach.page
    look(coach, "review")
    page.fill("#feedback", "Ditulis di peramban.")
    page.locator('[data-save-state][data-state="saved"]').wait_for(timeout=15000)
    page.click('button[name="next"]')
    page.wait_for_url("**/review/release")
    look(coach, "release")
    page.click('form[action$="/release"] button')
    page.wait_for_url("**/reviews")
    coach.go(address)
    look(coach, "released")
    own = visit("participant", width=390)
    own.go(f"/cohorts/{world.here}/assignments/{world.here_essay}")
    assert "Ditulis di peramban." in own.page.content()
    look(own, "work")
    assert (own.too_wide(), own.complaints, coach.complaints) == (0, [], [])


def test_two_mentors_settle_without_scripts_on_a_phone(visit, world):
    address = f"/cohorts/{world.here}/submissions/{world.here_submission}/review"
    slow = visit("mentor", width=320, scripts=False)
    slow.go(address)
    quick = visit("coach")
    quick.go(address)
    quick.page.fill("#feedback", "Yang lebih cepat.")
    quick.page.locator('[data-save-state][data-state="saved"]').wait_for(timeout=15000)
    slow.page.fill("#feedback", "Yang lebih lambat.")
    slow.page.click(".actions button:not([name])")
    assert "Yang lebih cepat." in slow.page.content()
    assert "Yang lebih lambat." in slow.page.content()
    if SHOTS:
        slow.page.screenshot(path=str(Path(SHOTS) / "conflict.png"), full_page=True)
    slow.page.check('input[name="choice_feedback"][value="both"]')
    slow.page.click(".actions button")
    text = slow.page.input_value("#feedback")
    assert "Yang lebih cepat." in text
    assert "Yang lebih lambat." in text


@pytest.mark.parametrize("size", [(1280, 760), (1280, 400), (320, 256)])
def test_the_map_of_the_keys_can_be_read_whole_and_leaves_everything_where_it_was(
    visit, world, size
):
    coach = visit("coach")
    page = coach.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    coach.go(f"/cohorts/{world.here}/submissions/{world.here_submission}/review")
    page.wait_for_selector("#review-form [data-current]", state="attached")
    for _ in range(2):
        page.keyboard.press("j")
    before = page.evaluate("[scrollY, document.activeElement.id]")
    assert before[0] > 0
    page.keyboard.press("?")
    box = page.locator(".keys-map").bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]
    page.locator(".keys-map label").scroll_into_view_if_needed()
    last = page.locator(".keys-map label").bounding_box()
    assert last["y"] + last["height"] <= box["y"] + box["height"]
    look(coach, f"keys-{size[1]}")
    for close in ("?", "Escape"):
        page.keyboard.press(close)
        assert not page.is_visible(".keys-map")
        assert page.evaluate("[scrollY, document.activeElement.id]") == before
        page.keyboard.press("?")
    page.click("[data-close-map]")
    assert page.evaluate("[scrollY, document.activeElement.id]") == before
    assert (coach.too_wide(), coach.complaints) == (0, [])
