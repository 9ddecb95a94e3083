"""Ten reviews in a row in a real browser: what a mentor presses, clicks and waits for."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from playwright.sync_api import Browser, Page, sync_playwright

from bench.pages import PASSWORD
from bench.serving import Server
from portal import create_app
from portal.config import Settings
from portal.database import db

REVIEWS = 10
CRITERIA = 4
SENTENCE = "Rencana aksinya jelas; lengkapi tahapan dengan tanggal"
MOST_PRESSES = 6
MOST_ALL = 120
MOST_SECONDS = 1.4
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
COUNT = """
const add = (name) => { sessionStorage[name] = Number(sessionStorage[name] || 0) + 1; };
addEventListener("keydown", (event) => {
  sessionStorage.pressedAt = Date.now();
  add("keys");
  if (!["Control", "Shift", "Alt", "Meta"].includes(event.key)) add("presses");
}, true);
addEventListener("pointerdown", () => add("clicks"), true);
"""
# Levels of one number and four criteria, as the rival had; one shared comment; nothing begun.
UNTOUCHED = "id NOT IN (SELECT submission_id FROM review)"
PREPARE = (
    "UPDATE level SET lowest = highest",
    "DELETE FROM review WHERE released_at IS NULL",
    "UPDATE submission SET rubric_version_id = (SELECT min(rubric_version_id) FROM criterion "
    f"GROUP BY rubric_version_id HAVING count(*) = {CRITERIA} LIMIT 1) WHERE {UNTOUCHED}",
    "INSERT INTO snippet (organisation_id, text, criterion, level, uses, revision, changed_at) "
    f"SELECT id, '{SENTENCE}', '', '', 1, 1, CURRENT_TIMESTAMP FROM organisation",
)
# What was shown as released counts only where it arrived.
RELEASED = "SELECT count(*) FROM review WHERE released_at IS NOT NULL"
REOPEN = (
    "DELETE FROM review WHERE id IN (SELECT id FROM review WHERE released_at IS NOT NULL "
    f"ORDER BY released_at DESC LIMIT {REVIEWS})"
)
WAITED = "Math.max(1, Date.now() - Number(sessionStorage.pressedAt))"
PREVIEW_IS_THERE = f"""() => location.pathname.endsWith("/release")
  && document.activeElement.matches("[data-focus]") && {WAITED}"""
NEXT_IS_THERE = f"""(before) => location.pathname.endsWith("/review")
  && location.pathname !== before && document.querySelector("#review-form [data-current]")
  && {WAITED}"""


@dataclass
class Counted:
    """Ten reviews: keys with the modifiers, presses (a chord is one), clicks, milliseconds."""

    keys: int
    presses: int
    clicks: int
    waited: int
    typed: int

    @property
    def presses_each(self) -> float:
        """Interactions for one review, without the letters of its sentence."""
        return (self.presses - self.typed + self.clicks) / REVIEWS

    def row(self, name: str) -> str:
        return (
            f"| {name} | {self.clicks} | {self.keys} | {self.typed} | {self.presses_each:.1f} "
            f"| {self.waited / 1000:.1f} |"
        )


def reviewing(environ: dict[str, str]) -> list[str]:
    """Both ways to review ten, one after the other, as lines of the report. Changes the demo."""
    _execute(environ, *PREPARE)
    before = _number(environ, RELEASED)
    portal = Server("bench.served", environ)
    path = os.environ.get("PORTAL_TEST_CHROMIUM") or shutil.which("chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = _signed_in(browser, f"http://127.0.0.1:{portal.port}")
            arrived, counted = [], []
            # The first ten are not counted: both processes and their connections have then done
            # it all once, as in a portal that is in use.
            for way in (pick_comment, write_sentence, pick_comment):
                counted.append(review_ten(page, way))
                arrived.append(_number(environ, RELEASED) - before)
                _execute(environ, REOPEN)
            browser.close()
    finally:
        portal.stop()
    _first, typed, picked = counted
    is_reached = (
        arrived == [REVIEWS] * 3
        and typed.presses_each <= MOST_PRESSES
        and typed.clicks == picked.clicks == 0
        and picked.keys <= MOST_ALL
        and max(typed.waited, picked.waited) <= MOST_SECONDS * 1000
    )
    return [
        f"Ten reviews in a row, {CRITERIA} criteria, in Chromium:",
        "",
        "| | clicks | keys | of them sentences | presses each besides | seconds waited |",
        "|---|---|---|---|---|---|",
        "| Moodle 5.1+, on another day | 62 | 540 | 540 | 6.2 | 14.0 |",
        typed.row("a sentence typed"),
        picked.row("a comment of the bank"),
        "",
        f"Aims: no click, at most {MOST_PRESSES} presses each besides the sentence, at most "
        f"{MOST_ALL} keys for all ten with the bank, at most {MOST_SECONDS} s waited. Reached: "
        f"{'yes' if is_reached else 'NO'}.",
        "",
    ]


def _signed_in(browser: Browser, address: str) -> Page:
    context = browser.new_context(locale="id", base_url=address)
    context.add_init_script(COUNT)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=name]", "mentor")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def review_ten(page: Page, say: Callable[[Page], int]) -> Counted:
    """From the first that waits on; ``say`` judges one and returns how many letters it typed."""
    page.goto("/reviews")
    page.click("form[action$='/reviews/first'] button")
    page.wait_for_selector("#review-form [data-current]")
    for _ in range(6):  # each web process has drawn each page once
        page.reload()
        page.request.get(f"{page.url}/release")
    page.wait_for_selector("#review-form [data-current]")
    page.wait_for_timeout(1000)
    page.evaluate("for (const name of ['keys', 'presses', 'clicks']) sessionStorage[name] = 0")
    waited, typed = 0, 0
    for _ in range(REVIEWS):
        before = page.evaluate("location.pathname")
        typed += say(page)
        page.keyboard.press("Control+Enter")
        waited += page.wait_for_function(PREVIEW_IS_THERE, polling="raf").json_value()
        page.keyboard.press("Enter")
        waited += page.wait_for_function(NEXT_IS_THERE, arg=before, polling="raf").json_value()
        # Nobody reads a piece of work faster than this; the next one is fetched meanwhile.
        page.wait_for_timeout(1500)
    counts = [
        int(page.evaluate(f"sessionStorage.{name}")) for name in ("keys", "presses", "clicks")
    ]
    return Counted(*counts, waited=waited, typed=typed)


def write_sentence(page: Page) -> int:
    """A level for each criterion, which leads on to the feedback, and one sentence there."""
    for digit in "1212":
        page.keyboard.press(digit)
    page.keyboard.type(SENTENCE)
    return len(SENTENCE)


def pick_comment(page: Page) -> int:
    """The same, with the comment used most for the last level instead of a typed sentence."""
    for digit in ("1", "2", "1", "Shift+Digit2"):
        page.keyboard.press(digit)
    return 0


def _execute(environ: dict[str, str], *statements: str) -> None:
    with _connected(environ) as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def _number(environ: dict[str, str], statement: str) -> int:
    with _connected(environ) as connection:
        return connection.execute(sa.text(statement)).scalar_one()


@contextmanager
def _connected(environ: dict[str, str]) -> Iterator[sa.Connection]:
    app = create_app(Settings.read(environ))
    with app.app_context():
        with db.engine.begin() as connection:
            yield connection
        db.engine.dispose()
