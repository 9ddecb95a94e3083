"""Forms about cohorts, their people and their rosters."""

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
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

from portal.people.rules import ZONE_NAMES
from portal.texts import lazy
from portal.web.forms import Form, stripped

NEEDED = lazy("This is needed.")


def text(label, most: int, *, needed: bool = False, **options) -> StringField:
    """One line of text of at most so many characters."""
    first = DataRequired(NEEDED) if needed else Optional()
    too_long = Length(max=most, message=lazy("At most %(max)d characters."))
    return StringField(label, [first, too_long], filters=[stripped], **options)


def days(label, most: int) -> IntegerField:
    """A whole number from 1 to ``most``."""
    words = lazy("A whole number from 1 to %(most)s.", most=most)
    return IntegerField(label, [InputRequired(words), NumberRange(1, most, words)])


def person_number(value):
    """The id a select sends, or None where nobody was chosen."""
    return int(value) if value and str(value).isdigit() and len(str(value)) < 10 else None


class RosterForm(Form):
    file = FileField(lazy("File with the list (XLSX or CSV)"))

    def validate_file(self, field):
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(lazy("Choose a file."))


class PersonFields:
    """What is known of a person; the rules of a roster judge it."""

    name = text(lazy("Name"), 150, needed=True)
    nip = text(lazy("NIP"), 40)
    email = text(lazy("E-mail"), 200)
    username = text(lazy("User name"), 64)
    position = text(lazy("Position"), 200)
    unit = text(lazy("Unit"), 200)
    phone = text(lazy("Phone"), 40)

    def cells(self) -> dict[str, str]:
        """What was typed, as the cells of a roster's row."""
        columns = ("name", "nip", "email", "username", "position", "unit", "phone")
        return {one: getattr(self, one).data or "" for one in columns}


class EnrolmentForm(PersonFields, Form):
    role = RadioField(
        lazy("Role"),
        choices=[
            SelectChoice("participant", lazy("Participant")),
            SelectChoice("mentor", lazy("Mentor")),
        ],
        default="participant",
    )
    list_number = IntegerField(
        lazy("List number"),
        [Optional(), NumberRange(1, 9999, lazy("A whole number from 1 to 9999."))],
    )


class PersonForm(PersonFields, Form):
    """An existing person's details; ``revision`` says upon which of them."""

    revision = HiddenField()


class MentorshipForm(Form):
    participant_id = SelectField(lazy("Participant"), coerce=person_number)
    mentor_id = SelectField(lazy("Mentor"), coerce=person_number)
    capacity_id = SelectField(lazy("Capacity"), coerce=person_number)


class TransferForm(Form):
    mentor_id = SelectField(lazy("New mentor"), coerce=person_number)
    everybody = BooleanField(lazy("Hand over everybody this mentor has in this capacity here"))


class StandInForm(Form):
    stand_in_id = SelectField(lazy("Who stands in"), coerce=person_number)
    starts_on = DateField(lazy("First day"), [InputRequired(lazy("Choose a day."))])
    until = DateField(lazy("Last day"), [InputRequired(lazy("Choose a day."))])
    mentorships = SelectMultipleField(
        lazy("For which participants"),
        coerce=person_number,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def validate_until(self, field):
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(lazy("The last day is before the first."))

    def validate_mentorships(self, field):
        if not field.data:
            raise ValidationError(lazy("Tick at least one participant."))


class SharingForm(Form):
    capacity_id = SelectField(lazy("Capacity"), coerce=person_number)
    mentors = SelectMultipleField(
        lazy("Among which mentors"),
        coerce=person_number,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def validate_mentors(self, field):
        if not field.data:
            raise ValidationError(lazy("Tick at least one mentor."))


class OrganisationForm(Form):
    name = text(lazy("Name of the organisation"), 200, needed=True)
    zone = SelectField(
        lazy("Time zone"),
        choices=[SelectChoice(key, label) for key, label in ZONE_NAMES.items()],
        description=lazy("Deadlines and meetings are in this zone."),
    )
    contact = text(
        lazy("Whom people ask for help"),
        500,
        description=lazy("A name, a telephone number or an address; it stands on every page."),
    )
    revision = IntegerField(widget=HiddenInput(), default=0)


class CohortForm(Form):
    name = text(lazy("Name of the cohort"), 200, needed=True)
    starts_on = DateField(lazy("First day"), [InputRequired(lazy("Choose a day."))])
    ends_on = DateField(lazy("Last day"), [InputRequired(lazy("Choose a day."))])
    silent_days = days(lazy("A participant is silent after so many days without a trace"), 60)
    unanswered_days = days(lazy("A mentor is late when work waited so many days"), 60)
    group_size = days(lazy("How many participants one mentor has in a capacity, about"), 100)
    revision = IntegerField(widget=HiddenInput(), default=0)

    def validate_ends_on(self, field):
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(lazy("The last day is before the first."))


class AnnouncementForm(Form):
    title = text(lazy("Title"), 200, needed=True)
    body = TextAreaField(
        lazy("Text"),
        [
            DataRequired(NEEDED),
            Length(max=20000, message=lazy("At most %(max)d characters.")),
        ],
    )
    at = DateTimeLocalField(
        lazy("Tell everybody at"),
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def validate_at(self, field):
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(lazy("Choose a day and an hour."))


class InvitationForm(Form):
    people = SelectMultipleField(
        lazy("Whom to invite"),
        coerce=person_number,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class ConfirmForm(Form):
    """A button that stands on a page of its own; pressing it anywhere else does nothing."""

    sure = HiddenField(validators=[InputRequired()], default="yes")
