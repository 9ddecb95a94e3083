"""How templates are found and made; what they may use stands in ``create_app``."""

import operator
from collections.abc import Iterable, Iterator, MutableMapping
from functools import lru_cache
from typing import Any

from flask import current_app
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup

from portal.texts import language
from portal.web import texts
from portal.web.texts import shown


class PlainCode(CodeGenerator):
    """Calls what a template calls, and no more: no function of ours asks for the context."""

    def visit_Call(  # noqa: N802 - Jinja's name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        self.write("call(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


class PlainMacro(Macro):
    """Lays its arguments in order at once: a page calls a hundred macros. What is out of the
    ordinary, and every error, is left to Jinja."""

    def __call__(self, *given: Any, **named: Any) -> str:
        if self.caller or self.catch_varargs or len(given) > self._argument_count:
            return super().__call__(*given, **named)
        values = given
        for name in self.arguments[len(given) :]:
            values += (named.pop(name, missing),)
        if self.catch_kwargs:
            values += (named,)
        elif named:
            return super().__call__(*given, **named)
        return str.__new__(Markup, self._func(*values))


class PlainTemplate(Template):
    """A template that puts its values into the page with ``shown``."""

    @classmethod
    def from_code(cls, *args: Any, **options: Any) -> Template:
        template = super().from_code(*args, **options)
        template.root_render_func.__globals__.update(
            call=operator.call, escape=shown, Macro=PlainMacro
        )
        return template


class Templates(Environment):
    """The templates of one language, or (``language`` is None) those that look up each text.

    Every template gets the globals themselves, since none of ours has globals of its own. Jinja
    would wrap them for each template, and then each import of a macro walks the wrapping: a sixth
    of all calls of a page.
    """

    language: str | None = None
    template_class = PlainTemplate
    code_generator_class = PlainCode

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
