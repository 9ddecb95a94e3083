"""Forms of a course's parts."""

from decimal import Decimal
from typing import ClassVar

from babel.numbers import format_decimal
from flask_babel import get_locale
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
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
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from portal.assignments.forms import number_or_none
from portal.files.kinds import WORK
from portal.texts import lazy
from portal.web.forms import Form, stripped

LONGEST = 200_000
NONE = SelectChoice(0, "–")


def _number(label, least: int, most: int, description=""):
    return IntegerField(
        label,
        [InputRequired(), NumberRange(least, most)],
        description=description,
        default=least,
    )


def _checkboxes(label, choices=(), description=""):
    return SelectMultipleField(
        label,
        choices=list(choices),
        description=description,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class Revised(Form):
    """A form that knows on which revision of the row it was opened."""

    revision = HiddenField(default="1")

    MARKDOWN: tuple[str, ...] = ()

    def base(self) -> int:
        """The revision the writer saw; 0 when it cannot be read, which no row has."""
        return int(self.revision.data) if (self.revision.data or "").isdecimal() else 0

    def values(self) -> dict:
        """What was written, by column."""
        return {name: one.data for name, one in self._fields.items() if name != "revision"}


class Blank(Optional):
    """May stay empty, without the label saying so: an empty row is simply left out."""

    field_flags: ClassVar[dict[str, bool]] = {}


def _is_plain(number: Decimal) -> bool:
    """Whether a number is of a size that can be rounded, and has at most two decimals."""
    return number.is_finite() and abs(number) <= 10**6 and number == round(number, 2)


class DigitsInput(TextInput):
    """A text field for which a phone shows digits and a comma."""

    def __call__(self, field, **attributes):
        return super().__call__(field, **{"inputmode": "decimal", **attributes})


class Number(DecimalField):
    """A number with at most two decimals, written with a comma or a point.

    A plain text field: what a browser takes for a number depends on the language of the browser,
    and a comma would be shown as nothing.
    """

    widget = DigitsInput()
    data: Decimal | None

    def process_formdata(self, valuelist):
        super().process_formdata([one.strip().replace(",", ".") for one in valuelist if one])
        if self.data is not None and not _is_plain(self.data):
            self.data = None
            raise ValueError(lazy("A number with at most two decimals."))

    def _value(self):
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_decimal(self.data, "0.##", locale=get_locale())


class CourseForm(Revised):
    title = StringField(lazy("Title"), [DataRequired(), Length(max=200)], filters=[stripped])
    code = StringField(
        lazy("Code"),
        [DataRequired(), Length(max=60)],
        filters=[stripped],
        description=lazy(
            "Short and lasting, such as PKP. An import of the same code changes this course."
        ),
    )
    language = SelectField(
        lazy("Language of the texts"),
        choices=[SelectChoice("id", "Bahasa Indonesia"), SelectChoice("en", "English")],
    )
    description = TextAreaField(lazy("What the course is about"), [Length(max=LONGEST)])

    MARKDOWN = ("description",)


class ModuleForm(Revised):
    title = StringField(lazy("Title"), [DataRequired(), Length(max=200)], filters=[stripped])
    agenda = StringField(
        lazy("Heading it stands under"),
        [Optional(), Length(max=200)],
        filters=[stripped],
        default="",
        description=lazy("Such as “Agenda 1”; modules under one heading stand together."),
    )
    opens_after_days = _number(
        lazy("Opens how many days after the first day"),
        0,
        3650,
        lazy("0: open from the first day of the cohort."),
    )
    requires_previous = BooleanField(lazy("Opens only when the module before it is done"))
    summary = TextAreaField(lazy("Summary"), [Length(max=LONGEST)], default="")

    MARKDOWN = ("summary",)


class LessonForm(Revised):
    title = StringField(lazy("Title"), [DataRequired(), Length(max=200)], filters=[stripped])
    minutes = _number(lazy("About how many minutes to read"), 0, 6000, lazy("0: not stated."))
    body = TextAreaField(lazy("Text"), [DataRequired(), Length(max=LONGEST)])

    MARKDOWN = ("body",)


class AssignmentForm(Revised):
    title = StringField(lazy("Title"), [DataRequired(), Length(max=200)], filters=[stripped])
    brief = TextAreaField(lazy("Brief"), [DataRequired(), Length(max=LONGEST)])
    module_id = SelectField(lazy("Module"), coerce=int)
    rubric_id = SelectField(lazy("Rubric"), coerce=int)
    thread = StringField(
        lazy("Thread"),
        [Length(max=60)],
        description=lazy("Open action items follow to the next assignment with the same word."),
        filters=[stripped],
    )
    opens_offset = _number(
        lazy("Opens on day"),
        -365,
        1000,
        lazy("Days from the first day of a cohort; each cohort's schedule can be changed later."),
    )
    due_offset = _number(lazy("Due on day"), -365, 1000)
    closes_offset = _number(lazy("Closes on day"), -365, 1000)
    feedback_days = _number(lazy("Feedback promised within days"), 0, 365)
    grace_seconds = _number(lazy("Grace after the deadline, in seconds"), 0, 3600)
    accepts_text = BooleanField(lazy("Text can be handed in"))
    max_characters = _number(lazy("Most characters"), 1, 200_000)
    accepts_files = BooleanField(lazy("Files can be handed in"))
    max_files = _number(lazy("Most files"), 1, 50)
    max_megabytes = _number(lazy("Most megabytes for one file"), 1, 100)
    file_types = _checkboxes(
        lazy("Kinds of file"), [SelectChoice(key, key.upper()) for key in WORK]
    )
    weight = Number(
        lazy("Weight among the assignments"),
        [InputRequired(), NumberRange(0, 100)],
        default=Decimal(0),
    )
    review = _checkboxes(lazy("Who may review"))
    mark = _checkboxes(lazy("Who may mark"))

    MARKDOWN = ("brief",)

    def offer(self, modules, rubrics, capacities) -> "AssignmentForm":
        """Fill the lists to choose from."""
        self.module_id.choices = [NONE, *(SelectChoice(one.id, one.title) for one in modules)]
        self.rubric_id.choices = [NONE, *(SelectChoice(one.id, one.title) for one in rubrics)]
        self.review.choices = self.mark.choices = capacities
        return self

    def validate(self, extra_validators=None) -> bool:
        is_right = super().validate(extra_validators)
        if not (self.accepts_text.data or self.accepts_files.data):
            self.refuse(lazy("Text, files or both must be possible."), "accepts_text")
            is_right = False
        days = [self.opens_offset.data, self.due_offset.data, self.closes_offset.data]
        if None not in days and days != sorted(days):
            self.refuse(lazy("It opens first, is due then and closes last."), "due_offset")
            is_right = False
        return is_right


class LevelForm(Form):
    title = StringField(lazy("Level"), [Length(max=200)], filters=[stripped])
    lowest = Number(lazy("From"), [Blank(), NumberRange(0, 10_000)])
    highest = Number(lazy("To"), [Blank(), NumberRange(0, 10_000)])
    description = TextAreaField(lazy("What it looks like"), [Length(max=5000)])


class CriterionForm(Form):
    title = StringField(lazy("Criterion"), [Length(max=200)], filters=[stripped])
    weight = Number(lazy("Weight"), [Blank(), NumberRange(0, 100)])
    description = TextAreaField(lazy("What is judged"), [Length(max=5000)])
    levels = FieldList(FormField(LevelForm), lazy("Level"), max_entries=12)


class RubricForm(Revised):
    title = StringField(lazy("Title"), [DataRequired(), Length(max=200)], filters=[stripped])
    criteria = FieldList(FormField(CriterionForm), lazy("Criterion"), max_entries=30)


class CourseFileForm(Form):
    file = FileField(lazy("Picture or file for this course"))


class CourseImportForm(Form):
    file = FileField(lazy("Course folder as a ZIP file"))


class NewCohortForm(Form):
    course_id = SelectField(lazy("Course"), coerce=number_or_none)
    name = StringField(
        lazy("Name of the cohort"),
        [
            DataRequired(lazy("This is needed.")),
            Length(max=200, message=lazy("At most %(max)d characters.")),
        ],
        filters=[stripped],
    )
    starts_on = DateField(lazy("First day"), [InputRequired(lazy("Choose a day."))])
    ends_on = DateField(lazy("Last day"), [InputRequired(lazy("Choose a day."))])
    counting = SelectField(
        lazy("The course's days count"),
        choices=[
            SelectChoice("working", lazy("working days, by the holiday calendar")),
            SelectChoice("all", lazy("all days")),
        ],
        default="working",
    )

    def validate_course_id(self, field):
        if field.data is None:
            raise ValidationError(lazy("Choose a course."))

    def validate_ends_on(self, field):
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(lazy("The last day is before the first."))
        for day in (self.starts_on.data, field.data):
            if day and not 2000 <= day.year <= 2100:
                raise ValidationError(lazy("Choose a day."))


class CopiedCohortForm(NewCohortForm):
    """A new cohort with the set-up of another one: only its name and its first day are needed."""

    ends_on = DateField(
        lazy("Last day"),
        [Optional()],
        description=lazy("Left empty, it lasts as many days as the one before."),
    )
