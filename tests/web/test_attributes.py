"""The attributes of elements: every value escaped, and inputs as WTForms would write them."""

import pytest
from markupsafe import Markup
from wtforms import widgets

from portal.web import attributes
from tests.web.test_templates import Drawn


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ({}, ""),
        ({"class_": "wide", "for_": "a"}, ' class="wide" for="a"'),
        ({"data_copy": "x", "aria_keyshortcuts": "b"}, ' data-copy="x" aria-keyshortcuts="b"'),
        ({"hidden": True, "open": False, "title": None, "rows": 0}, ' hidden rows="0"'),
        ({"data_ranged": ""}, ' data-ranged=""'),
        ({"title": "\"'<>&"}, ' title="&#34;&#39;&lt;&gt;&amp;"'),
        ({"title": Markup("a &amp; b")}, ' title="a &amp; b"'),
    ],
)
def test_what_keyword_arguments_say(values, written):
    assert attributes.attributes(values) == written


@pytest.mark.parametrize("value", ["x", "\"'<>&", Markup("a &amp; b"), 7, True, False, "", Drawn()])
def test_an_input_is_written_as_wtforms_writes_it(value):
    values = {"name": "a", "data_bank_of": value, "aria_label": value, "class_": value}
    assert attributes.of_input(**values) == widgets.html_params(**values)


def test_wtforms_asks_us(portal):
    assert widgets.core.html_params is attributes.of_input is widgets.Input.html_params
    assert widgets.html_params is not attributes.of_input
