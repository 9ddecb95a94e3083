"""The one list of what may stand in rendered text. Whatever is not named here does not come out.

The parser already escapes every piece of HTML a writer types; this is the second wall, in case the
first has a hole. `sinau:` marks a reference that `Document` fills in.
"""

from __future__ import annotations

import nh3

_TEXT = {"p", "br", "hr", "em", "strong", "s", "sup", "sub", "code", "pre", "blockquote", "span"}
_LISTS = {"ul", "ol", "li", "dl", "dt", "dd"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td", "div"}
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_RICH = {"img", "figure", "figcaption", "details", "summary", "section", "kbd"}

OFFICE_TAGS = _TEXT | _LISTS | (_TABLES - {"div"}) | _HEADINGS | {"a", "img", "h1"}

_NOTE_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "rel", "class"},
    "ol": {"start"},
    "th": {"scope", "class"},
    "td": {"class"},
    "li": {"class"},
    "code": {"class"},
    "pre": {"tabindex"},
    "div": {"class", "role", "tabindex", "aria-label"},
}
_LESSON_ATTRIBUTES: dict[str, set[str]] = {
    **_NOTE_ATTRIBUTES,
    **{heading: {"id"} for heading in _HEADINGS},
    "a": {"href", "rel", "class", "id"},
    "li": {"class", "id"},
    "p": {"class"},
    "span": {"id"},
    "hr": {"class"},
    "ol": {"start", "class"},
    "sup": {"class"},
    "img": {"src"},
    "section": {"class"},
    "details": {"class"},
    "summary": set(),
}

_NOTE = nh3.Cleaner(
    tags=_TEXT | _LISTS | _TABLES | _HEADINGS | {"a"},
    attributes=_NOTE_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)
_LESSON = nh3.Cleaner(
    tags=_TEXT | _LISTS | _TABLES | _HEADINGS | _RICH | {"a"},
    attributes=_LESSON_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel", "sinau"},
    link_rel=None,
    strip_comments=True,
)


def clean_note(html: str) -> str:
    """The HTML of a note with only what a note may hold."""
    return _NOTE.clean(html)


def clean_lesson(html: str) -> str:
    """The HTML of a lesson with only what a lesson may hold."""
    return _LESSON.clean(html)
