"""The HTML made of an office document: cleaned by a list of its own, with its pictures put in last.

Nothing a document says about looks, scripts, forms or places of its own comes out. Its headings
begin at the third level, since the page that shows it has its own above; a link leads out of the
portal or nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3
from markupsafe import Markup, escape

from portal.markdown.allowed import OFFICE_TAGS

HEADING = re.compile(r"<(/?)h([1-6])>")
HOLE = re.compile(r'<img src="sinau:(\d{1,4})">')
OUTWARD = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img":
        return value if re.fullmatch(r"sinau:\d{1,4}", value) else None
    return value if name != "href" or OUTWARD.match(value) else None


_OFFICE = nh3.Cleaner(
    tags=OFFICE_TAGS,
    attributes={"a": {"href"}, "img": {"src"}, "td": {"colspan", "rowspan"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "sinau"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)


def clean_document(html: str) -> str:
    """The HTML of a document with only what a document may hold; pictures as ``sinau:<number>``."""
    cleaned = _OFFICE.clean(html.replace("\0", ""))
    cleaned = re.sub(r"<img>", "", cleaned)
    return HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + 2, 6)}>", cleaned)


def document(html: str, picture: Callable[[int], str], alt: str) -> Markup:
    """A cleaned document with its pictures at the addresses that ``picture`` gives."""

    def put(found: re.Match[str]) -> str:
        return f'<img src="{escape(picture(int(found[1])))}" alt="{escape(alt)}" loading="lazy">'

    # Safe: cleaned by `clean_document` before it was stored; what is put in here is escaped.
    return Markup(HOLE.sub(put, html))  # noqa: S704
