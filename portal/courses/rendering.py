"""Course texts as HTML that fits every place they are shown in.

A text is rendered once, when it or what it refers to changes. Links to lessons, assignments and
files stand in the stored HTML as marks ("L17", "A3", "Fimages/a.png"); a page puts its own
addresses in their place, since those differ between cohorts and the preview of an administrator.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from portal.courses.models import CourseFile
from portal.courses.paths import Index
from portal.files.names import ending
from portal.markdown import Document, Picture, Target, lesson

MARK = "\ue010"
LABELS: Mapping[str, Mapping[str, str]] = {
    "id": {
        "note": "Catatan", "tip": "Tips", "important": "Penting", "caution": "Perhatian",
        "example": "Contoh", "challenge": "Latihan", "solution": "Jawaban", "hint": "Petunjuk",
        "objectives": "Tujuan", "prerequisites": "Prasyarat", "keypoints": "Pokok-pokok",
        "question": "Pertanyaan", "quote": "Kutipan", "checklist": "Daftar periksa",
    },
    "en": {
        "note": "Note", "tip": "Tip", "important": "Important", "caution": "Caution",
        "example": "Example", "challenge": "Exercise", "solution": "Answer", "hint": "Hint",
        "objectives": "Objectives", "prerequisites": "Prerequisites", "keypoints": "Key points",
        "question": "Question", "quote": "Quote", "checklist": "Checklist",
    },
}  # fmt: skip
"""What a callout is called, in the language of the course (not of the reader)."""


class Rendered(NamedTuple):
    """A text as it is stored beside its Markdown."""

    html: str
    headings: list[Any]
    search_text: str
    missing: list[str]
    """Addresses in the text that lead nowhere."""
    downloads: list[int]
    """Ids of the files it links to, in order."""


class Renderer:
    """Renders the texts of one course; knows every path a text may refer to."""

    def __init__(
        self,
        language: str,
        lessons: Mapping[str, int],
        files: Iterable[CourseFile],
        assignments: Mapping[str, int] | None = None,
    ) -> None:
        self.labels = LABELS.get(language, LABELS["en"])
        self.files = {file.path: file for file in files}
        self.pages = {path: f"L{one}" for path, one in lessons.items()}
        self.pages |= {path: f"A{one}" for path, one in (assignments or {}).items()}
        self.index = Index([*self.pages, *self.files])

    def render(self, path: str | None, body: str, title: str = "") -> Rendered:
        """A text that lies at `path`, with every reference resolved to a mark."""
        document = lesson(body.replace(MARK, ""), self.labels)
        missing: list[str] = []
        downloads: list[int] = []

        def link(address: str) -> Target | None:
            place = self.index.find(path or "", address)
            if place is None or (place.path not in self.pages and place.path not in self.files):
                missing.append(address)
                return None
            if place.path in self.pages:
                anchor = f"#t-{place.anchor}" if place.anchor else ""
                return Target(f"{MARK}{self.pages[place.path]}{anchor}")
            file = self.files[place.path]
            downloads.append(file.id)
            return Target(f"{MARK}F{quote(file.path)}", download=True)

        def picture(address: str) -> Picture | None:
            place = self.index.find(path or "", address)
            file = self.files.get(place.path) if place else None
            if file is None:
                missing.append(address)
                return None
            return _picture(file)

        shown = str(document.html(link, picture))
        headings = [
            {"level": one.level, "id": one.anchor, "title": one.text} for one in document.headings
        ]
        words = folded(f"{title}\n{plain(shown)}")
        return Rendered(shown, headings, words, missing, list(dict.fromkeys(downloads)))


def parse_ahead(body: str, language: str) -> Document:
    """Parse a text before a transaction begins; rendering it then takes next to no time."""
    return lesson(body.replace(MARK, ""), LABELS.get(language, LABELS["en"]))


def _picture(file: CourseFile) -> Picture:
    widths = sorted(int(width) for width in file.widths)
    # The version makes another address for other bytes, so that a browser may keep these for ever.
    src = f"{MARK}F{quote(file.path)}?v={file.blob.sha256[:8]}"
    several = ", ".join(f"{src}&width={width} {width}w" for width in widths)
    if widths:
        src += f"&width={min(widths, key=lambda width: abs(width - 800))}"
    return Picture(src, file.width or 0, file.height or 0, several)


def placed(html: str, lessons: str, files: str, assignments: str = "") -> Markup:
    """Stored HTML with this page's addresses; each is what stands before an id or a path."""
    for kind, prefix in (("L", lessons), ("F", files), ("A", assignments)):
        html = html.replace(MARK + kind, prefix)
    # Safe: stored HTML comes from `Renderer` alone, and the prefixes from the URL map.
    return Markup(html)  # noqa: S704


def plain(html: str) -> str:
    """The words of rendered HTML."""
    spaced = re.sub(r"</(p|h\d|li|td|th|dt|dd|tr|figcaption|summary|pre)>", " ", html)
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", "", spaced)).split())


def folded(words: str) -> str:
    """Words as they are searched: small letters without accents."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def is_picture(path: str) -> bool:
    """Whether a course file is shown in texts rather than offered for download."""
    return ending(path) in {"png", "jpg", "jpeg", "gif", "webp", "svg"}
