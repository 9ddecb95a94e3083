"""The comment bank in a real browser: offered while typing, by keys, and on a phone without
scripts."""

from tests.browser.test_reviewing import look


def test_what_fits_is_offered_while_somebody_types(visit, world):
    coach = visit("coach")
    coach.go(f"/cohorts/{world.here}/submissions/{world.here_submission}/review")
    page, first = coach.page, f"#remark_{world.here_criterion_1}"
    second = f"#remark_{world.here_criterion_2}"
    bank = page.locator(f"#bank-{world.here_criterion_1}")
    page.fill(first, "")
    page.locator(first).press_sequentially("Bagus. tuj uku")
    assert bank.locator("button.bank-offer:visible").count() == 1
    look(coach, "bank-offered")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    whole = "Bagus. Tujuan Ratna Wulandari sudah terukur."
    assert page.input_value(first) == whole
    assert page.evaluate("document.activeElement.id") == first[1:]
    assert not bank.locator("button.bank-offer").first.is_visible()

    page.fill(second, "Data perlu sumber.")
    page.keyboard.press("Control+b")
    page.locator(f"#bank-{world.here_criterion_2} button.bank-offer").wait_for(state="attached")
    page.fill(second, "")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Digit1")
    assert page.input_value(second) == "Data perlu sumber."
    assert page.locator(f"#level_{world.here_criterion_2}-0").is_checked()
    page.locator('[data-save-state][data-state="saved"]').wait_for(timeout=15000)
    page.reload()
    assert (page.input_value(first), page.input_value(second)) == (whole, "Data perlu sumber.")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.className") == "bank-offer"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    look(coach, "bank-open")
    assert coach.complaints == []


def test_a_remark_on_a_place_is_offered_and_kept_the_same_way(visit, world):
    coach = visit("coach")
    coach.go(f"/cohorts/{world.here}/submissions/{world.here_submission}/review")
    page, field = coach.page, ".placed-row[open] textarea >> nth=-1"
    rows = page.locator(".placed-row").count()
    for text in ("Sumber datanya disebut.", "Bagus. tuj uku"):  # the second is a row of its own
        page.keyboard.press("m")
        page.keyboard.type(text)
        if text.endswith("."):
            page.keyboard.press("Escape")
            page.keyboard.press("b")
            page.wait_for_selector("#said:has-text('bank catatan')", state="attached")
    assert page.locator(".placed-row").count() == rows + 1
    assert page.locator("details.bank[open] button.bank-offer:visible").count() == 1
    look(coach, "bank-placed")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value(field) == "Bagus. Tujuan Ratna Wulandari sudah terukur."
    page.locator('[data-save-state][data-state="saved"]').wait_for(timeout=15000)
    page.reload()
    last = page.locator(".placed-row details.bank").last
    assert "Sumber datanya disebut." in last.locator(".bank-offers").text_content()
    assert coach.complaints == []


def test_on_a_phone_without_scripts_a_snippet_is_a_button(visit, world):
    coach = visit("coach", width=320, scripts=False)
    coach.go(f"/cohorts/{world.here}/submissions/{world.here_submission}/review")
    page = coach.page
    page.fill("#feedback", "Jangan hilang.")
    page.fill(f"#remark_{world.here_criterion_1}", "")
    page.click(f"#bank-{world.here_criterion_1} > summary")
    page.click(f"#bank-{world.here_criterion_1} button.bank-offer")
    text = page.input_value(f"#remark_{world.here_criterion_1}")
    assert text == "Tujuan Ratna Wulandari sudah terukur."
    assert page.input_value("#feedback") == "Jangan hilang."
