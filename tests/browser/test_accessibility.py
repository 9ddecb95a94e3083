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
    ("width", "dark", "language"),
    [(1280, False, "id"), (390, True, "en")],
    ids=["desktop", "phone"],
)
def test_every_page_is_accessible(visit, world, width, dark, language):
    windows, faults = {}, {}
    for who, address in pages(world):
        if who not in windows:
            person = None if who == "visitor" else who
            windows[who] = visit(person, width=width, dark=dark, language=language)
        window = windows[who]
        status = window.go(address)
        if not window.page.locator("main").count():
            continue  # a download
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
