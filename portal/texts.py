"""Translatable texts for code that knows no request: rules, queries, actions.

Message ids are English. The Indonesian lies in ``portal/translations/id/<feature>.po``. Does what
Flask-Babel's own functions do, with one look into a dictionary for each text.
"""

from functools import cache
from typing import Any

from babel.support import LazyProxy, NullTranslations, Translations
from flask import g, has_app_context
from flask_babel import get_locale

from portal import catalogue

__all__ = ["Refused", "_", "language", "lazy", "lazy_ngettext", "ngettext", "translations_in"]


@cache
def translations_in(language: str) -> NullTranslations:
    return Translations.load(catalogue.FOLDER.parent, [language])


def language() -> str:
    """The language of the page or mail at hand: id or en. Where there is none, en."""
    if not has_app_context():
        return "en"
    context = g._get_current_object().get("_flask_babel")
    locale = getattr(context, "babel_locale", None) or get_locale()
    return str(locale.language)


def _(message: str, **values) -> str:
    text: str = translations_in(language()).ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values) -> str:
    text: str = translations_in(language()).ungettext(one, many, num)
    return text % {"num": num, **values}


def lazy(message: str, **values) -> Any:
    """A text that is looked up each time it is shown, and escaped like any other."""
    return LazyProxy(_, message, enable_cache=False, **values)


def lazy_ngettext(one: str, many: str, num: int, **values) -> Any:
    return LazyProxy(ngettext, one, many, num, enable_cache=False, **values)


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
