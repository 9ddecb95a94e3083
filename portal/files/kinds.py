"""What kind of file some bytes are, by looking into them, and whether it may be stored."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import filetype
from PIL import Image

from portal.files.names import ending
from portal.files.storage import Kept
from portal.texts import Refused, _

MOST_PIXELS = 60_000_000
HEAD = 16_384
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file: its key in `file_types`, what it is served as, how its name may end."""

    key: str
    media_type: str
    endings: tuple[str, ...]
    is_raster: bool = False


KINDS = {
    kind.key: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",)),
        Kind("docx", OFFICE + "wordprocessingml.document", ("docx",)),
        Kind("xlsx", OFFICE + "spreadsheetml.sheet", ("xlsx",)),
        Kind("pptx", OFFICE + "presentationml.presentation", ("pptx",)),
        Kind("odt", OPEN + "text", ("odt",)),
        Kind("ods", OPEN + "spreadsheet", ("ods",)),
        Kind("odp", OPEN + "presentation", ("odp",)),
        Kind("jpg", "image/jpeg", ("jpg", "jpeg"), is_raster=True),
        Kind("png", "image/png", ("png",), is_raster=True),
        Kind("gif", "image/gif", ("gif",), is_raster=True),
        Kind("webp", "image/webp", ("webp",), is_raster=True),
        Kind("svg", "image/svg+xml", ("svg",)),
        Kind("mp4", "video/mp4", ("mp4", "m4v")),
        Kind("mp3", "audio/mpeg", ("mp3",)),
        Kind("zip", "application/zip", ("zip",)),
        Kind("csv", "text/csv", ("csv",)),
        Kind("txt", "text/plain", ("txt", "text", "md", "py", "js", "json", "sh", "sql", "yaml")),
    )
}
RASTER = {kind.media_type for kind in KINDS.values() if kind.is_raster}
WORK = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "jpg", "png")
"""What a participant may be allowed to hand in."""
COURSE = tuple(KINDS)
"""What a course may show or offer."""
_FOUND = {"video/x-m4v": "video/mp4", "image/apng": "image/png"}
_OFFICE_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


def sniff(path: Path, name: str = "") -> Kind | None:
    """The kind of the bytes at `path`; the name decides only between kinds of plain text."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.lstrip(b"\xef\xbb\xbf").startswith(b"%PDF-"):
        return KINDS["pdf"]
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if _is_svg(head):
        return KINDS["svg"]
    found = filetype.guess(head)
    if found is not None:
        mime = _FOUND.get(found.mime, found.mime)
        return next((kind for kind in KINDS.values() if kind.media_type == mime), None)
    return _text(head, name)


def accepted(kept: Kept, name: str, allowed: Collection[str]) -> Kind:
    """The kind of what was kept, if it is allowed and agrees with its name; else Refused."""
    if kept.size == 0 or (kept.size <= 3 and kept.path.read_bytes() == b"\xef\xbb\xbf"):
        raise Refused(_("This file is empty. Choose it again, or save it once more first."))
    kind = sniff(kept.path, name)
    if kind is None or kind.key not in allowed:
        if ending(name) in {one for key in allowed if key in KINDS for one in KINDS[key].endings}:
            raise Refused(
                _(
                    "The name ends in .%(ending)s, but that is not what the file holds.",
                    ending=ending(name),
                )
            )
        raise Refused(
            _("Only these kinds of file are taken here: %(kinds)s.", kinds=", ".join(allowed))
        )
    if ending(name) and ending(name) not in kind.endings:
        raise Refused(
            _(
                "The name ends in .%(ending)s, but the file is a %(kind)s.",
                ending=ending(name),
                kind=kind.key.upper(),
            )
        )
    if kind.is_raster:
        _check_picture(kept.path)
    return kind


def _check_picture(path: Path) -> None:
    """Refuse a picture that no browser should be made to unpack."""
    try:
        width, height = picture_size(path)
    except ValueError as error:
        raise Refused(_("This picture is damaged; save it once more and try again.")) from error
    if width * height > MOST_PIXELS:
        raise Refused(
            _(
                "This picture has more than %(most)s million pixels; make it smaller first.",
                most=MOST_PIXELS // 1_000_000,
            )
        )


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height as a picture's head states them, not unpacked; ValueError if none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
                size = picture.size
                if picture.width * picture.height <= MOST_PIXELS:
                    picture.verify()
                return size
        except Image.DecompressionBombError:
            return (MOST_PIXELS, 2)
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as error:
            raise ValueError(str(error)) from error


def _zipped(path: Path) -> Kind | None:
    """What a ZIP holds, by its list of contents; nothing in it is unpacked but two small notes."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:20_000])
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mime = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((kind for kind in KINDS.values() if kind.media_type == mime), None)
            if "[Content_Types].xml" in names:
                if any(name.casefold().endswith("vbaproject.bin") for name in names):
                    return None
                for key, part in _OFFICE_PARTS.items():
                    if part in names:
                        return KINDS[key]
                return None
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError, NotImplementedError):
        return None
    return KINDS["zip"]


def _is_svg(head: bytes) -> bool:
    words = head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    if not words.startswith("<"):
        return False
    plain = re.sub(
        r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\])?\s*>", "", words, flags=re.S | re.I
    )
    return re.match(r"\s*<(?:svg:)?svg[\s>/]", plain, re.I) is not None


def _text(head: bytes, name: str) -> Kind | None:
    """Plain text that is no page: HTML is never taken as text, whatever its name."""
    words = _decoded(head)
    if words is None or re.search(
        r"<\s*(!doctype\s+html|html|head|body|script|iframe)\b", words, re.I
    ):
        return None
    return KINDS["csv"] if ending(name) == "csv" else KINDS["txt"]


def _decoded(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in head:
        return None
    words = head.decode("utf-8", "ignore") or head.decode("cp1252", "replace")
    strange = sum(1 for one in words if ord(one) < 32 and one not in "\t\r\n\f\x1b")
    return None if strange > len(words) // 100 else words
