"""What people write to each other, as HTML."""

from portal.markdown import note


def test_a_line_break_is_kept_and_html_is_text():
    assert note("Baik.\n<b>Lanjut</b>") == "<p>Baik.<br>\n&lt;b&gt;Lanjut&lt;/b&gt;</p>\n"


def test_headings_start_below_the_section_they_stand_in():
    assert note("# Isi\n\n### Rinci") == "<h3>Isi</h3>\n<h4>Rinci</h4>\n"
    assert note("# Isi", top=4) == "<h4>Isi</h4>\n"


def test_pictures_are_words_and_links_lead_only_outside():
    assert note("![foto](a.png) [x](a.md) https://example.org laporan.id") == (
        "<p>foto <a>x</a>"
        ' <a href="https://example.org" rel="noopener noreferrer external">https://example.org</a>'
        " laporan.id</p>\n"
    )


def test_nothing_is_nothing():
    assert note(None) == ""
    assert note("") == ""
