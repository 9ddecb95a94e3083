"""Callouts: `> [!NOTE]` quotes and fenced divs, drawn as a labelled box or, for answers, folded."""

from __future__ import annotations

import re

from markdown_it.token import Token

from portal.markdown.headings import text_of

ALERT = re.compile(r"^\[!([A-Za-z][\w-]*)\]\s*")
SAME = {
    "warning": "caution",
    "prereq": "prerequisites",
    "prerequisite": "prerequisites",
    "keypoint": "keypoints",
    "discussion": "question",
    "questions": "question",
    "objective": "objectives",
    "exercise": "challenge",
    "testimonial": "quote",
    "spoiler": "hint",
    "info": "note",
    "callout": "note",
    "catatan": "note",
    "penting": "important",
    "perhatian": "caution",
    "tips": "tip",
    "contoh": "example",
    "latihan": "challenge",
    "jawaban": "solution",
    "tujuan": "objectives",
    "ringkasan": "keypoints",
    "pertanyaan": "question",
}
KINDS = {
    "note", "tip", "important", "caution", "example", "challenge", "solution", "hint",
    "objectives", "prerequisites", "keypoints", "question", "quote", "checklist",
}  # fmt: skip
FOLDED = {"solution", "hint"}
LEFT_OUT = {"instructor"}
"""Notes for whoever teaches: a participant does not see them."""


def kind_of(name: str) -> str | None:
    """The kind a name stands for; None for an unknown one, whose content is plain text."""
    kind = SAME.get(name.lower(), name.lower())
    return kind if kind in KINDS else None


def shape_callouts(tokens: list[Token], labels: dict[str, str]) -> list[Token]:
    """Quotes and divs that name a kind become callouts; notes for instructors are left out."""
    _mark_alerts(tokens)
    tokens = [token for token in tokens if token.type != "emptied"]
    shaped: list[Token] = []
    closing: list[str] = []
    position, hidden = 0, 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token.type == "div_open":
            if token.info in LEFT_OUT or hidden:
                hidden += 1
                continue
            kind = kind_of(token.info)
            closing.append("" if kind is None else "details" if kind in FOLDED else "div")
            if kind is not None:
                opened, used = _open(kind, tokens, position, labels)
                shaped += opened
                position += used
        elif token.type == "div_close":
            if hidden:
                hidden -= 1
                continue
            tag = closing.pop()
            if tag:
                shaped.append(Token("callout_close", tag, -1, block=True))
        elif not hidden:
            shaped.append(token)
    return shaped


def _open(
    kind: str, tokens: list[Token], position: int, labels: dict[str, str]
) -> tuple[list[Token], int]:
    """The opening of a callout, and how many tokens of its content that used up (its own title)."""
    label = labels.get(kind, kind.capitalize())
    title = None
    if tokens[position].type == "heading_open":
        title = text_of(tokens[position + 1].children or []) or None
    box = Token("callout_open", "details" if kind in FOLDED else "div", 1, block=True)
    box.attrs = {"class": f"box box-{kind}"}
    if kind in FOLDED:
        return [box, *_words("summary", title or label)], 3 if title else 0
    box.attrs["role"] = "note"
    same = title is not None and title.casefold() == label.casefold()
    words = _words("p", label)
    words[0].attrs = {"class": "box-label"}
    return [box, *words], 3 if same else 0


def _words(tag: str, words: str) -> list[Token]:
    inline = Token("inline", "", 0, content=words, children=[Token("text", "", 0, content=words)])
    opening, closing = Token(f"{tag}_open", tag, 1), Token(f"{tag}_close", tag, -1)
    opening.block = closing.block = True
    return [opening, inline, closing]


def _mark_alerts(tokens: list[Token]) -> None:
    """`> [!KIND]` is the same thing as a div of that name."""
    opened: list[bool] = []
    for position, token in enumerate(tokens):
        if token.type == "blockquote_open":
            kind = _alert(tokens[position + 1 : position + 3])
            opened.append(kind is not None)
            if kind is not None:
                token.type, token.tag, token.info = "div_open", "div", kind
                if not tokens[position + 2].children:
                    for emptied in tokens[position + 1 : position + 4]:
                        emptied.type = "emptied"
        elif token.type == "blockquote_close" and opened.pop():
            token.type, token.tag = "div_close", "div"


def _alert(following: list[Token]) -> str | None:
    if len(following) < 2 or following[0].type != "paragraph_open" or not following[1].children:
        return None
    children = following[1].children
    found = ALERT.match(children[0].content) if children[0].type == "text" else None
    if found is None or kind_of(found.group(1)) is None:
        return None
    children[0].content = children[0].content[found.end() :]
    if not children[0].content:
        # The mark stood alone in its line.
        del children[:2]
    return found.group(1).lower()
