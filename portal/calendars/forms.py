"""What administrators send about meetings."""

from urllib.parse import urlsplit

from wtforms import DateField, HiddenField, IntegerField, StringField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from portal.texts import lazy
from portal.web.forms import Form, stripped


def _line(label, most: int, *more) -> StringField:
    too_long = Length(max=most, message=lazy("At most %(max)d characters."))
    return StringField(label, [*more, too_long], filters=[stripped], default="")


class MeetingForm(Form):
    day = DateField(lazy("Day"), [InputRequired(lazy("Choose a day."))])
    begins = TimeField(lazy("Begins"), [InputRequired(lazy("Choose an hour."))])
    ends = TimeField(lazy("Ends"), [InputRequired(lazy("Choose an hour."))])
    subject = _line(lazy("Subject"), 200, DataRequired(lazy("This is needed.")))
    teacher = _line(lazy("Teacher"), 200)
    place = _line(lazy("Place"), 200)
    link = _line(lazy("Link, for a meeting on line"), 500)
    revision = IntegerField(widget=HiddenInput(), default=0)

    def validate_day(self, field):
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(lazy("Choose a day."))

    def validate_ends(self, field):
        if self.begins.data and field.data and field.data <= self.begins.data:
            raise ValidationError(lazy("It would end before it begins."))

    def validate_link(self, field):
        if not field.data:
            return
        try:
            parts = urlsplit(field.data)
        except ValueError:
            parts = None
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValidationError(lazy("A link begins with https://"))


class CancellationForm(Form):
    """The button on the page that asks once more."""

    sure = HiddenField(validators=[InputRequired()])
    revision = IntegerField(widget=HiddenInput(), default=0)
