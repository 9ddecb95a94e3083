"""What an administrator sends to remind people."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from portal.texts import lazy
from portal.web.forms import Form, stripped

MOST_NOTE = 300


class ReminderForm(Form):
    """``send_key`` names one sending, so that pressing twice tells once."""

    note = TextAreaField(
        lazy("Your own words, after ours"),
        [Optional(), Length(max=MOST_NOTE, message=lazy("At most %(max)d characters."))],
        filters=[stripped],
    )
    send_key = HiddenField(validators=[Regexp(r"\A[\w-]{22}\Z")])
