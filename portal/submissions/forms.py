"""What arrives with a draft."""

from wtforms import HiddenField, IntegerField, MultipleFileField, StringField, TextAreaField

from portal.texts import lazy
from portal.web.forms import Form


class DraftForm(Form):
    """The text and what it was based on. Nothing here refuses: what was typed is always stored."""

    text = TextAreaField(lazy("Your text"))
    revision = IntegerField()
    page_key = HiddenField()

    @property
    def has_text(self) -> bool:
        """False when no text field came at all, so that an empty request never empties a draft."""
        return bool(self.text.raw_data)


class FilesForm(Form):
    file = MultipleFileField(lazy("Files"))


class ReceiptForm(Form):
    code = StringField(lazy("Receipt code"))
