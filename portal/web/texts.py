"""Texts in templates, ready to stand in a page, which asks for a hundred of them."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel.support import LazyProxy, NullTranslations
from flask import Flask
from flask.json.provider import DefaultJSONProvider
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

from portal.texts import language, translations_in


def shown(value: Any) -> str:
    """A value as it stands in the page. Jinja would wrap each once more, only to join them."""
    kind = type(value)
    if kind is Markup:
        return value
    return _escape_inner(value) if kind is str else escape(value)


def filled(text: Markup, values: Mapping[str, Any]) -> Markup:
    """A text with its values, which are escaped. ``Markup`` itself wraps each of them first."""
    said = {name: one if type(one) is int else shown(one) for name, one in values.items()}
    return Markup(str.__mod__(text, said))  # noqa: S704 - each value is escaped


class Texts:
    """The texts of one language, ready to stand in a page."""

    def __init__(self, translations: NullTranslations) -> None:
        self.translations = translations
        self.known: dict[str, Markup] = {}

    def text(self, message: str) -> Markup:
        found = self.known.get(message)
        if found is None:
            # Safe: our own texts, from the sources and the .po files.
            found = self.known[message] = Markup(self.translations.ugettext(message))  # noqa: S704
        return found

    def gettext(self, message: str, **values) -> Markup:
        text = self.text(message)
        return filled(text, values) if "%" in text else text

    def ngettext(self, one: str, many: str, num: int, **values) -> Markup:
        text = Markup(self.translations.ungettext(one, many, num))  # noqa: S704
        return filled(text, {"num": num, **values})


@cache
def texts_in(language: str) -> Texts:
    return Texts(translations_in(language))


def gettext(message: str, **values) -> Markup:
    return texts_in(language()).gettext(message, **values)


def ngettext(one: str, many: str, num: int, **values) -> Markup:
    return texts_in(language()).ngettext(one, many, num, **values)


def globals_in(language: str) -> dict[str, Callable[..., str]]:
    """What a template of one language calls."""
    texts = texts_in(language)
    return {
        "_": texts.gettext,
        "gettext": texts.gettext,
        "ngettext": texts.ngettext,
        "get_locale": lambda: language,
    }


class PlainTexts(DefaultJSONProvider):
    """JSON, and what is kept in the cookie, holds a late text as the text that it is now."""

    @staticmethod
    def default(one: Any) -> Any:
        return str(one) if isinstance(one, LazyProxy) else DefaultJSONProvider.default(one)


def init(app: Flask) -> None:
    app.json = PlainTexts(app)
    for name in ("pgettext", "npgettext"):  # they ask for the context of the template
        app.jinja_env.globals.pop(name, None)
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext, get_locale=language)
