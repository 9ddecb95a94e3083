"""Translatable texts for code that knows no request: rules, queries, actions.

Message ids are English. The Indonesian lies in ``portal/translations/id/<feature>.po``.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import lazy_ngettext, ngettext

__all__ = ["Refused", "_", "lazy", "lazy_ngettext", "ngettext"]


class Refused(Exception):
    """An action said no. ``str()`` is a sentence for the person, in their language.

    ``field`` names the form field the sentence belongs to, if one does.
    ``conflict`` is true when somebody else was faster (the answer is then 409).
    """

    def __init__(self, sentence, *, field: str | None = None, conflict: bool = False):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.conflict = conflict

    def __str__(self) -> str:
        return str(self.sentence)
