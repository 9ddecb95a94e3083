"""Writing, adding a file and handing in, in a real browser, with scripts and without."""

import pytest

from tests.files.made import PDF

SAVE = "button[form=draft-text]:not([name])"


def upload(window, name: str) -> None:
    file = {"name": name, "mimeType": "application/pdf", "buffer": PDF}
    window.page.set_input_files("[type=file]", [file])


@pytest.mark.parametrize(
    ("language", "press"), [("id", "Kumpulkan versi 1"), ("en", "Hand in version 1")]
)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_an_empty_draft_to_the_receipt(visit, world, scripts, language, press):
    window = visit("classmate", scripts=scripts, language=language, width=390)
    draft = f"/cohorts/{world.here}/assignments/{world.here_essay}/draft"
    window.go(draft)
    window.page.fill("[name=text]", "Antrean *lama*.")
    if scripts:
        window.page.wait_for_selector("[data-save-state][data-state=saved]")
        upload(window, "rap.pdf")
        window.page.wait_for_selector("#files >> text=rap.pdf")
        assert window.page.input_value("[name=text]") == "Antrean *lama*."
    else:
        window.page.click(SAVE)
        upload(window, "rap.pdf")
        window.page.click("form[data-upload] button")
        assert window.page.is_visible("#files >> text=rap.pdf")
    window.page.click("button[name=then]")
    window.page.wait_for_url("**/versions/new")
    assert window.page.inner_text("em") == "lama"
    window.page.click(f"button:has-text('{press}')")
    window.page.wait_for_url("**/receipt")
    assert "rap.pdf" in window.page.inner_text(".receipt")
    assert window.complaints == []


def test_a_phone_and_a_pc_never_wipe_each_other(visit, world):
    draft = f"/cohorts/{world.here}/assignments/{world.here_essay}/draft"
    computer, phone = visit("classmate"), visit("classmate", width=390)
    computer.go(draft)
    phone.go(draft)
    computer.page.fill("[name=text]", "Dari komputer")
    computer.page.wait_for_selector("[data-save-state][data-state=saved]")
    phone.page.fill("[name=text]", "Dari telepon")
    phone.page.wait_for_selector("[data-save-state][data-state=conflict]")
    phone.page.click(SAVE)
    phone.page.wait_for_selector(".compare")
    shown = phone.page.locator(".compare-text").all_inner_texts()
    assert [one.strip() for one in shown] == ["Dari komputer", "Dari telepon"]
    phone.page.click("button[value=join]")
    phone.page.wait_for_load_state()
    assert phone.page.input_value("[name=text]") == "Dari komputer\n\nDari telepon"
