"""One review from the queue to its release, four ways: mouse, keyboard alone, phone without
scripts, and a desktop at 400 % zoom. Each leads on to the next and reaches the participant."""

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Mentorship
from portal.reviews.models import Review
from tests.reviews.scene import hand_in

WAYS = {
    "mouse": {"width": 1280},
    "keyboard": {"width": 1280},
    "phone": {"width": 390, "scripts": False},
    "zoom": {"width": 320},
}
ZOOMED = {"width": 320, "height": 256}
SENTENCE = "Rapi. 123 jk np s r a ? tetap huruf biasa"


@pytest.fixture
def two_wait(scene, world) -> list[str]:
    """The addresses of two works that wait for the coach, in the order of the queue."""
    with scene() as session:
        session.execute(
            sa.delete(Mentorship).where(
                Mentorship.participant_id == world.classmate, Mentorship.mentor_id == world.coach
            )
        )
        first, second = hand_in(number=60).id, hand_in(assignment="report", number=60).id
    return [f"/cohorts/{world.here}/submissions/{one}/review" for one in (first, second)]


class Hand:
    """How somebody judges who has a mouse or a finger."""

    def __init__(self, window, world):
        self.window, self.page, self.world = window, window.page, world

    def begin(self) -> None:
        self.page.click("form[action$='/reviews/first'] button")

    def look(self) -> None:
        """Nothing of the work is out of reach where both do not fit beside each other."""
        if self.page.locator("[role=tab]").first.is_visible():
            self.page.click("[role=tab] >> nth=0")
            assert self.page.is_visible("#work h2, #work .prose")
            self.page.click("[role=tab] >> nth=1")
        assert self.page.is_visible("#judgement h2")

    def judge(self) -> None:
        for position in (1, 2):
            criterion = getattr(self.world, f"here_criterion_{position}")
            level = getattr(self.world, f"here_level_{position}_1")
            self.page.click(f"label.level:has([name=level_{criterion}][value='{level}'])")
            self.page.fill(f"[name=value_{criterion}]", "85")
        self.page.fill("#feedback", SENTENCE)
        self.page.click("label:has([name=decision][value=accepted])")

    def see(self) -> None:
        self.page.click("button[name=next]")

    def release(self) -> None:
        self.page.click("form[action$='/release'] button")


class Keys(Hand):
    """Somebody without a mouse, from the queue on."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def said(self, words: str) -> None:
        """A screen reader has been told."""
        self.page.wait_for_selector(f"#said:has-text('{words}')", state="attached")

    def begin(self) -> None:
        for _ in range(60):
            self.press("Tab")
            if self.page.evaluate(
                "document.activeElement.matches(\"form[action$='first'] button\")"
            ):
                break
        self.press("Enter")

    def look(self) -> None:
        self.page.wait_for_selector("#review-form [data-current]")
        self.press("?")
        assert self.page.is_visible(".keys-map")
        self.press("?")
        assert not self.page.is_visible(".keys-map")
        self.press("j")
        assert self.current() == "Kriteria 2"
        self.press("k")
        assert self.current() == "Kriteria 1"
        here = self.page.url
        self.press("n")
        self.page.wait_for_url(lambda url: url != here)
        self.press("n")
        self.said("yang terakhir")
        self.press("p")
        self.page.wait_for_url(here)
        self.page.wait_for_selector("#review-form [data-current]")

    def current(self) -> str:
        legend = self.page.inner_text("#review-form [data-current] legend")
        return legend.split(" bobot")[0].strip()

    def judge(self) -> None:
        self.press("1")
        self.said("Kriteria 1: Sangat baik")
        self.page.keyboard.type("85")
        self.press("Enter", "2", "Escape", "1")
        self.said("Kriteria 2: Sangat baik")
        self.page.keyboard.type("85")
        self.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "feedback"
        self.page.keyboard.type(SENTENCE)
        assert self.page.input_value("#feedback") == SENTENCE
        self.press("Escape", "s")
        self.page.wait_for_selector("#review-form [data-save-state][data-state=saved]")

    def see(self) -> None:
        self.press("a")
        self.page.wait_for_selector("[data-focus]:focus")

    def release(self) -> None:
        self.press("Enter")


@pytest.mark.parametrize("way", WAYS)
def test_a_review_goes_four_ways(visit, world, scene, two_wait, way):
    window = visit("coach", **WAYS[way])
    if way == "zoom":
        window.page.set_viewport_size(ZOOMED)
    hand = (Keys if way == "keyboard" else Hand)(window, world)
    first, second = two_wait
    window.go("/reviews")
    hand.begin()
    window.page.wait_for_url(f"**{first}")
    check(window, way)
    hand.look()
    hand.judge()
    check(window, way)
    hand.see()
    window.page.wait_for_url("**/release")
    assert SENTENCE in window.page.inner_text("#preview")
    check(window, way)
    hand.release()
    window.page.wait_for_url(f"**{second}")
    window.page.wait_for_selector("#notices >> text=Ratna")
    check(window, way)
    with scene() as session:
        told = session.scalars(
            sa.select(Review.feedback)
            .where(Review.released_at.is_not(None))
            .order_by(Review.released_at.desc())
        ).first()
    assert told == SENTENCE
    own = visit("participant", width=390)
    own.go(f"/cohorts/{world.here}/assignments/{world.here_essay}")
    assert SENTENCE in own.page.inner_text("#feedback")
    assert (window.complaints, own.complaints) == ([], [])


def check(window, way: str) -> None:
    """Not too wide, nothing that axe finds, and the bar of buttons in sight on a phone."""
    assert window.too_wide() == 0, window.page.url
    if way != "phone":
        assert window.axe() == [], window.page.url
    bar = window.page.locator(".actions-sticky:has(.button-primary)")
    if way == "phone" and bar.count():
        bar.locator("xpath=..").scroll_into_view_if_needed()
        box, height = bar.bounding_box(), window.page.viewport_size["height"]
        assert box["y"] + box["height"] <= height + 1, "the bar is out of sight"
        assert box["height"] <= height / 3, "the bar hides the page"
