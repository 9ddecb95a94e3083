"""The two parsers: CommonMark with tables and the few extensions that course writers use."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from portal.markdown.divs import fenced_divs


def _base() -> MarkdownIt:
    # `html` stays False for ever: a writer's own tags are shown as the text they are.
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "typographer": False})
    parser.enable(["table", "strikethrough", "linkify"])
    if parser.linkify is not None:
        # "laporan.id" in a sentence is a file name more often than an address.
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("code_block", _code)
    return parser


@lru_cache(maxsize=1)
def note_parser() -> MarkdownIt:
    """For what people write to each other: a line break is kept as typed."""
    parser = _base()
    parser.options["breaks"] = True
    return parser


@lru_cache(maxsize=1)
def lesson_parser() -> MarkdownIt:
    """For course content: footnotes, definition lists and callouts as well."""
    parser = _base()
    parser.use(footnote_plugin, inline=False).use(deflist_plugin).use(fenced_divs)
    # `[words]{#anchor}`: a place to link to within a line.
    parser.use(attrs_plugin, after=("span_close",), spans=True, allowed={"id"})
    return parser


def _code(self, tokens, index, options, environment) -> str:
    """A block of code; it can be scrolled by keyboard, since long lines do not wrap."""
    from markdown_it.common.utils import escapeHtml

    token = tokens[index]
    language = token.info.split()[0] if token.info.split() else ""
    kind = f' class="language-{escapeHtml(language)}"' if language.isalnum() else ""
    return f'<pre tabindex="0"><code{kind}>{escapeHtml(token.content)}</code></pre>\n'
