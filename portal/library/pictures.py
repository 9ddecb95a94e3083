"""Pictures of a course, made ready for slow lines: several widths, never larger than needed."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from portal.files import storage
from portal.files.kinds import Kind
from portal.files.storage import Kept

WIDTHS = (480, 800, 1200, 1600)
LARGEST_DRAWING_SIDE = 4000
PIXELS = {"px": 1, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "pt": 96 / 72, "pc": 16}


@dataclass
class Ready:
    """A file on the disk with what a page must know of it; `widths` maps a width to its copy."""

    kept: Kept
    kind: Kind
    width: int | None = None
    height: int | None = None
    widths: dict[int, Kept] = field(default_factory=dict)


def ready(kept: Kept, kind: Kind) -> Ready:
    """A kept file, measured; a raster picture also in its smaller widths. Touches no database."""
    if kind.key == "svg":
        width, height = drawing_size(kept.path.read_bytes()[:20_000].decode("utf-8", "ignore"))
        return Ready(kept, kind, width, height)
    if not kind.is_raster:
        return Ready(kept, kind)
    with Image.open(kept.path, formats=("JPEG", "PNG", "GIF", "WEBP")) as opened:
        width, height = opened.size
        if opened.getexif().get(0x0112, 1) >= 5:
            width, height = height, width
        done = Ready(kept, kind, width, height)
        if getattr(opened, "n_frames", 1) > 1:
            return done
        wanted = [one for one in WIDTHS if one < width]
        if wanted:
            opened.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
            upright = ImageOps.exif_transpose(opened)
            picture = upright.convert(
                "RGBA" if "A" in upright.getbands() or upright.mode == "P" else "RGB"
            )
            for one in wanted:
                done.widths[one] = _resized(picture, one, round(height * one / width))
        return done


def _resized(picture: Image.Image, width: int, height: int) -> Kept:
    file = io.BytesIO()
    small = picture.resize((width, max(height, 1)), Image.Resampling.LANCZOS)
    small.save(file, "WEBP", quality=80, method=3)
    file.seek(0)
    return storage.keep(file)


def drawing_size(svg: str) -> tuple[int | None, int | None]:
    """The size an SVG states of itself, in CSS pixels; None when it states none.

    Without a width or height it is the size of its viewBox, whose units are pixels then.
    """
    found = re.search(r"<(?:svg:)?svg\b([^>]*)>", svg, re.I | re.S)
    if not found:
        return None, None
    sizes = []
    for name in ("width", "height"):
        stated = re.search(
            rf"(?<![\w-]){name}\s*=\s*[\"']\s*([\d.]+)\s*({'|'.join(PIXELS)})?\s*[\"']", found[1]
        )
        sizes.append(_number(stated[1], PIXELS[stated[2] or "px"]) if stated else None)
    if None in sizes:
        box = re.search(
            r"\bviewBox\s*=\s*[\"']\s*([-\d.eE]+[\s,]+){2}([\d.]+)[\s,]+([\d.]+)", found[1]
        )
        sizes = [_number(box[2]), _number(box[3])] if box else [None, None]
    return (None, None) if None in sizes else (sizes[0], sizes[1])


def _number(words: str, pixels: float = 1) -> int | None:
    try:
        number = round(float(words) * pixels)
    except (ValueError, OverflowError):
        return None
    return number if 0 < number <= LARGEST_DRAWING_SIDE else None
