"""What participants and administrators send about dates."""

from datetime import datetime

from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

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


WHEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def number_or_none(value: object) -> int | None:
    """The id a select sends, or None where the empty choice was taken."""
    text = str(value or "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def moment(label, *, needed: bool = True) -> DateTimeLocalField:
    """A day and an hour in the organisation's zone."""
    first = InputRequired(lazy("Choose a day and an hour.")) if needed else Optional()
    return DateTimeLocalField(label, [first], format=WHEN)


def reason(label, *, needed: bool = True) -> TextAreaField:
    words = lazy("Write why: the reason is shown to everybody concerned.")
    most = lazy("At most %(most)s characters.", most=MOST_REASON)
    too_long = Length(max=MOST_REASON, message=most)
    return TextAreaField(label, [InputRequired(words) if needed else Optional(), too_long])


def possible(field) -> None:
    """Refuse a year that no calendar of ours needs."""
    if isinstance(field.data, datetime) and not 2000 <= field.data.year <= 2100:
        raise ValidationError(lazy("Choose a day and an hour."))


class ScheduleForm(Form):
    opens_at = moment(lazy("Opens"))
    due_at = moment(lazy("Due"))
    closes_at = moment(lazy("Closes"))
    feedback_days = IntegerField(
        lazy("Feedback promised within (working days)"),
        [InputRequired(), NumberRange(0, 60, lazy("A number of days from 0 to 60."))],
    )
    revision = IntegerField(widget=HiddenInput(), default=0)

    def validate_opens_at(self, field):
        possible(field)

    def validate_due_at(self, field):
        possible(field)
        if field.data and self.opens_at.data and field.data < self.opens_at.data:
            raise ValidationError(lazy("It would be due before it opens."))

    def validate_closes_at(self, field):
        possible(field)
        if field.data and self.due_at.data and field.data < self.due_at.data:
            raise ValidationError(lazy("It would close before it is due."))


class ExtensionForm(Form):
    assignment_id = SelectField(lazy("Assignment"), coerce=number_or_none)
    person_id = SelectField(lazy("For whom"), coerce=number_or_none)
    due_at = moment(lazy("New deadline"))
    reason = reason(lazy("Reason, shown to those concerned"))

    def validate_due_at(self, field):
        possible(field)


class AnswerForm(Form):
    decision = RadioField(
        lazy("Your answer"),
        choices=[
            SelectChoice("give", lazy("Give more time")),
            SelectChoice("refuse", lazy("The deadline stays")),
        ],
        default="give",
    )
    due_at = moment(lazy("New deadline"), needed=False)
    answer = reason(lazy("Reason, shown to the participant"), needed=False)

    def validate_due_at(self, field):
        possible(field)

    def validate(self, extra_validators=None) -> bool:
        """More time needs its moment; a field left empty is not validated by itself."""
        is_right = bool(super().validate(extra_validators))
        if self.decision.data == "give" and not self.due_at.data and not self.due_at.errors:
            self.refuse(lazy("Choose a day and an hour."), "due_at")
            return False
        return is_right


class WithdrawalForm(Form):
    """A button that stands on a page of its own; pressing it anywhere else does nothing."""

    sure = HiddenField(validators=[InputRequired()], default="yes")
