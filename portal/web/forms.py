"""The base of every form: what arrives is cleaned, and speaks the reader's language."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, RadioField
from wtforms.fields.core import Flags

from portal.texts import Refused, _
from portal.web.complaints import Complaints
from portal.web.formats import day
from portal.web.requests import UNWANTED


def cleaned(text):
    """The text with plain line ends, without NUL and lone surrogates, which no database stores."""
    if not isinstance(text, str):
        return text
    return text.translate(UNWANTED).replace("\r\n", "\n").replace("\r", "\n")


def stripped(text):
    return text.strip() if isinstance(text, str) else text


# An input looks through its flags for what validators said, and ``dir`` of an object without a list
# of its own gathers and sorts every name of its class: a third of drawing an input.
Flags.__dir__ = lambda self: self.__dict__


def _wrong(fields: Iterable[Any], before: str) -> Iterator[tuple[str, str, str]]:
    for field in fields:
        if isinstance(field, FormField):
            yield from _wrong(field.form, before)
        elif isinstance(field, FieldList):
            for number, entry in enumerate(field.entries, 1):
                within = f"{before}{field.label.text} {number}, "
                yield from _wrong([entry], within)
        elif field.errors:
            first = "-0" if isinstance(field, RadioField) else ""
            yield f"{field.id}{first}", f"{before}{field.label.text}", str(field.errors[0])


class Form(FlaskForm):
    """A form whose token Routes has checked already. Use ``is_sent()`` on a POST route."""

    class Meta(FlaskForm.Meta):
        csrf = False

        def bind_field(self, form, unbound_field, options):
            if issubclass(unbound_field.field_class, FieldList | FormField):
                # They hold fields, which are cleaned one by one.
                return super().bind_field(form, unbound_field, options)
            filters = list(unbound_field.kwargs.get("filters", ()))
            filters.insert(0, cleaned)
            return unbound_field.bind(form=form, **{**options, "filters": filters})

        def get_translations(self, form):
            return Complaints()

    def wrong(self) -> list[tuple[str, str, str]]:
        """(id of the input, label, what is said first) of each wrong field; those of forms within
        the form with their number."""
        return list(_wrong(self, ""))

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Put a refusal beside the field it concerns, or above the form."""
        if field and field in self._fields:
            self._fields[field].errors = [*self._fields[field].errors, str(sentence)]
        else:
            self.form_errors.append(str(sentence))

    def refuse_stale(self, refusal: Refused, saved: "Form") -> int:
        """Show why a form that tells its ``revision`` was refused, and the status to answer with.

        After a conflict what stands in the database, which ``saved`` is filled with, is said beside
        each field that differs; then the form is sent again upon that revision.
        """
        self.refuse(refusal.sentence, refusal.field)
        if not refusal.conflict:
            return 422
        for name, field in self._fields.items():
            theirs = saved[name].data
            if name == "revision":
                field.raw_data, field.data = None, theirs
            elif (field.data or "") != (theirs or ""):
                shown = day(theirs) if isinstance(theirs, date) else theirs
                field.errors = [*field.errors, _("Saved now: %(value)s", value=shown or "–")]
        return 409
