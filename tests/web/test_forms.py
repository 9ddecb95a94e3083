"""Inputs: their attributes as WTForms says them, escaped; and what is said of wrong ones."""

import re

from flask import get_template_attribute
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.web.forms import Form


class Words(Form):
    line = StringField()
    text = TextAreaField(validators=[Length(max=9)])


def test_attributes_of_inputs_are_escaped(portal):
    with portal.test_request_context("/"):
        form = Words(data={"line": '"><script>', "text": "</textarea>"})
        assert form.line(data_copy="<a>", aria_label="x", hidden=True, lang=False) == (
            '<input aria-label="x" data-copy="&lt;a&gt;" hidden id="line" name="line" type="text" '
            'value="&#34;&gt;&lt;script&gt;">'
        )
        assert form.text(rows=3) == (
            '<textarea id="text" maxlength="9" name="text" rows="3">\r\n'
            "&lt;/textarea&gt;</textarea>"
        )


class Questions(Form):
    day = StringField("Sampai hari apa?", [InputRequired("Pilih hari.")])
    reason = StringField("Alasan", [InputRequired("Tuliskan alasannya.")])


def test_the_error_summary_sets_no_colon_after_a_question(portal):
    with portal.test_request_context("/", method="POST"):
        form = Questions()
        form.validate()
        summary = get_template_attribute("ui/field.html", "error_summary")(form)
    said = re.findall(r'<a href="#\w+">(.+?)</a>', summary)
    assert said == ["Sampai hari apa? Pilih hari.", "Alasan: Tuliskan alasannya."]
