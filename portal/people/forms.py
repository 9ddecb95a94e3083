"""Forms about people."""

from collections.abc import Mapping

from flask_login import current_user
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, ValidationError

from portal.people import passwords, queries
from portal.people.rules import ZONE_NAMES, is_easy_to_guess
from portal.texts import lazy
from portal.web.forms import Form, stripped
from portal.web.language import LANGUAGES


class SignInForm(Form):
    name = StringField(
        lazy("NIP, e-mail or user name"),
        [DataRequired(lazy("Type your NIP, e-mail or user name.")), Length(max=200)],
        filters=[stripped],
    )
    password = PasswordField(
        lazy("Password"),
        [InputRequired(lazy("Type your password.")), Length(max=passwords.LONGEST)],
    )
    show_password = BooleanField(lazy("Show password"))


class ForgottenPasswordForm(Form):
    name = SignInForm.name


class NewPasswordForm(Form):
    """A new password, typed twice. ``names`` are what the person is called, not to be used."""

    new_password = PasswordField(
        lazy("New password"),
        [
            InputRequired(lazy("Type a new password.")),
            Length(
                passwords.SHORTEST,
                passwords.LONGEST,
                lazy("A password has at least %(min)d and at most %(max)d characters."),
            ),
        ],
        description=lazy("At least 10 characters. Three or four unrelated words are good."),
    )
    repeat_password = PasswordField(
        lazy("The new password again"),
        [EqualTo("new_password", lazy("The two new passwords are not the same."))],
    )

    def __init__(self, person, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def validate_new_password(self, field) -> None:
        names = [self.person.name, *(one.name for one in queries.names_of(self.person.id))]
        if is_easy_to_guess(field.data, names):
            raise ValidationError(
                lazy("This password is easy to guess. Choose one that nobody would try.")
            )


class PasswordForm(NewPasswordForm):
    current_password = PasswordField(
        lazy("Your present password"),
        [InputRequired(lazy("Type your present password.")), Length(max=passwords.LONGEST)],
    )


def _choices(none: str, names: Mapping[str, str]) -> list[SelectChoice]:
    """An empty choice first, then the others by their names."""
    return [SelectChoice("", none), *(SelectChoice(value, name) for value, name in names.items())]


class PreferencesForm(Form):
    """Language, time zone and colours; an empty choice follows the browser or the organisation."""

    language = SelectField(
        lazy("Language"), choices=_choices(lazy("As my browser asks"), LANGUAGES)
    )
    zone = SelectField(lazy("Time zone"), choices=_choices(lazy("As the organiser"), ZONE_NAMES))
    theme = SelectField(
        lazy("Colours"),
        choices=_choices(lazy("As my device"), {"light": lazy("Light"), "dark": lazy("Dark")}),
    )


def preferences_form() -> PreferencesForm:
    """The form, filled with what the person has chosen."""
    return PreferencesForm(
        language=current_user.language or "",
        zone=current_user.zone or "",
        theme=current_user.theme or "",
    )
