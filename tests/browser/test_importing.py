"""The administrator imports a list, invites, and opens a cohort, with scripts and without."""

import pytest

from portal.jobs.worker import run_free_jobs

LIST = (
    "No;Nama;NIP;Jabatan;Unit Kerja;Mentor;NIP Mentor\r\n"
    "1;Siti Aminah;198503152010011012;Kasi;Dinas Kesehatan;Budi;197901012005011003\r\n"
    "2;Joko;1.98503E+17;Kasi;Dinas Perhubungan;;\r\n"
    "3;Ratna Wulandari;;Kabid;Dinas Kesehatan;Orang Lain;\r\n"
).encode("utf-16")


def choose(window, data: bytes) -> None:
    window.page.set_input_files(
        "[name=file]", [{"name": "peserta.csv", "mimeType": "text/csv", "buffer": data}]
    )
    window.page.click("main form button[type=submit]")


@pytest.mark.parametrize(
    ("language", "scripts", "width"),
    [("id", True, 390), ("en", False, 1280)],
    ids=["phone", "plain"],
)
def test_from_a_list_to_invitations_on_paper(visit, portal, world, language, scripts, width):
    window = visit("administrator", language=language, scripts=scripts, width=width)
    faults = []

    def look() -> None:
        if scripts:
            faults.extend(window.axe())
        if window.too_wide() > 0:
            faults.append(f"too wide: {window.page.url}")

    window.go(f"/cohorts/{world.here}/imports")
    choose(window, b"a\n1\n")
    look()
    assert window.page.is_visible(".error-summary")
    window.complaints.clear()  # the browser's own line about a 422
    choose(window, LIST)
    window.page.wait_for_url("**/imports/*")
    look()
    assert window.page.locator("tbody tr").count() == 4
    window.page.click("form[action$=application] button")
    window.page.wait_for_selector("#import-progress")
    look()
    run_free_jobs(portal)
    if scripts:  # the page asks by itself how far the import is
        window.page.wait_for_selector("#import-progress .callout-done")
    window.page.click("#import-progress a")
    window.page.wait_for_selector("form[action$=undoing]")
    look()
    window.go(f"/cohorts/{world.here}/invitations")
    window.page.click("main form button[type=submit]")
    window.page.wait_for_selector(".invitation")
    look()
    assert window.page.locator(".invitation svg").count() >= 2
    window.go(f"/organisations/{world.organisation}/people/{world.participant}")
    window.page.click("summary >> nth=-2" if scripts else "details >> nth=-2")
    window.page.click("form[action$=reset] button")
    window.page.wait_for_selector(".invitation-link")
    look()
    assert (faults, window.complaints) == ([], [])


def test_a_cohort_is_opened_after_its_schedule_was_seen(visit, world):
    window = visit("administrator", width=390, scripts=False)
    window.go(f"/organisations/{world.organisation}/cohorts/new")
    window.page.select_option("[name=course_id]", str(world.here_course))
    window.page.fill("[name=name]", "Angkatan VIII")
    window.page.fill("[name=starts_on]", "2027-01-04")
    window.page.fill("[name=ends_on]", "2027-04-30")
    window.page.click("main form[method=get] button")
    # Fourteen working days from the fourth on: neither three week-ends nor a holiday count.
    assert "25 Jan 2027 23.59 WIB" in window.page.inner_text("main")
    assert window.too_wide() == 0
    window.page.click("main form[method=post] button")
    window.page.wait_for_url("**/imports")
    assert "Angkatan VIII" in window.page.title()
