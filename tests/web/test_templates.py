"""Templates hold the texts of their language, and say the same as if each were looked up."""

from decimal import Decimal

import pytest
from flask import render_template
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from portal.texts import lazy
from portal.web.templates import render
from portal.web.texts import filled


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("template", ["home/help.html", "home/privacy.html"])
def test_a_page_reads_the_same_with_its_texts_at_hand(portal, language, template):
    values = {"roles": {"participant", "mentor"}, "idle_days": 14}
    with portal.test_request_context("/help", headers={"Accept-Language": language}):
        page = render(template, **values)
        assert f'<html lang="{language}"' in page
        assert page == render_template(template, **values)


class Drawn:
    def __html__(self) -> str:
        return "<b>drawn</b>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<i>'&\"", "&lt;i&gt;&#39;&amp;&#34;"),
        (Markup("<i>ours</i>"), "<i>ours</i>"),
        (Drawn(), "<b>drawn</b>"),
        (["<"], "[&#39;&lt;&#39;]"),
        (7, "7"),
        (Decimal("90.01"), "90.01"),
        (None, "None"),
        (lazy("<text>"), "&lt;text&gt;"),
    ],
)
def test_what_is_not_ours_is_escaped(portal, value, shown):
    source = "{% macro m(x) %}{{ x }}{% call(y) n() %}{{ y }}{% endcall %}{% endmacro %}"
    source += "{% macro n() %}{{ caller(value) }}{% endmacro %}{{ m(value) }}{{ value }}"
    with portal.app_context():
        assert portal.jinja_env.from_string(source).render(value=value) == shown * 3


@pytest.mark.parametrize(
    "call",
    [
        "plain(1)",
        "plain(1, 2, 3)",
        "plain(1, c=3)",
        "plain(b=2, a='<')",
        "plain()",
        "plain(1, 2, 3, 4)",
        "plain(1, d=4)",
        "plain(1, a=2)",
        "named(1, e=5, a_b='<')",
        "named(1, 2, e=5)",
        "listed(1, 2, 3)",
        "wrapped(1)",
    ],
)
def test_a_macro_takes_its_arguments_as_jinja_lays_them(portal, call):
    macros = """
    {% macro plain(a, b='b', c=none) %}{{ a }}, {{ b }}, {{ c }}{% endmacro %}
    {% macro named(a, b='b') %}{{ a }}, {{ b }}, {{ kwargs.e }}, {{ kwargs.a_b }}{% endmacro %}
    {% macro listed(a) %}{{ a }}, {{ varargs }}{% endmacro %}
    {% macro wrapped(a) %}{{ a }}, {{ caller() if caller }}{% endmacro %}
    """

    def said(environment: Environment, source: str) -> str:
        try:
            return environment.from_string(macros + source).render()
        except (TypeError, UndefinedError) as error:
            return repr(error)

    plain = Environment(autoescape=True, undefined=portal.jinja_env.undefined)
    wrapped = f"{{% call {call} %}}<b>{{% endcall %}}"
    in_a_loop = f"{{% for x in [1, 2] %}}{{{{ {call} }}}}{{% endfor %}}"
    with portal.app_context():
        for source in (f"{{{{ {call} }}}}", wrapped, in_a_loop):
            assert said(portal.jinja_env, source).split() == said(plain, source).split()


def test_nothing_a_template_calls_asks_for_the_context(portal):
    """Templates call plainly (``PlainCode``), so nobody would hand it over."""
    with portal.test_request_context("/"):
        known = portal.jinja_env.globals.items()
        assert [name for name, one in known if hasattr(one, "jinja_pass_arg")] == []


@pytest.mark.parametrize(
    "value",
    ["<i>'&\" %", Markup("<i>ours</i>"), Drawn(), 7, Decimal("90.01"), None, lazy("<text>")],
)
def test_a_text_with_values_is_filled_as_markup_fills_it(value):
    text = Markup("<b>%(value)s</b> of %(value)s: 100%%")
    assert filled(text, {"value": value}) == text % {"value": value}
    assert filled(Markup("%(num)d%%"), {"num": 7}) == Markup("7%")
