"""Forms about cohorts, their people and their rosters."""

from wtforms import FileField
from wtforms.validators import ValidationError

from portal.texts import lazy
from portal.web.forms import Form


class RosterForm(Form):
    file = FileField(lazy("File with the list (XLSX or CSV)"))

    def validate_file(self, field):
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(lazy("Choose a file."))
