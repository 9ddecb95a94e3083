"""What the portal's own scripts promise (static/js), on pages made of the components alone."""

import json

import pytest

from tests.ui.gallery import rendered

WORD = """<html><body><h1>Latar <b>belakang</b></h1><p class=MsoNormal>Antrean <b>lama</b> dan
<a href="https://example.org/a">data</a>.</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
<span style='mso-list:Ignore'>·</span>Satu</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>
<span style='mso-list:Ignore'>o</span>Dua</p>
<ul><li>Tiga</li><li>Empat<ol><li>Lima</li></ol></li></ul><script>alert(1)</script>
<table><tr><td>A</td><td>B|C</td></tr><tr><td>1</td><td>2</td></tr></table></body></html>"""
MARKDOWN = """## Latar belakang

Antrean **lama** dan [data](https://example.org/a).

- Satu
   - Dua

- Tiga
- Empat
   1. Lima

| A | B\\|C |
| --- | --- |
| 1 | 2 |"""


@pytest.fixture
def shown(app, visit):
    """A window with a page whose main part is the given HTML, under the portal's own policy."""

    def show(html: str):
        page = rendered(app)
        start, end = (
            page.index('<div class="page-main">'),
            page.index('<footer class="site-footer">'),
        )
        window = visit()
        window.show(f"{page[:start]}<h1>Components</h1>{html}</main>{page[end:]}")
        return window

    return show


AUTOSAVE = """<form id="work" action="/draft" method="post" data-autosave>
<input type="hidden" name="csrf_token" value="old"><input type="hidden" name="revision" value="3">
<label>Teks <textarea name="text">Awal</textarea></label>
<output data-save-state data-word-saved="Tersimpan {time}"
 data-word-saving="Menyimpan" data-word-typing="Belum"
 data-word-failed="Gagal" data-word-signed-out="Keluar"
 data-word-signed-out-lost="Hilang" data-word-refused="Ditolak"
 data-word-conflict="Bentrok"></output>
<button>Simpan</button></form>
<form action="/hand-in" method="post" data-after-autosave>
<input type="hidden" name="revision" value="3" data-revision-of="work">
<button>Kumpulkan</button></form>"""


def answering(window, answers):
    """Let /draft answer with these (status, what) in turn; what was sent is returned."""
    sent = []

    def answer(route):
        sent.append(route.request.post_data)
        status, said = answers[min(len(sent), len(answers)) - 1]
        if status == 0:
            route.abort()
        else:
            route.fulfill(status=status, body=json.dumps(said), content_type="application/json")

    window.page.route("**/draft", answer)
    return sent


def saved(revision: int) -> tuple[int, dict]:
    return 200, {
        "revision": revision,
        "saved_at": "2026-11-27T03:42:00+00:00",
        "saved_text": "10.42",
    }


def test_typing_is_saved_and_only_then_said_so(shown):
    window = shown(AUTOSAVE)
    sent = answering(window, [saved(4), saved(5)])
    window.page.fill("textarea", "Awal dan lanjutan")
    assert window.page.text_content("output") == "Belum"
    window.page.wait_for_selector("output[data-state=saved]")
    assert window.page.text_content("output") == "Tersimpan 10.42"
    assert sent == ["csrf_token=old&revision=3&text=Awal+dan+lanjutan"]
    assert window.page.input_value("[data-revision-of]") == "4"
    assert window.page.input_value("#work [name=revision]") == "4"


def test_a_lost_line_is_said_and_tried_again(shown):
    window = shown(AUTOSAVE)
    sent = answering(window, [(0, None), saved(4)])
    window.page.fill("textarea", "Baru")
    window.page.wait_for_selector("output[data-state=failed]")
    window.page.wait_for_selector("output[data-state=saved]")
    assert len(sent) == 2


def test_while_the_line_is_gone_the_save_button_leaves_nobody_without_their_text(shown):
    window = shown(AUTOSAVE)
    sent = answering(window, [(0, None), (0, None), saved(4)])
    left = []
    window.page.on("framenavigated", lambda frame: left.append(frame.url))
    window.page.fill("textarea", "Baru")
    window.page.wait_for_selector("output[data-state=failed]")
    window.page.click("text=Simpan")
    window.page.wait_for_timeout(300)
    assert (window.page.input_value("textarea"), left) == ("Baru", [])
    assert len(sent) >= 2


def test_a_key_held_down_presses_a_button_once(shown):
    window = shown(SLOW + '<button type="button" id="count">0</button>')
    window.page.evaluate(
        """() => { const one = document.getElementById("count");
        one.addEventListener("click", () => { one.textContent = Number(one.textContent) + 1; });
        one.focus(); }"""
    )
    for _ in range(4):
        window.page.keyboard.down("Enter")
    window.page.keyboard.up("Enter")
    assert window.page.text_content("#count") == "1"


def test_an_old_token_is_taken_over_and_sent_again(shown):
    window = shown(AUTOSAVE)
    sent = answering(window, [(400, {"error": "token", "token": "new"}), saved(4)])
    window.page.fill("textarea", "Baru")
    window.page.wait_for_selector("output[data-state=saved]")
    assert sent[1] == "csrf_token=new&revision=3&text=Baru"


@pytest.mark.parametrize(("status", "word"), [(409, "Bentrok"), (401, "Keluar"), (422, "Ditolak")])
def test_what_only_a_person_can_settle_is_said_once(shown, status, word):
    window = shown(AUTOSAVE)
    sent = answering(window, [(status, {"kept": True})])
    window.page.fill("textarea", "Baru")
    window.page.wait_for_selector(f"output:text-is('{word}')")
    window.page.wait_for_timeout(2500)
    assert (window.page.text_content("output"), len(sent)) == (word, 1)
    assert window.page.input_value("textarea") == "Baru"


def test_after_signing_out_it_does_not_claim_that_the_text_is_kept(shown):
    window = shown(AUTOSAVE)
    answering(window, [(401, {"error": "signed out", "kept": False})])
    window.page.fill("textarea", "Baru")
    window.page.wait_for_selector("output:text-is('Hilang')")


def test_handing_in_waits_until_what_was_typed_is_stored(shown):
    window = shown(AUTOSAVE)
    sent = answering(window, [saved(4)])
    handed = []

    def hand_in(route):
        handed.append(route.request.post_data)
        route.fulfill(body="ok")

    window.page.route("**/hand-in", hand_in)
    window.page.fill("textarea", "Terakhir")
    window.page.click("text=Kumpulkan")
    window.page.wait_for_url("**/hand-in")
    assert (sent, handed) == (["csrf_token=old&revision=3&text=Terakhir"], ["revision=4"])


SLOW = '<form action="/slow" method="post"><button name="go" value="1">Kirim</button></form>'


def test_a_form_pressed_twice_is_sent_once(shown):
    window = shown(SLOW)
    sent = []

    def slow(route):
        sent.append(route.request.post_data)
        route.fulfill(status=204)

    window.page.route("**/slow", slow)
    window.page.evaluate(
        """() => { const button = document.querySelector("form[action='/slow'] button");
        for (let i = 0; i < 3; i += 1) button.click(); }"""
    )
    window.page.wait_for_timeout(500)
    assert sent == ["go=1"]


PREVIEWED = """<form action="/again" data-shows-before="write">
<input name="name" value="Angkatan VIII"><input type="hidden" name="like" value="1">
<label><input type="radio" name="counting" value="a" checked>a</label>
<label><input type="radio" name="counting" value="b">b</label></form>
<form action="/write" method="post" id="write"><input type="hidden" name="name" value="Lama">
<p data-stale hidden>Tampilkan lagi</p><button>Buka</button></form>"""


def test_what_was_changed_after_it_was_shown_is_not_written(shown):
    window = shown(PREVIEWED)
    page, write = window.page, window.page.locator("#write button")
    assert write.is_enabled()
    for change, back in (
        (lambda: page.fill("[name=name]:visible", "Angkatan IX"),
         lambda: page.fill("[name=name]:visible", "Angkatan VIII")),
        (lambda: page.check("[value=b]"), lambda: page.check("[value=a]")),
    ):  # fmt: skip
        change()
        assert (write.is_disabled(), page.is_visible("text=Tampilkan lagi")) == (True, True)
        back()
        assert (write.is_disabled(), page.is_visible("text=Tampilkan lagi")) == (False, False)


EDITOR = """<div data-editor data-word-toolbar="Alat" data-word-bold="Tebal">
<label>Teks <textarea>satu dua</textarea></label></div>"""


def test_what_is_pasted_from_word_arrives_as_markdown(shown):
    window = shown(EDITOR)
    window.page.fill("textarea", "")
    window.page.evaluate(
        """html => { const area = document.querySelector("textarea"); area.focus();
        const clipboardData = new DataTransfer(); clipboardData.setData("text/html", html);
        const options = {clipboardData, bubbles: true, cancelable: true};
        area.dispatchEvent(new ClipboardEvent("paste", options)); }""",
        WORD,
    )
    assert window.page.input_value("textarea") == MARKDOWN
    assert window.complaints == []


def test_the_toolbar_inserts_markdown_that_can_be_undone(shown):
    window = shown(EDITOR)
    window.page.evaluate("document.querySelector('textarea').setSelectionRange(5, 8)")
    window.page.click("[aria-label=Tebal]")
    assert window.page.input_value("textarea") == "satu **dua**"
    window.page.keyboard.press("Control+z")
    assert window.page.input_value("textarea") == "satu dua"


UPLOAD = """<form action="/files" method="post" enctype="multipart/form-data" data-upload
 data-word-sending="Mengirim {name}" data-word-done="{name} tersimpan"
 data-word-failed="{name} tidak sampai" data-word-signed-out="{name}: masuklah lagi">
<input type="hidden" name="csrf_token" value="t">
<label>Berkas <input type="file" name="file" multiple></label>
<button>Tambahkan</button><ul data-upload-list hidden></ul></form>"""


def test_files_go_one_by_one_and_a_refused_one_says_why(shown):
    window = shown(UPLOAD)
    answers = [(200, {}), (422, {"error": "Terlalu besar: 12 MB."}), (200, {})]
    seen = []

    def answer(route):
        seen.append(route.request.post_data_buffer.count(b"filename="))
        status, said = answers[len(seen) - 1]
        route.fulfill(status=status, body=json.dumps(said), content_type="application/json")

    window.page.route("**/files", answer)
    files = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"x"} for n in "abc"]
    window.page.set_input_files("[type=file]", files)
    window.page.wait_for_function(
        "document.querySelectorAll('[data-upload-list] progress').length === 0"
    )
    said = window.page.locator("[data-upload-list] li").all_text_contents()
    assert (seen, said) == (
        [1, 1, 1],
        ["a.txt tersimpan", "b.txt: Terlalu besar: 12 MB.", "c.txt tersimpan"],
    )


def test_an_old_token_is_taken_over_and_the_file_sent_again(shown):
    window = shown(UPLOAD)
    seen = []

    def answer(route):
        is_new = b"new-token" in route.request.post_data_buffer
        seen.append(is_new)
        said = {} if is_new else {"error": "token", "token": "new-token"}
        status = 200 if is_new else 400
        route.fulfill(status=status, body=json.dumps(said), content_type="application/json")

    window.page.route("**/files", answer)
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}
    window.page.set_input_files("[type=file]", [file])
    window.page.wait_for_selector(".file-name:text-is('a.txt tersimpan')")
    assert seen == [False, True]


def test_who_is_signed_out_is_told_so_and_a_new_choice_clears_it(shown):
    window = shown(UPLOAD)
    answers = [(401, {"error": "signed out", "location": "/sign-in", "kept": False}), (200, {})]

    def answer(route):
        status, said = answers.pop(0)
        route.fulfill(status=status, body=json.dumps(said), content_type="application/json")

    window.page.route("**/files", answer)
    file = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}
    for said in ("a.txt: masuklah lagi", "a.txt tersimpan"):
        window.page.set_input_files("[type=file]", [file])
        window.page.wait_for_selector(f".file-name:text-is('{said}')")
    assert window.page.locator("[data-upload-list] li").count() == 1


TABS = """<div><ul class="tab-list" data-tabs aria-label="Bagian">
<li><a href="#one">Satu</a></li><li><a href="#two">Dua</a></li></ul>
<section class="tab-panel" id="one" aria-label="Satu">Isi satu</section>
<section class="tab-panel" id="two" aria-label="Dua">
<label>Nama <input id="name" name="name"></label></section></div>
<a href="#name" id="jump">Nama salah</a>"""


def test_tabs_follow_arrow_keys_and_links_into_a_hidden_panel(shown):
    window = shown(TABS)
    assert window.page.is_visible("#one")
    assert not window.page.is_visible("#two")
    window.page.focus("[role=tab]")
    window.page.keyboard.press("ArrowRight")
    assert window.page.is_visible("#two")
    window.page.keyboard.press("ArrowLeft")
    window.page.click("#jump")
    assert window.page.evaluate("document.activeElement.id") == "name"


def test_light_and_dark_can_be_chosen_and_stay(visit):
    window = visit()
    window.go("/sign-in")
    window.page.click("[data-theme-switch]")
    window.go("/sign-in")
    assert window.page.get_attribute("html", "data-theme") == "dark"
    assert window.complaints == []
