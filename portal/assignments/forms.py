"""What participants send about dates."""

from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.assignments.actions import MOST_REASON
from portal.texts import lazy
from portal.web.forms import Form


class ExtensionRequestForm(Form):
    wanted_until = DateField(
        lazy("Until which day?"), [InputRequired(lazy("Choose a day."))], format="%Y-%m-%d"
    )
    reason = TextAreaField(
        lazy("Why do you need more time?"),
        [
            InputRequired(lazy("Write why: the reason is shown to everybody concerned.")),
            Length(max=MOST_REASON, message=lazy("At most %(most)s characters.", most=MOST_REASON)),
        ],
    )
