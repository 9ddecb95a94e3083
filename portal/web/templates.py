"""How templates are found and made; what they may use stands in ``create_app``."""

from collections.abc import Iterable, Iterator, MutableMapping
from functools import lru_cache
from typing import Any

from flask import current_app
from flask.templating import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from portal.web import texts


class Templates(Environment):
    """The templates of one language, or (``language`` is None) those that look up each text.

    Every template gets the globals themselves, since none of ours has globals of its own. Jinja
    would wrap them for each template, and then each import of a macro walks the wrapping: a sixth
    of all calls of a page.
    """

    language: str | None = None

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class TextsAtHand(Extension):
    """Puts ``_("a text")`` into the template when it is compiled, where its language is known: a
    page asks for a hundred texts that are always the same. A text with values is looked up."""

    CALL = ("name", "lparen", "string", "rparen")

    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterable[Token]:
        language = self.environment.language  # type: ignore[attr-defined]
        return stream if language is None else self._with_texts(list(stream), language)

    def _with_texts(self, tokens: list[Token], language: str) -> Iterator[Token]:
        place = 0
        while place < len(tokens):
            token, call = tokens[place], tokens[place : place + 4]
            if token.value == "_" and tuple(one.type for one in call) == self.CALL:
                text = texts.text_in(language, call[2].value)
                if "%" not in text:
                    yield Token(token.lineno, "string", text)
                    yield Token(token.lineno, "pipe", "|")
                    yield Token(token.lineno, "name", "safe")
                    place += 4
                    continue
            yield token
            place += 1


@lru_cache(maxsize=8)
def _in_language(everybodys: Templates, language: str) -> Templates:
    own = everybodys.overlay()
    own.language = language
    return own


def render(name: str, /, **context: Any) -> str:
    """The template ``name`` in the language of the page at hand."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    app.update_template_context(context)
    return _in_language(app.jinja_env, texts.language()).get_template(name).render(context)
