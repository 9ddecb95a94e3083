"""Forms about people."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.people import passwords
from portal.texts import lazy
from portal.web.forms import Form, stripped


class SignInForm(Form):
    name = StringField(
        lazy("NIP, e-mail or user name"),
        [InputRequired(lazy("Type your NIP, e-mail or user name.")), Length(max=200)],
        filters=[stripped],
    )
    password = PasswordField(
        lazy("Password"),
        [InputRequired(lazy("Type your password.")), Length(max=passwords.LONGEST)],
    )
    show_password = BooleanField(lazy("Show password"))
