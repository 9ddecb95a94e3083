"""Names of files as people gave them: shown and offered back, never used as a path."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
WINDOWS_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def display_name(name: str | None, fallback: str = "berkas") -> str:
    """A name fit to be shown, kept and offered for download on any system.

    Folders, control characters, marks that turn the reading direction and characters that some
    system forbids are taken out; a very long name loses its middle, never its ending.
    """
    words = unicodedata.normalize("NFC", (name or "").encode("utf-8", "ignore").decode())
    words = re.split(r"[/\\∕⁄]", words.rstrip("/\\"))[-1]
    kept = "".join(
        one for one in words if unicodedata.category(one) not in ("Cc", "Cs", "Co", "Cn")
    )
    kept = re.sub("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u2028\u2029]", "", kept)
    kept = re.sub(r'[<>:"|?*]', "_", kept)
    kept = " ".join(kept.split()).rstrip(". ")
    if kept.startswith("."):
        kept = fallback + kept
    if not kept or WINDOWS_DEVICES.match(kept):
        kept = f"{fallback}_{kept}".rstrip("_")
    return _shortened(kept)


def ending(name: str) -> str:
    """The ending of a name in small letters, without the dot; "" when it has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem and len(last) <= 10 else ""


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    last = ending(name)
    room = LONGEST - len(last) - 2
    return f"{name[:room]}….{last}" if last else name[:LONGEST]
