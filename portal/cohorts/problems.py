"""What can be wrong with a row of a roster, as sentences that say what to do.

A problem travels as a key with its values, because verdicts are stored and read again later, by
somebody who may read another language.
"""

from dataclasses import dataclass
from typing import Any

from portal.texts import lazy

# A row with one of these is refused; everything else is a remark beside a row that is imported.
REFUSALS = {
    "no-name": lazy("There is no name in this row."),
    "no-identity": lazy(
        "There is no NIP, e-mail address or user name, so that this person could not sign in."
    ),
    "nip-rounded": lazy(
        "The spreadsheet has rounded this NIP (%(found)s); its last digits are lost. Format the "
        "column as text and type the NIP again."
    ),
    "nip-characters": lazy("“%(found)s” holds more than digits; a NIP has 18 digits."),
    "nip-length": lazy("“%(found)s” has %(count)s digits; a NIP has 18."),
    "nip-old": lazy("“%(found)s” is an old NIP of nine digits; write the new one of 18 digits."),
    "nip-birth": lazy(
        "The NIP %(found)s begins with no date of birth (%(digits)s); a digit may be mistyped."
    ),
    "email-shape": lazy("“%(found)s” is no e-mail address."),
    "username-shape": lazy(
        "“%(found)s” is no user name: 2 to 64 letters, digits, dots, dashes or underscores."
    ),
    "too-long": lazy("%(column)s is longer than %(limit)s characters."),
    "cell-error": lazy("%(column)s holds the spreadsheet's error %(found)s."),
    "unreadable": lazy(
        "%(column)s has characters that could not be read (%(found)s). Save the file as .xlsx or "
        "as CSV in UTF-8."
    ),
    "role-unknown": lazy("“%(found)s” is no role. Write participant, mentor, coach or examiner."),
    "role-above": lazy("Administrators are not appointed by a roster."),
    "capacity-unknown": lazy("“%(found)s” is no capacity. The capacities are: %(known)s."),
    "own-mentor": lazy("This person is named as their own mentor."),
    "two-roles": lazy(
        "Row %(row)s has this person in another role. In one cohort a person is either "
        "participant or mentor."
    ),
    "contradicts": lazy("Row %(row)s says “%(there)s” of the same person, this row “%(here)s”."),
    "address-shared": lazy("Row %(row)s has the same e-mail address for somebody else."),
    "enrolled-otherwise": lazy(
        "This person already is in this cohort in another role; a roster never changes a role."
    ),
    "left-cohort": lazy(
        "This person left this cohort on %(date)s; bring them back on their own page."
    ),
    "identities-differ": lazy(
        "The NIP belongs to %(first)s in the portal, the e-mail address to %(second)s."
    ),
    "other-nip": lazy(
        "In the portal this e-mail address belongs to %(name)s, whose NIP is %(found)s."
    ),
    "closed-account": lazy(
        "%(name)s's account is closed; open it again on their page before importing this row."
    ),
}
REMARKS = {
    "known-here": lazy("Known from %(cohort)s; enrolled with the account they have."),
    "known": lazy("Has an account in this portal already; enrolled with it."),
    "nip-age": lazy("The date of birth in the NIP %(found)s is unlikely; please check it."),
    "nip-appointed": lazy(
        "The year and month of appointment in the NIP %(found)s are unlikely; please check them."
    ),
    "nip-sex": lazy("The 15th digit of the NIP %(found)s is neither 1 nor 2; please check it."),
    "repeats": lazy("Row %(row)s is about the same person; both rows were put together."),
    "number-shape": lazy(
        "“%(found)s” is no list number and is left out: a whole number up to 9999."
    ),
    "number-twice": lazy("Row %(row)s has the same list number."),
    "mentor-unknown": lazy(
        "No mentor is assigned yet (%(capacity)s): “%(name)s” is not known here. Add their NIP "
        "or e-mail address to the row."
    ),
    "mentor-ambiguous": lazy(
        "No mentor is assigned yet (%(capacity)s): several people are called “%(name)s”. Add "
        "the NIP or e-mail address to the row."
    ),
    "mentor-is-participant": lazy(
        "“%(name)s” is a participant of this cohort and cannot be a mentor in it; no mentor is "
        "assigned (%(capacity)s)."
    ),
    "mentor-unusable": lazy(
        "No mentor is assigned yet (%(capacity)s), since what the row says of “%(name)s” cannot "
        "be used: %(why)s"
    ),
    "has-mentor": lazy(
        "%(name)s stays %(capacity)s of this person; a roster never ends a mentorship. Transfer "
        "it on the page Mentors."
    ),
    "details-stay": lazy(
        "What the portal has about this person (%(columns)s) stays as it is: they also belong "
        "elsewhere, and only an administrator of the whole portal may change it."
    ),
}
TEXTS = REFUSALS | REMARKS
COLUMNS = {
    "name": lazy("Name"),
    "given": lazy("Given name"),
    "family": lazy("Family name"),
    "name_nip": lazy("Name and NIP in one cell"),
    "nip": lazy("NIP"),
    "email": lazy("E-mail"),
    "username": lazy("User name"),
    "position": lazy("Position"),
    "unit": lazy("Unit"),
    "phone": lazy("Phone"),
    "list_number": lazy("List number"),
    "role": lazy("Role"),
    "capacity": lazy("Capacity"),
    "participant": lazy("Participant"),
    "mentor": lazy("Mentor"),
    "supervisor": lazy("Supervisor"),
    "coach": lazy("Coach"),
    "examiner": lazy("Examiner"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A key of TEXTS with the values its sentence needs (strings and numbers only)."""

    key: str
    values: dict[str, Any]

    @property
    def refuses(self) -> bool:
        """Whether the row cannot be imported because of it."""
        return self.key in REFUSALS

    @property
    def text(self) -> str:
        """The sentence in the reader's language."""
        values = dict(self.values)
        for name in ("column", "capacity"):
            if name in values:
                values[name] = label_of(values[name])
        if "columns" in values:
            values["columns"] = ", ".join(label_of(c) for c in values["columns"].split(", "))
        if "why-key" in values:
            values["why"] = Problem(values.pop("why-key"), values.pop("why-values")).text
        return str(TEXTS[self.key]) % values


def label_of(column: str) -> str:
    """What a column or a capacity is called in the reader's language."""
    return str(COLUMNS.get(column, column))


def meaning_of(subject: str, attribute: str) -> str:
    """What a column says and of whom, in the reader's language: "NIP", "Coach: NIP"."""
    label = label_of(attribute)
    return label if subject == "person" else f"{label_of(subject)}: {label}"


def problem(key: str, **values: Any) -> Problem:
    """A problem by its key."""
    return Problem(key, values)
