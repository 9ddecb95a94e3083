"""A mentor places remarks in a real browser: on selected words, on a drawn area, by keys alone."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import joinedload

from portal import clock
from portal.database import db
from portal.markdown import clean_document
from portal.previews import storage
from portal.previews.models import Preview
from portal.reviews.models import PlacedRemark, Review
from portal.submissions.models import SubmissionFile
from tests.reviews.scene import hand_in, judged, seen

SHOTS = os.environ.get("PORTAL_TEST_SCREENSHOTS")
TEXT = "Pendahuluan singkat.\n\nTujuan 😀 kegiatan **ini jelas** sekali.\n\n- satu\n- dua"
SAVED = '[data-save-state][data-state="saved"]'
SELECT = """([from, to, id = "work-text"]) => {
    const text = document.getElementById(id);
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.data.includes(from)) range.setStart(node, node.data.indexOf(from));
        if (node.data.includes(to)) range.setEnd(node, node.data.indexOf(to) + to.length);
    }
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


def look(window, name):
    if SHOTS:
        window.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    assert window.axe() == []


@pytest.fixture
def work(portal, world):
    """A version with four paragraphs and the page of the world's PDF."""
    with portal.app_context():
        db.session.info["readonly"] = False
        submission = hand_in(number=50, text=TEXT)
        file = db.session.scalars(
            sa.select(SubmissionFile)
            .filter_by(submission_id=world.here_submission)
            .options(joinedload(SubmissionFile.blob))
        ).first()
        Image.new("RGB", (620, 877), "white").save(storage.picture_of(file.blob, 1), "WEBP")
        copy = SubmissionFile(
            submission_id=submission.id, blob_id=file.blob_id, position=1,
            name="laporan.pdf", size=file.size, sha256=file.sha256,
        )  # fmt: skip
        db.session.add(copy)
        db.session.flush()
        ids = submission.id, copy.id
        db.session.commit()
    return ids


def rows(portal, submission_id):
    with portal.app_context():
        return db.session.scalars(
            sa.select(PlacedRemark)
            .join(Review, Review.id == PlacedRemark.review_id)
            .where(Review.submission_id == submission_id)
            .order_by(PlacedRemark.id)
        ).all()


def test_words_and_an_area_become_remarks_and_lead_to_each_other(visit, portal, world, work):
    submission_id, file_id = work
    window = visit("coach")
    window.go(f"/cohorts/{world.here}/submissions/{submission_id}/review")
    page = window.page
    page.evaluate(SELECT, ["kegiatan", "jelas"])
    page.click(".take")
    page.locator(".placed-row[open] textarea").fill("Jelas bagi siapa?")
    sheet = page.locator(".preview-sheet")
    sheet.scroll_into_view_if_needed()
    at = sheet.bounding_box()
    page.mouse.move(at["x"] + at["width"] * 0.1, at["y"] + at["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(at["x"] + at["width"] * 0.5, at["y"] + at["height"] * 0.3, steps=4)
    page.mouse.up()
    page.locator(".placed-row[open] textarea").last.fill("Sumbernya?")
    page.locator(SAVED).wait_for(timeout=15000)
    look(window, "remarks-placing")
    passage, area = rows(portal, submission_id)
    assert (passage.quote, passage.paragraph) == ("kegiatan ini jelas", 2)
    near = [abs(one - other) < 60 for one, other in zip(
        (area.x, area.y, area.width, area.height), (1000, 2000, 4000, 1000), strict=True
    )]  # fmt: skip
    assert (area.submission_file_id, area.page, near) == (file_id, 1, [True] * 4)
    page.reload()
    assert "Paragraf 2: Jelas bagi siapa?" in page.inner_text("#placed")
    assert page.locator("mark.passage").all_inner_texts() == ["kegiatan ", "ini jelas"]
    page.click(f"#place-{area.key}")
    assert page.evaluate("location.hash") == f"#remark-{area.key}"
    page.click(f"#remark-{passage.key} a")
    assert page.evaluate("location.hash") == f"#place-{passage.key}"
    look(window, "remarks-placed")
    assert (window.too_wide(), window.complaints) == (0, [])


def test_words_of_a_document_become_a_remark(visit, portal, world, work):
    html = "<h1>Judul</h1><p>Antrean <strong>😀 lama</strong> sekali.</p><ul><li>satu</li></ul>"
    table = "<table><tr><th>Kini</th><th>Nanti</th></tr><tr><td>9</td><td>5 menit</td></tr></table>"
    with portal.app_context():
        db.session.info["readonly"] = False
        file = db.session.get(SubmissionFile, work[1], options=[joinedload(SubmissionFile.blob)])
        db.session.execute(sa.delete(Preview).where(Preview.blob_id == file.blob_id))
        shown = Preview(blob_id=file.blob_id, state="done", asked_at=clock.now())
        shown.html = clean_document(html + table + "<p>akhir kata</p>" * 40)
        db.session.add(shown)
        db.session.commit()
    window = visit("coach")
    window.go(f"/cohorts/{world.here}/submissions/{work[0]}/review")
    page, document = window.page, f"document-{work[1]}"
    page.evaluate(SELECT, ["lama", "lama", document])
    page.keyboard.press("m")
    page.keyboard.type("Sejak kapan?")
    page.keyboard.press("Escape")
    page.evaluate(SELECT, ["Nanti", "5 men", document])
    page.click(".take")
    page.keyboard.type("Terlalu luas")
    look(window, "remarks-document")
    page.locator(SAVED).wait_for(timeout=15000)
    lama, luas = rows(portal, work[0])
    assert (lama.quote, lama.paragraph, lama.submission_file_id) == ("lama", 2, work[1])
    assert (luas.quote, luas.paragraph) == ("Nanti95 men", 4)
    page.reload()
    assert page.locator("mark.passage").all_inner_texts() == ["lama", "Nanti", "9", "5 men"]
    summary = page.locator(".placed-row .summary-main").first.inner_text()
    assert summary == "Paragraf 2 dari laporan.pdf: Sejak kapan?"
    look(window, "remarks-document-placed")
    assert (window.too_wide(), window.complaints) == (0, [])


def test_a_remark_is_placed_by_keys_alone(visit, portal, world, work):
    window = visit("coach")
    window.go(f"/cohorts/{world.here}/submissions/{work[0]}/review")
    page = window.page
    page.keyboard.press("m")
    page.keyboard.type("Dengan papan ketik")
    for _ in ("comment bank", "where", "number"):
        page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.locator(SAVED).wait_for(timeout=15000)
    [remark] = rows(portal, work[0])
    assert (remark.text, remark.quote) == ("Dengan papan ketik", "satu")


def test_a_finger_draws_on_a_page_after_its_button(visit, portal, world, work):
    window = visit("coach", width=390)
    window.go(f"/cohorts/{world.here}/submissions/{work[0]}/review")
    page = window.page
    sheet = page.locator(".preview-sheet")
    page.locator(".page-tools [aria-pressed]").tap()
    assert sheet.get_attribute("data-drawing") == ""
    at = sheet.bounding_box()
    session = page.context.new_cdp_session(page)

    def touch(kind, x, y):
        points = [] if kind == "touchEnd" else [
            {"x": at["x"] + at["width"] * x, "y": at["y"] + at["height"] * y}
        ]  # fmt: skip
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.2, 0.1)
    touch("touchMove", 0.5, 0.2)
    touch("touchMove", 0.8, 0.3)
    touch("touchEnd", 0.8, 0.3)
    page.locator(".placed-row[open] textarea").fill("Dengan jari")
    page.locator(SAVED).wait_for(timeout=15000)
    look(window, "remarks-touch")
    [remark] = rows(portal, work[0])
    assert abs(remark.x - 2000) < 100
    assert remark.height > 1000
    assert sheet.get_attribute("data-drawing") is None
    assert (window.too_wide(), window.complaints) == (0, [])


def test_the_participant_reads_them_on_a_phone_without_scripts(visit, portal, world, work, sign_in):
    submission_id, file_id = work
    review = f"/cohorts/{world.here}/submissions/{submission_id}/review"
    coach = sign_in("coach")
    data = judged() | {"placed_0_where": "text", "placed_0_number": "2", "placed_0_text": "Baik."}
    data |= {"placed_1_where": f"file-{file_id}", "placed_1_number": "1", "placed_1_text": "Rapi."}
    assert coach.post(review, data=data).status_code == 303
    coach.post(f"{review}/release", data=seen())
    window = visit("participant", width=320, scripts=False)
    window.go(f"/cohorts/{world.here}/assignments/{world.here_essay}")
    window.page.click("text=Karya dengan catatan")
    assert window.page.locator("mark.passage").count() > 0
    assert window.page.locator(".remarks > li").count() == 2
    assert window.too_wide() == 0
    scripted = visit("participant", width=390)
    scripted.go(urlsplit(window.page.url).path)
    look(scripted, "remarks-participant")
    scripted.page.emulate_media(media="print")
    shown = [
        scripted.page.locator(one).first.is_visible() for one in ("#work-text", ".remarks > li")
    ]
    assert shown == [True, True], "on paper the work is followed by its remarks"
