"""Templates hold the texts of their language, and say the same as if each were looked up."""

import pytest
from flask import render_template

from portal.web.templates import render


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("template", ["home/help.html", "home/privacy.html"])
def test_a_page_reads_the_same_with_its_texts_at_hand(portal, language, template):
    values = {"roles": {"participant", "mentor"}, "idle_days": 14}
    with portal.test_request_context("/help", headers={"Accept-Language": language}):
        page = render(template, **values)
        assert f'<html lang="{language}"' in page
        assert page == render_template(template, **values)
