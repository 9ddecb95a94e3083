"""The floor that pages are measured against renders the very bytes of the page, and where the time
of a page goes is told whole."""

import cProfile

import pytest

from bench.floor import create_floor, split
from bench.parts import SHARES, shares


@pytest.mark.parametrize(
    "html",
    [
        "<p>Plain &amp; simple</p>",
        '<a href="/x?a=1&amp;b=2" title="&#34;quoted&#34;">it&#39;s {{ not }} {% ours %} {# #}</a>',
        "<p>an &nbsp; entity and &eacute;</p>\n\n<pre>\n two lines\n</pre>\n",
        "",
    ],
)
def test_template_and_values_give_the_same_bytes(portal, monkeypatch, html):
    monkeypatch.setenv("PORTAL_DATABASE_URL", portal.config["SQLALCHEMY_DATABASE_URI"])
    floor = create_floor({"page": html})
    assert floor.test_client().get("/page").get_data(as_text=True) == html
    with floor.app_context():
        floor.extensions["sqlalchemy"].engine.dispose()


def test_every_text_is_a_value(portal, sign_in):
    html = sign_in("participant").get("/").get_data(as_text=True)
    template, values = split(html)
    assert len(values) > 20
    assert "Ratna" not in template


def test_time_is_told_by_whose_code_it_went_to(portal, sign_in):
    client, profile = sign_in("participant"), cProfile.Profile()
    with profile:
        client.get("/")
    spent = shares(profile)
    assert set(spent) == set(SHARES)
    assert all(seconds > 0 for seconds in spent.values())
