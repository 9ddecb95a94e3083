"""Every form of the portal: a text that is needed is not given by typing spaces."""

import pytest
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from portal.web.forms import Form


def forms(kind=Form):
    for one in kind.__subclasses__():
        if one.__module__.startswith("portal."):
            yield one
        yield from forms(one)


@pytest.mark.alike_on_either_database
@pytest.mark.usefixtures("app")
def test_spaces_are_not_taken_for_a_text():
    taken = [
        f"{form.__name__}.{name}"
        for form in forms()
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) in (StringField, TextAreaField)
        for validator in (field.args[1:2] or ([],))[0]
        if isinstance(validator, InputRequired)
    ]
    assert taken == []
