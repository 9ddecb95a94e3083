"""axe-core (WCAG 2.2 A, AA and best practice) finds nothing on any page; nothing is excluded."""

import pytest

from tests.browser.pages import pages
from tests.ui.gallery import rendered


@pytest.mark.parametrize(
    ("width", "dark"), [(320, True), (390, False), (1280, False), (1280, True)]
)
def test_the_components_are_accessible(app, visit, width, dark):
    window = visit(width=width, dark=dark)
    window.show(rendered(app))
    assert (window.axe(), window.too_wide(), window.complaints) == ([], 0, [])


@pytest.mark.parametrize(
    ("width", "dark", "language", "whose"),
    [(1280, False, "id", 0), (390, True, "en", -1)],
    ids=["desktop", "phone"],
)
def test_every_page_is_accessible(visit, world, width, dark, language, whose):
    windows, faults = {}, {}
    for who, address in pages(world, whose):
        if who not in windows:
            person = None if who == "visitor" else who
            windows[who] = visit(person, width=width, dark=dark, language=language)
        window = windows[who]
        status = window.go(address)
        if status == 0:
            continue
        found = window.axe()
        if width == 390:
            window.page.set_viewport_size({"width": 320, "height": 640})
            if wide := window.too_wide():
                found.append(f"{wide} px too wide at 320 px")
            window.page.set_viewport_size({"width": 390, "height": 844})
        found += window.complaints
        window.complaints.clear()
        if status != 200:
            found.append(f"answers {status}")
        if found:
            faults[f"{who} {address}"] = found
    assert faults == {}


def test_every_page_works_without_scripts(visit, world):
    windows, faults = {}, {}
    for who, address in pages(world):
        if who not in windows:
            person = None if who == "visitor" else who
            windows[who] = visit(person, width=390, scripts=False)
        window = windows[who]
        if window.go(address) == 0:
            continue
        window.page.wait_for_load_state()  # What is hidden is hidden by a style sheet.
        shown = (
            window.page.locator(".js-only, .editor-bar, [role=tab]").locator("visible=true").count()
        )
        hidden = (
            window.page.locator("main button:not(.visually-hidden)")
            .locator("visible=false")
            .count()
        )
        folded = window.page.locator("details:not([open]) button").count()
        if window.too_wide() or shown or hidden > folded:
            faults[f"{who} {address}"] = {
                "shown": shown,
                "hidden": hidden,
                "wide": window.too_wide(),
            }
    assert faults == {}
