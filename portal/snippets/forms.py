"""What somebody says of a snippet."""

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange
from wtforms.widgets import HiddenInput

from portal.snippets.models import MOST_TEXT
from portal.texts import lazy
from portal.web.forms import Form, stripped

TOO_LONG = lazy("At most %(max)d characters.")


class SnippetForm(Form):
    """``shared_with`` is an organisation's id, or empty for oneself."""

    text = TextAreaField(
        lazy("Text"),
        [DataRequired(lazy("This is needed.")), Length(max=MOST_TEXT, message=TOO_LONG)],
        filters=[stripped],
        description=lazy(
            "{name} becomes the participant's name and {assignment} the title of the assignment."
        ),
    )
    criterion = StringField(
        lazy("Criterion"),
        [Length(max=200, message=TOO_LONG)],
        filters=[stripped],
        default="",
        description=lazy("Empty: offered for every criterion and for the overall feedback."),
    )
    level = StringField(
        lazy("Level"),
        [Length(max=200, message=TOO_LONG)],
        filters=[stripped],
        default="",
        description=lazy("Empty: offered for every level."),
    )
    shared_with = SelectField(lazy("Who may use it"), default="", choices=[])
    revision = IntegerField(validators=[NumberRange(0, 2**31 - 1)], widget=HiddenInput(), default=0)

    def offer(self, organisations) -> "SnippetForm":
        """The choices of who may use it: oneself, and the organisations one administers."""
        self.shared_with.choices = [
            SelectChoice("", lazy("Only I")),
            *(SelectChoice(str(one.id), one.name) for one in organisations),
        ]
        return self

    @property
    def organisation_id(self) -> int | None:
        return int(self.shared_with.data) if self.shared_with.data else None
