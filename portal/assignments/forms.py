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
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

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
            DataRequired(lazy("Write why: the reason is shown to everybody concerned.")),
            Length(max=MOST_REASON, message=lazy("At most %(most)s characters.", most=MOST_REASON)),
        ],
    )


WHEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def number_or_none(value: object) -> int | None:
    """The id a select sends, or None where the empty choice was taken."""
    text = str(value or "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def ids_in(text: str | None) -> list[int]:
    """The ids in a text with commas between; what is none is left out."""
    found = (number_or_none(one) for one in (text or "")[:1000].split(","))
    return [one for one in found if one is not None]


def moment(label, *, needed: bool = True) -> DateTimeLocalField:
    """A day and an hour in the organisation's zone."""
    first = InputRequired(lazy("Choose a day and an hour.")) if needed else Optional()
    return DateTimeLocalField(label, [first], format=WHEN)


def reason(label, *, needed: bool = True) -> TextAreaField:
    words = lazy("Write why: the reason is shown to everybody concerned.")
    most = lazy("At most %(most)s characters.", most=MOST_REASON)
    too_long = Length(max=MOST_REASON, message=most)
    return TextAreaField(label, [DataRequired(words) if needed else Optional(), too_long])


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


GIVE, EXEMPT, REFUSE = "give", "exempt", "refuse"
TICKED, EVERYBODY = "ticked", "everybody"


class ExtensionForm(Form):
    """``revision`` is that of the schedule which was looked at; ``outages`` are the ids of those
    that it makes up for, with commas between."""

    assignment_id = SelectField(lazy("Assignment"), coerce=number_or_none)
    what = RadioField(
        lazy("What is given"),
        choices=[
            SelectChoice(GIVE, lazy("More time, until the new deadline")),
            SelectChoice(EXEMPT, lazy("An exemption: nothing needs to be handed in")),
        ],
        default=GIVE,
    )
    due_at = moment(lazy("New deadline"), needed=False)
    reason = reason(lazy("Reason, shown to those concerned"))
    whom = RadioField(
        lazy("For whom"),
        choices=[
            SelectChoice(TICKED, lazy("The people ticked below")),
            SelectChoice(EVERYBODY, lazy("The whole cohort, also who joins later")),
        ],
        default=TICKED,
    )
    people = SelectMultipleField(
        lazy("People"),
        coerce=number_or_none,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    outages = HiddenField(default="")

    def validate_assignment_id(self, field):
        if field.data is None:
            raise ValidationError(lazy("Choose an assignment."))

    def validate_due_at(self, field):
        possible(field)

    def validate(self, extra_validators=None) -> bool:
        """What is needed depends on what was chosen."""
        is_right = bool(super().validate(extra_validators))
        if self.what.data == GIVE and not self.due_at.data and not self.due_at.errors:
            self.refuse(lazy("Choose a day and an hour."), "due_at")
            is_right = False
        if self.whom.data == TICKED and not self.person_ids:
            self.refuse(lazy("Tick at least one person."), "people")
            is_right = False
        return is_right

    @property
    def outage_ids(self) -> list[int]:
        return ids_in(self.outages.data)

    @property
    def person_ids(self) -> list[int] | None:
        """Who is ticked; None for the whole cohort."""
        if self.whom.data == EVERYBODY:
            return None
        return [one for one in self.people.data or [] if one is not None]


class AnswerForm(Form):
    decision = RadioField(
        lazy("Your answer"),
        choices=[
            SelectChoice(GIVE, lazy("Give more time")),
            SelectChoice(EXEMPT, lazy("Exempt: nothing needs to be handed in")),
            SelectChoice(REFUSE, lazy("The deadline stays")),
        ],
        default=GIVE,
    )
    due_at = moment(lazy("New deadline"), needed=False)
    answer = reason(lazy("Reason, shown to the participant"), needed=False)

    def validate_due_at(self, field):
        possible(field)

    def validate(self, extra_validators=None) -> bool:
        """More time needs its moment; a field left empty is not validated by itself."""
        is_right = bool(super().validate(extra_validators))
        if self.decision.data == GIVE and not self.due_at.data and not self.due_at.errors:
            self.refuse(lazy("Choose a day and an hour."), "due_at")
            return False
        return is_right


class DismissalForm(Form):
    """Which outages were shown."""

    outages = HiddenField(default="")

    @property
    def outage_ids(self) -> list[int]:
        return ids_in(self.outages.data)


class WithdrawalForm(Form):
    """A button that stands on a page of its own; pressing it anywhere else does nothing."""

    sure = HiddenField(validators=[InputRequired()], default="yes")
