"""What administrators send about a day of the calendar."""

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import HiddenInput

from portal.holidays.actions import FIRST_YEAR, LAST_YEAR
from portal.holidays.rules import JOINT_LEAVE, OWN, PUBLIC
from portal.texts import lazy
from portal.web.forms import Form, stripped

KINDS = [
    SelectChoice(PUBLIC, lazy("Public holiday")),
    SelectChoice(JOINT_LEAVE, lazy("Joint leave")),
    SelectChoice(OWN, lazy("Own day off")),
]


def _seen() -> IntegerField:
    return IntegerField(validators=[NumberRange(0, 2**31 - 1)], widget=HiddenInput(), default=0)


class DayOffForm(Form):
    """A day off; ``moved_from`` is the day that was opened for changing, if any."""

    day = DateField(lazy("Day"), [InputRequired(lazy("Choose a day."))])
    name = StringField(
        lazy("Name"),
        [
            DataRequired(lazy("This is needed.")),
            Length(max=200, message=lazy("At most %(max)d characters.")),
        ],
        filters=[stripped],
    )
    kind = SelectField(lazy("Kind"), choices=KINDS, default=OWN)
    source = StringField(
        lazy("Source"),
        [Length(max=200, message=lazy("At most %(max)d characters."))],
        filters=[stripped],
        default="",
    )
    is_provisional = BooleanField(lazy("Provisional: the day may still move"))
    moved_from = HiddenField(default="")
    revision = _seen()

    def validate_day(self, field):
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(lazy("Choose a day."))


class DayForm(Form):
    """A button beside one day of the calendar."""

    day = DateField(validators=[InputRequired()])
    revision = _seen()
