"""What may be handed in, how receipts are numbered, and how two texts differ: plain values only."""

import difflib
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from portal.texts import _, ngettext
from portal.web.formats import number

# Without I, L, O and U: nobody can misread or be offended.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
MISREAD = str.maketrans("ILO", "110")
MOST_LINES = 4000


def new_key() -> str:
    """A one-time key for a hand-in."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A receipt code that nobody can guess: 60 bits, such as 7K4M2QPD9XWR."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def read_code(text: str) -> str:
    """A receipt code as somebody typed it, brought to its stored form."""
    return re.sub(r"[\s\-–—._]", "", text).upper().translate(MISREAD)


def shown_code(code: str) -> str:
    """«7K4M-2QPD-9XWR»."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def hash_of_text(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Limits:
    """What one assignment takes."""

    accepts_text: bool
    accepts_files: bool
    max_characters: int
    max_files: int


def obstacles(limits: Limits, text: str, files: int) -> list[str]:
    """Why this draft cannot be handed in as it is: sentences, none when it can."""
    found = []
    if not text.strip() and not files:
        found.append(_("There is nothing in the draft yet."))
    if text.strip() and not limits.accepts_text:
        found.append(_("This assignment takes files only. Move your text into a file."))
    elif len(text) > limits.max_characters:
        over = len(text) - limits.max_characters
        found.append(
            ngettext(
                "The text is %(length)s character too long.",
                "The text is %(length)s characters too long.",
                over,
                length=number(over),
            )
        )
    if files and not limits.accepts_files:
        found.append(_("This assignment takes a text only. Take the files out."))
    elif files > limits.max_files:
        over = files - limits.max_files
        found.append(
            ngettext("Take %(num)s file out.", "Take %(num)s files out.", over),
        )
    return [str(one) for one in found]


def holds(longer: str, shorter: str) -> bool:
    """Whether all of ``shorter`` stands in ``longer``, so that it need not be kept beside."""
    return shorter.strip() in longer


Row = tuple[str | None, str | None]


def differences(before: str, after: str) -> list[Row] | None:
    """Two texts line by line: pairs of (left, right), None where a side has no such line.

    None for texts of so many lines that comparing them would hold the server up.
    """
    left, right = before.split("\n"), after.split("\n")
    if max(len(left), len(right)) > MOST_LINES:
        return None
    rows: list[Row] = []
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=len(left) > 400)
    for _kind, from_left, to_left, from_right, to_right in matcher.get_opcodes():
        rows += _paired(left[from_left:to_left], right[from_right:to_right])
    return rows


def _paired(left: Sequence[str], right: Sequence[str]) -> list[Row]:
    length = max(len(left), len(right))
    return [
        (left[place] if place < len(left) else None, right[place] if place < len(right) else None)
        for place in range(length)
    ]
