"""The components: whole, named, and cheap to fetch."""

import gzip
import re
from pathlib import Path

from portal.config import ROOT
from portal.web import assets
from tests.client import faults_of
from tests.ui.gallery import rendered

STATIC = ROOT / "static"
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", re.IGNORECASE)
FRAME_BUDGET = 60_000


def css(name: str) -> str:
    return (STATIC / "css" / name).read_text("utf-8")


def test_the_gallery_of_all_components_is_a_good_page(app):
    assert faults_of(rendered(app)) == []


def test_every_macro_file_stands_in_the_gallery():
    gallery = (Path(__file__).parent / "templates" / "gallery.html").read_text("utf-8")
    files = {file.name for file in (ROOT / "templates" / "ui").glob("[a-z]*.html")}
    used = set(re.findall(r'from "ui/(\w+\.html)"', gallery))
    assert files - used == {"icon.html"}, "show the new component there"


def test_every_macro_file_says_at_its_head_how_it_is_called():
    silent = [
        file.name
        for file in (ROOT / "templates" / "ui").glob("[a-z]*.html")
        if not file.read_text("utf-8").startswith("{#- ")
    ]
    assert silent == []


def test_every_icon_that_is_drawn_is_laid():
    laid = set((STATIC / "icons.txt").read_text("utf-8").split())
    drawn = set()
    for file in (ROOT / "templates").rglob("*.html"):
        text = file.read_text("utf-8")
        drawn |= set(re.findall(r'(?<!\w)icon\("([\w-]+)"', text))
        drawn |= set(re.findall(r'icon_name="([\w-]+)"', text))
    assert drawn - laid == set(), "add it to static/icons.txt and run `make setup`"


def test_raw_colours_stand_in_the_tokens_only():
    raw = {
        file.name: COLOUR.findall(assets.squeezed(file.read_text("utf-8")))
        for file in (STATIC / "css").rglob("*.css")
        if file.name != "tokens.css"
    }
    assert {name: found for name, found in raw.items() if found} == {}


def test_every_stylesheet_wraps_itself_in_a_layer():
    bare = []
    for file in (STATIC / "css").rglob("*.css"):
        rules = assets.squeezed(file.read_text("utf-8"))
        if file.name != "layers.css" and not rules.startswith("@layer "):
            bare.append(file.name)
    assert bare == []


def test_dark_by_choice_equals_dark_by_device():
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', css("tokens.css"), re.DOTALL)
    device = re.search(
        r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', css("tokens.css"), re.DOTALL
    )
    assert chosen[1].split() == device[1].split()


def test_the_layers_come_first_and_scripts_never_meet(tmp_path):
    assert assets.joined_css(STATIC).startswith(
        "@layer reset, tokens, base, ui, features, utilities;"
    )
    assert assets.joined_js(STATIC, "js").startswith("{")


def test_a_changed_source_gets_a_new_name(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "one.css").write_text("@layer ui { p { margin: 0; } }")
    before = assets.current(tmp_path)
    assert assets.current(tmp_path) == before
    (tmp_path / "css" / "one.css").write_text("@layer ui { p { margin: 1px; } }")
    after = assets.current(tmp_path)
    assert after["css/app.css"] != before["css/app.css"]
    assert (
        tmp_path / "built" / after["css/app.css"]
    ).read_text() == "@layer ui { p { margin: 1px; } }"


def test_the_frame_is_light_enough_for_a_slow_phone(app):
    """Styles, scripts and icons, compressed; the rest of the budget is the page's own text."""
    names, page = assets.current(STATIC), rendered(app)
    sizes = {
        name: len(gzip.compress((STATIC / "built" / file).read_bytes()))
        for name, file in names.items()
        if file in page
    }
    assert {"css/app.css", "js/app.js", "icons.svg"} <= sizes.keys()
    sizes["page"] = len(gzip.compress(page.encode()))
    assert sum(sizes.values()) <= FRAME_BUDGET, sizes
