"""The next submission is there before the release has arrived, and a release that fails is told."""

import json

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Mentorship
from portal.reviews.models import Review
from tests.reviews.scene import hand_in, judged, seen_by

OF_THE_FIRST = sa.select(Review.released_at).filter_by(feedback="Kerja yang rapi.")


@pytest.fixture
def before_release(visit, sign_in, scene, world):
    """A window in which the first of two is previewed, and the second was fetched ahead."""
    with scene() as session:
        session.execute(
            sa.delete(Mentorship).where(
                Mentorship.participant_id == world.classmate, Mentorship.mentor_id == world.coach
            )
        )
        ids = hand_in(number=60).id, hand_in(assignment="report", number=60).id
    first, second = [f"/cohorts/{world.here}/submissions/{one}/review" for one in ids]
    client = sign_in("coach")
    client.post(first, data=judged(**seen_by(client, first)))
    window = visit("coach")
    window.go(first)
    with window.page.expect_response(f"**{second}"):
        window.page.wait_for_selector("#review-form")
    window.page.set_viewport_size({"width": 1280, "height": 500})
    window.page.click("button[name=next]")
    button = window.page.wait_for_selector("[data-focus]:focus").bounding_box()
    assert button["y"] + button["height"] <= 500, "what has the focus is in sight"
    return window, first, second


def test_the_next_stands_there_while_the_release_is_on_its_way(before_release, scene):
    window, first, second = before_release
    held = []
    window.page.route(f"**{first}/release", lambda route: held.append(route))
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("#review-form [data-current]")
    assert window.page.url.endswith(second)
    assert "Sedang dirilis" in window.page.inner_text("#notices")
    window.page.keyboard.press("1")
    with window.page.expect_response(f"**{second}"):
        held[0].continue_()
    window.page.wait_for_selector("#notices >> text=Sudah dirilis")
    assert window.page.locator("#review-form .levels input:checked:not([value=''])").count() == 1
    with window.page.expect_response(lambda answer: answer.request.method == "GET"):
        window.page.keyboard.press("Escape")
        window.page.keyboard.press("s")
    with scene() as session:
        assert session.scalar(OF_THE_FIRST)
    assert window.complaints == []


def test_what_is_typed_in_the_moment_the_next_arrives_is_stored(before_release, scene):
    window, _first, _second = before_release
    window.page.evaluate("""() => document.addEventListener("htmx:load", () => {
      const field = document.getElementById("feedback");
      field.value = "Ditulis seketika.";
      field.dispatchEvent(new Event("input", {bubbles: true}));
    }, {once: true})""")
    window.page.keyboard.press("Enter")
    window.page.locator('[data-save-state][data-state="saved"]').wait_for(timeout=15000)
    with scene() as session:
        assert session.scalar(sa.select(Review.revision).filter_by(feedback="Ditulis seketika."))
    assert window.complaints == []


@pytest.mark.parametrize("answer", ["refused", "gone"])
def test_a_release_that_fails_is_told_until_it_is_looked_at(before_release, scene, answer):
    window, first, _second = before_release

    def fail(route):
        if answer == "gone":
            route.abort()
        else:
            said = json.dumps({"error": "Ada yang menyimpan."})
            route.fulfill(status=409, body=said, content_type="application/json")

    window.page.route(f"**{first}/release", fail)
    window.page.keyboard.press("Enter")
    window.page.wait_for_selector("#review-form [data-current]")
    alert = window.page.locator("[role=alert] .callout-error:has(a)")
    alert.wait_for()
    assert ("Ada yang menyimpan." in alert.inner_text()) == (answer == "refused")
    window.page.keyboard.press("k")
    assert alert.is_visible()
    window.page.unroute(f"**{first}/release")
    alert.locator("a").click()
    window.page.wait_for_url(f"**{first}/release")
    window.page.wait_for_selector("[data-focus]:focus")
    with scene() as session:
        assert session.scalar(OF_THE_FIRST) is None


def test_what_is_missing_leads_to_its_field_and_nothing_hides_behind_the_bar(visit, scene, world):
    with scene():
        review = f"/cohorts/{world.here}/submissions/{hand_in(number=60).id}/review"
    window = visit("coach")
    page, keys = window.page, window.page.keyboard
    page.set_viewport_size({"width": 1280, "height": 560})
    window.go(review)
    page.wait_for_selector("#review-form [data-current]")
    keys.press("f")
    keys.type("Ada.")
    for key in ("Escape", "r"):
        keys.press(key)
    page.wait_for_selector("a[data-focus]:focus")
    keys.press("Enter")
    page.wait_for_selector("#decision input:focus")
    spot, bar = (
        page.locator(":focus").bounding_box(),
        page.locator(".actions-sticky").bounding_box(),
    )
    assert spot["y"] + spot["height"] <= bar["y"]
    keys.press("2")
    assert page.evaluate("document.activeElement.id") == "revise_by"
    for key in ("Escape", "w"):
        keys.press(key)
    assert page.evaluate("document.activeElement.id") == "work"
    keys.press("r")
    page.wait_for_selector("a[data-focus]:focus")
    assert page.get_attribute("a[data-focus]", "href") == f"{review}#revise_by"
    assert window.complaints == []
