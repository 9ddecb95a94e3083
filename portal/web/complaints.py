"""What WTForms itself says of a wrong field, in our own words and both languages.

WTForms ships no Indonesian. A form that says something better gives its own message.
"""

from portal.texts import lazy

COMPLAINTS = {
    "This field is required.": lazy("Fill this in."),
    "Field must be equal to %(other_name)s.": lazy("The two are not the same."),
    "Field must be at least %(min)d characters long.": lazy("At least %(min)d characters."),
    "Field cannot be longer than %(max)d characters.": lazy("At most %(max)d characters."),
    "Field must be exactly %(max)d characters long.": lazy("Exactly %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": lazy(
        "Between %(min)d and %(max)d characters."
    ),
    "Number must be at least %(min)s.": lazy("At least %(min)s."),
    "Number must be at most %(max)s.": lazy("At most %(max)s."),
    "Number must be between %(min)s and %(max)s.": lazy("Between %(min)s and %(max)s."),
    "Date must be at least %(min)s.": lazy("Not before %(min)s."),
    "Date must be at most %(max)s.": lazy("Not after %(max)s."),
    "Date must be between %(min)s and %(max)s.": lazy("Between %(min)s and %(max)s."),
    "Invalid input.": lazy("This is not written as expected."),
    "Invalid email address.": lazy("This is no e-mail address."),
    "Invalid URL.": lazy("This is no web address."),
    "Not a valid choice.": lazy("Choose one of the list."),
    "Invalid Choice: could not coerce.": lazy("Choose one of the list."),
    "Invalid choice(s): one or more data inputs could not be coerced.": lazy(
        "Choose from the list."
    ),
    "'%(value)s' is not a valid choice for this field.": lazy("Choose from the list."),
    "'%(value)s' are not valid choices for this field.": lazy("Choose from the list."),
    "Not a valid integer value.": lazy("Type a whole number."),
    "Not a valid decimal value.": lazy("Type a number."),
    "Not a valid float value.": lazy("Type a number."),
    "Not a valid date value.": lazy("Type a date, such as 2026-11-27."),
    "Not a valid datetime value.": lazy("Type a date and a time, such as 2026-11-27 17:00."),
    "Not a valid time value.": lazy("Type a time, such as 17:00."),
    "File does not have an approved extension.": lazy("This type of file is not taken here."),
}


class Complaints:
    """What WTForms asks for its messages."""

    def gettext(self, text: str) -> str:
        return str(COMPLAINTS.get(text, text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(plural)
