"""A real browser on a real server: the portal of the tests, served from a thread on a free port."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from werkzeug.serving import make_server

from tests.world import PASSWORD, World

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WIDTHS = {320: 640, 390: 844, 1280: 800}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("PORTAL_TEST_CHROMIUM") or shutil.which("chromium")
    assert path, "The browser tests need Chromium: `make test` installs it where it may."
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(app) -> Iterator[str]:
    """Where the portal of the tests answers."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def axe_source() -> str:
    assert AXE.is_file(), "axe-core is missing: run `make setup` with a network."
    return AXE.read_text("utf-8")


Opener = Callable[..., "Visit"]


class Visit:
    """One browser window of one person, which notices every error the page makes."""

    def __init__(self, context: BrowserContext, address: str, axe_source: str):
        self.context = context
        self.address = address
        self.axe_source = axe_source
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def go(self, path: str) -> int:
        """Open a page; its status, or 0 for a file that the browser saves or shows by itself."""
        try:
            answer = self.page.goto(self.address + path, wait_until="domcontentloaded")
        except Error as error:
            if "Download is starting" in str(error):
                return 0
            raise
        if answer is None or not answer.headers["content-type"].startswith("text/html"):
            self.complaints.clear()  # About the page that the browser makes around a picture.
            return 0
        return answer.status

    def show(self, html: str) -> None:
        """Show HTML as if the portal had answered it at /shown."""
        self.page.route(
            "**/shown", lambda route: route.fulfill(body=html, content_type="text/html")
        )
        self.go("/shown")

    def axe(self) -> list[str]:
        """What axe-core finds on the page, nothing excluded; empty when it is good."""
        self.page.evaluate(self.axe_source)
        found = self.page.evaluate(
            "tags => axe.run(document,"
            " {runOnly: tags, resultTypes: ['violations'], preload: false})"
            ".then(answer => answer.violations.flatMap(one => one.nodes.map(node => "
            "one.id + ': ' + node.html.slice(0, 160) + ' ' + (node.any[0]?.message || ''))))",
            TAGS,
        )
        return sorted(found)

    def too_wide(self) -> int:
        """By how many pixels the page must be scrolled sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def sign_in(self, who: str) -> "Visit":
        """Through the form, as everybody does."""
        self.go("/sign-in")
        self.page.fill("[name=name]", who)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self


@pytest.fixture
def visit(portal, address, chromium, axe_source) -> Iterator[Opener]:
    """``visit("mentor", language="en", width=390, dark=True, scripts=False)``: their window."""
    contexts = []

    def open_window(who=None, *, language="id", width=1280, dark=False, scripts=True) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": WIDTHS.get(width, 800)},
            locale=language,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            has_touch=width < 768,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        window = Visit(context, address, axe_source)
        if who:
            context.add_cookies([cookie_of(portal, address, getattr(World(), who))])
        return window

    yield open_window
    for context in contexts:
        context.close()


def cookie_of(portal, address: str, person_id: int) -> dict[str, str]:
    """The cookie of a person who has signed in, so that not every test walks through the form."""
    client = portal.test_client().sign_in(person_id)
    name = portal.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": address}
