"""How templates are found and made; what they may use stands in ``create_app``."""

from collections.abc import Iterable, Iterator, MutableMapping
from functools import lru_cache
from typing import Any

from flask import current_app
from flask.templating import Environment
from jinja2 import Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context

from portal.texts import language
from portal.web import texts
from portal.web.texts import shown


class PlainTemplate(Template):
    """A template that puts its values into the page with ``shown``."""

    @classmethod
    def from_code(cls, *args: Any, **options: Any) -> Template:
        template = super().from_code(*args, **options)
        template.root_render_func.__globals__["escape"] = shown
        return template


class PlainCalls(Context):
    """Calls what a template calls, and no more: no function of ours asks for the context."""

    def call(self, function: Any, /, *args: Any, **values: Any) -> Any:
        values.pop("_block_vars", None)
        values.pop("_loop_vars", None)
        return function(*args, **values)


class Templates(Environment):
    """The templates of one language, or (``language`` is None) those that look up each text.

    Every template gets the globals themselves, since none of ours has globals of its own. Jinja
    would wrap them for each template, and then each import of a macro walks the wrapping: a sixth
    of all calls of a page.
    """

    language: str | None = None
    template_class = PlainTemplate
    context_class = PlainCalls

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
                text = texts.texts_in(language).text(call[2].value)
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
    own.globals = {**everybodys.globals, **texts.globals_in(language)}
    return own


def render(name: str, /, **context: Any) -> str:
    """The template ``name`` in the language of the page at hand."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    app.update_template_context(context)
    return _in_language(app.jinja_env, language()).get_template(name).render(context)
