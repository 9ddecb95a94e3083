"""Course content as HTML: what writers may use, and how it comes out."""

from portal.markdown import Heading, Picture, Reference, Target, lesson


def html(text: str, **resolvers) -> str:
    return str(lesson(text).html(**resolvers)).strip()


def test_headings_form_one_ladder_below_the_pages_own():
    document = lesson("## Kelas\n\n# Atribut\n\n#### Dalam\n\n## Atas\n")
    assert document.headings == (
        Heading(2, "t-kelas", "Kelas"),
        Heading(2, "t-atribut", "Atribut"),
        Heading(3, "t-dalam", "Dalam"),
        Heading(3, "t-atas", "Atas"),
    )


def test_two_equal_headings_have_two_anchors_and_empty_ones_are_dropped():
    document = lesson("## Tugas\n\n## Tugas\n\n##\n\n## Tugas")
    assert [heading.anchor for heading in document.headings] == [
        "t-tugas",
        "t-tugas-2",
        "t-tugas-3",
    ]


def test_an_anchor_can_be_named_and_linked_to():
    assert html("## Kelas {#kls}\n\n[ke sana](#kls)") == (
        '<h2 id="t-kls">Kelas</h2>\n<p><a href="#t-kls">ke sana</a></p>'
    )


def test_a_picture_alone_in_its_paragraph_is_a_figure_with_its_title_as_caption():
    shown = html(
        '![Alur "rapat"](gambar/alur.png "Alur rapat")',
        picture=lambda address: Picture("/files/1", 640, 480, "/files/1?w=320 320w"),
    )
    assert shown == (
        '<figure><img src="/files/1" srcset="/files/1?w=320 320w"'
        ' sizes="(min-width: 48rem) 44rem, 100vw" alt="Alur &#34;rapat&#34;" width="640"'
        ' height="480" loading="lazy" decoding="async"><figcaption>Alur rapat</figcaption></figure>'
    )


def test_a_picture_that_is_missing_shows_its_words():
    assert html("![Alur](tidak-ada.png)") == (
        '<figure><span class="missing-picture">Alur</span></figure>'
    )


def test_a_picture_from_another_site_becomes_a_link_to_it():
    assert html("![Logo](https://example.org/logo.png)") == (
        '<p><a href="https://example.org/logo.png" rel="noopener noreferrer external">Logo</a></p>'
    )


def test_links_into_the_course_are_resolved_and_broken_ones_show_as_text():
    def link(address: str) -> Target | None:
        return Target("/lessons/2") if address == "../b.md" else None

    assert html("[maju](../b.md) [rusak](x.md)", link=link) == (
        '<p><a href="/lessons/2">maju</a> <a class="broken-link">rusak</a></p>'
    )
    assert lesson("[maju](../b.md#isi)").references == (Reference("link", "../b.md#isi", "maju"),)


def test_a_table_scrolls_by_keyboard_and_is_named_by_its_header_row():
    shown = html("| Nama | | Nilai |\n|---|---|--:|\n| Ratna | x | 90 |")
    assert shown.startswith(
        '<div class="table-scroll" role="group" tabindex="0" aria-label="Nama, Nilai">'
    )
    assert '<th scope="col">Nama</th>\n<td></td>\n<th class="align-right" scope="col">' in shown
    assert "style" not in shown


def test_tasks_are_text_and_code_is_kept_to_the_letter():
    assert html("- [x] sudah\n- [ ] belum") == (
        '<ul>\n<li class="task">☑ sudah</li>\n<li class="task">☐ belum</li>\n</ul>'
    )
    assert html("```python\nif a < b: {{ x }}\n```") == (
        '<pre tabindex="0"><code class="language-python">if a &lt; b: {{ x }}\n</code></pre>'
    )


def test_callouts_are_labelled_and_answers_folded():
    text = "::::: challenge\n\nHitung.\n\n::: solution\n\n## Jawaban\n\nDua.\n\n:::\n:::::\n"
    assert str(lesson(text, {"challenge": "Latihan"}).html()).strip() == (
        '<div class="box box-challenge" role="note">\n'
        '<p class="box-label">Latihan</p>\n'
        '<p>Hitung.</p>\n<details class="box box-solution">\n<summary>Jawaban</summary>\n'
        "<p>Dua.</p>\n</details>\n</div>"
    )
    assert str(lesson("> [!PENTING]\n> Baca", {"important": "Penting"}).html()).strip() == (
        '<div class="box box-important" role="note">\n'
        '<p class="box-label">Penting</p>\n'
        "<p>Baca</p>\n</div>"
    )


def test_a_div_of_unknown_name_is_plain_text_and_notes_for_instructors_are_left_out():
    assert html("::: kolom\nIsi\n:::") == "<p>Isi</p>"
    assert html("::: instructor\nRahasia\n:::\n\nUmum") == "<p>Umum</p>"


def test_a_div_that_is_never_closed_ends_with_the_text_and_colons_in_code_close_nothing():
    assert html("::: tip\n\n```\n:::\n```\n\nIsi").count("</div>") == 1


def test_footnotes_and_definitions():
    shown = html("Kata[^1]\n\n[^1]: Arti\n\nRAP\n:   Rancangan Aksi Perubahan")
    assert '<a href="#fn1" id="fnref1">' in shown
    assert "<dt>RAP</dt>\n<dd>Rancangan Aksi Perubahan</dd>" in shown
