"""What happens to parsed tokens before they are drawn: headings, links, pictures, tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from portal.markdown.callouts import shape_callouts
from portal.markdown.document import Heading, Reference
from portal.markdown.headings import Anchors, shape_anchors, shape_headings, text_of
from portal.markdown.tables import shape_tables, shape_tasks

WEB = {"http", "https"}
OTHER_SCHEMES = {"mailto", "tel"}


@dataclass
class Shape:
    """The tokens of a lesson, ready to draw, and what was found on the way."""

    tokens: list[Token]
    headings: list[Heading] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


def shape_lesson(tokens: list[Token], labels: dict[str, str], top: int) -> Shape:
    """Lesson tokens with everything in place; the text's own h1 never remains one."""
    anchors = Anchors()
    tokens = shape_callouts(tokens, labels)
    tokens, headings = shape_headings(tokens, top, anchors)
    shape_anchors(tokens, anchors)
    shape_tasks(tokens)
    tokens = shape_tables(tokens)
    shape = Shape(_figures(tokens), headings, anchors=anchors.known)
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = _linked(token.children, shape.references, anchors)
    return shape


def shape_note(tokens: list[Token], top: int) -> list[Token]:
    """Note tokens: no pictures (a link or the alternative text instead), no ids."""
    tokens, _ = shape_headings(tokens, top, None)
    shape_tasks(tokens)
    tokens = shape_tables(tokens)
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = _linked(token.children, None, None)
    return tokens


def _linked(
    children: list[Token], references: list[Reference] | None, anchors: Anchors | None
) -> list[Token]:
    shaped: list[Token] = []
    opened: Token | None = None
    for position, token in enumerate(children):
        if token.type == "link_open":
            opened = token
            words = _words_until_close(children, position)
            _address(token, words, references, anchors)
            shaped.append(token)
            if not words:
                shaped.append(_text(token.meta.get("address") or "link"))
        elif token.type == "link_close":
            opened = None
            shaped.append(token)
        elif token.type == "image":
            shaped += _image(token, references, inside_link=opened is not None)
        else:
            shaped.append(token)
    return shaped


def _words_until_close(children: list[Token], position: int) -> str:
    words = []
    for token in children[position + 1 :]:
        if token.type == "link_close":
            break
        words.append(token.content or ("picture" if token.type == "image" else ""))
    return "".join(words).strip()


def _address(
    token: Token, words: str, references: list[Reference] | None, anchors: Anchors | None
) -> None:
    """Give a link its address: on the web, within this text, or a reference to be resolved."""
    href = str(token.attrs.get("href", ""))
    token.meta["address"] = href
    token.attrs = {}
    scheme = _scheme(href)
    if scheme in WEB:
        token.attrs = {"href": href, "rel": "noopener noreferrer external"}
    elif scheme in OTHER_SCHEMES:
        token.attrs = {"href": href}
    elif scheme is not None or references is None or href.startswith(("//", "\\", "/\\")):
        token.attrs = {} if references is None else {"class": "broken-link"}
    elif href.startswith("#"):
        anchor = anchors.find(href[1:]) if anchors else None
        if anchor:
            token.attrs = {"href": f"#{anchor}"}
        else:
            # Reported by whoever reads the references: an anchor that is not there.
            references.append(Reference("link", href, words))
            token.attrs = {"href": f"sinau:{len(references) - 1}"}
    else:
        references.append(Reference("link", href, words))
        token.attrs = {"href": f"sinau:{len(references) - 1}"}


def _scheme(href: str) -> str | None:
    """The scheme of an address, None when it has none; "?" for one that cannot be read."""
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:
        return "?"
    return scheme or ("?" if ":" in href.split("/")[0].split("#")[0] else None)


def _image(token: Token, references: list[Reference] | None, inside_link: bool) -> list[Token]:
    address = str(token.attrs.get("src", ""))
    words = text_of(token.children or []) or token.content
    scheme = _scheme(address)
    if scheme in WEB:
        # Pictures come from our own server only (the policy would not load others): a link says so.
        words = words or address.rsplit("/", 1)[-1] or address
        if inside_link:
            return [_text(words)]
        link = Token("link_open", "a", 1)
        link.attrs = {"href": address, "rel": "noopener noreferrer external"}
        return [link, _text(words), Token("link_close", "a", -1)]
    if references is None or scheme is not None or address.startswith(("//", "\\")):
        return [_text(words)] if words else []
    if inside_link and not words:
        words = address.rsplit("/", 1)[-1]
    references.append(Reference("picture", address, words))
    return [_raw(f'<img src="sinau:{len(references) - 1}">')]


def _figures(tokens: list[Token]) -> list[Token]:
    """A paragraph that holds one picture and nothing else is a figure; its title is the caption."""
    for before, inline, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type != "paragraph_open" or before.hidden or inline.type != "inline":
            continue
        content = [child for child in inline.children or [] if child.content.strip() or child.tag]
        if len(content) == 1 and content[0].type == "image" and _scheme_is_ours(content[0]):
            before.tag = after.tag = "figure"
            caption = str(content[0].attrs.get("title", "")).strip()
            if caption and inline.children is not None:
                inline.children.append(_raw(f"<figcaption>{escapeHtml(caption)}</figcaption>"))
    return tokens


def _scheme_is_ours(image: Token) -> bool:
    return _scheme(str(image.attrs.get("src", ""))) is None


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _raw(html: str) -> Token:
    """HTML of our own making; everything in it is escaped by who calls."""
    return Token("html_inline", "", 0, content=html)
