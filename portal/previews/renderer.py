"""Renders one file in a process of its own: run as a script, it imports nothing of the portal.

    python -I renderer.py pdf <source> <folder> <first page> <most pages>
    python -I renderer.py docx <source> <folder>
    python -I renderer.py marks <source> <folder> <name of the list> <name of the copy>

It writes WebP pictures ``<number>.webp`` into the folder and says what it did in JSON lines: how
many pages there are, each page once its picture is there, the HTML of a document, or the one word
why it stopped. It may die at any moment: of its limits, or of what the file does to it.
"""

import ctypes
import io
import json
import os
import resource
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1024 * 2**20
CPU_SECONDS = 60
FILE_BYTES = 16 * 2**20
WIDTH = 1240
HEIGHT = 2480
MOST_SCALE = 4.0
MOST_TEXT = 20_000
MOST_UNPACKED = 120 * 2**20
MOST_ENTRIES = 5_000
MOST_PICTURES = 60
MOST_PIXELS = 60_000_000
MOST_COLOURS = 4096
GREYS = [round(grey / 17) * 17 for grey in range(256)]
PASSWORD_NEEDED = 4
WHOLE = 10_000
AMBER = (122, 74, 0, 255)
PRINTED = 4
NOTE = 800
KILL_WHEN_PARENT_ENDS = 1


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


def limit_myself(file_bytes: int = FILE_BYTES) -> None:
    """No more memory, time, disk or open files than a preview may cost; end with the parent."""
    ctypes.CDLL(None).prctl(KILL_WHEN_PARENT_ENDS, signal.SIGKILL)
    os.nice(10)  # people who wait for a page come first
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def save(picture: Any, folder: Path, number: int) -> None:
    """As WebP, small for a phone; under its name only when it is whole."""
    best = encoded(picture, quality=45, method=2)
    colours = picture.getcolors(MOST_COLOURS)
    if colours is not None:  # print, not a photo: sharp and a tenth of the size without loss
        is_grey = all(one[0] == one[1] == one[2] for _count, one in colours)
        flat = picture.convert("L").point(GREYS) if is_grey else picture.quantize(64)
        best = min(best, encoded(flat.convert("RGB"), lossless=True, quality=30, method=1), key=len)
    part = folder / f"{number}.part"
    part.write_bytes(best)
    part.replace(folder / f"{number}.webp")


def encoded(picture: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", **options)
    return file.getvalue()


def render_pdf(source: Path, folder: Path, first: int, most: int) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        say(problem="encrypted" if error.err_code == PASSWORD_NEEDED else "broken")
        return
    if not pages:
        say(problem="broken")
        return
    say(pages=pages)
    document.init_forms()
    for number in range(first, min(pages, most) + 1):
        try:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1), MOST_SCALE)
            picture = page.render(scale=scale).to_pil().convert("RGB")
            text = page.get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:
            say(problem="broken")
            return
        save(picture, folder, number)
        page.close()
        say(page=number, width=picture.width, height=picture.height, text=text[:MOST_TEXT])


def render_docx(source: Path, folder: Path) -> None:
    import mammoth
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
            say(problem="too_heavy")
            return
    count = 0

    @mammoth.images.img_element
    def keep(image: Any) -> dict[str, str]:
        nonlocal count
        if count == MOST_PICTURES:
            return {}
        try:
            with image.open() as content, Image.open(content) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return {}
                picture.thumbnail((WIDTH, HEIGHT))
                save(picture.convert("RGB"), folder, count + 1)
        except Exception:  # a drawing that only an office program knows; its words remain
            return {}
        count += 1
        return {"src": f"sinau:{count}"}

    with source.open("rb") as file:
        # What a document links to outside itself is never fetched: mammoth's default, said aloud.
        html = mammoth.convert_to_html(
            file, convert_image=keep, external_file_access=False, id_prefix="d-"
        ).value
    say(html=html, pictures=count)


def mark_pdf(source: Path, folder: Path, marks: str, copy: str) -> None:
    """The PDF with its annotations added behind its own bytes, which stay as they are."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(source)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        say(problem="encrypted" if error.err_code == PASSWORD_NEEDED else "broken")
        return
    notes = dict.fromkeys(range(pages), 0)
    for mark in json.loads((folder / marks).read_text()):
        number = min(mark["page"], pages) - 1
        page = document[number]
        if mark["area"]:
            annotate(raw, page, raw.FPDF_ANNOT_SQUARE, corners(raw, page, *mark["area"]), mark)
        else:
            spot = (WHOLE - NOTE, NOTE * (notes[number] % 20) // 2, NOTE // 2, NOTE // 2)
            annotate(raw, page, raw.FPDF_ANNOT_TEXT, corners(raw, page, *spot), mark)
            notes[number] += 1
        page.close()
    part = folder / f"{copy}.part"
    document.save(part, flags=raw.FPDF_INCREMENTAL)
    part.replace(folder / copy)


def corners(raw: Any, page: Any, x: int, y: int, width: int, height: int) -> tuple[float, ...]:
    """Left, top, right, bottom in the page's own space, whichever way it is turned."""
    found = []
    for one in ((x, y), (x + width, y + height)):
        across, up = ctypes.c_double(), ctypes.c_double()
        raw.FPDF_DeviceToPage(page, 0, 0, WHOLE, WHOLE, 0, *one, across, up)
        found.append((across.value, up.value))
    (left, top), (right, bottom) = found
    return min(left, right), max(top, bottom), max(left, right), min(top, bottom)


def annotate(raw: Any, page: Any, kind: int, place: tuple[float, ...], mark: Any) -> None:
    annotation = raw.FPDFPage_CreateAnnot(page, kind)
    raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(*place))
    raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_Color, *AMBER)
    if kind == raw.FPDF_ANNOT_SQUARE:
        raw.FPDFAnnot_SetBorder(annotation, 0, 0, 2)
    raw.FPDFAnnot_SetFlags(annotation, PRINTED)
    for name, text in ((b"T", mark["author"]), (b"Contents", mark["text"])):
        words = ctypes.create_string_buffer(f"{text}\0".encode("utf-16-le"))
        raw.FPDFAnnot_SetStringValue(
            annotation, name, ctypes.cast(words, ctypes.POINTER(raw.FPDF_WCHAR))
        )
    raw.FPDFPage_CloseAnnot(annotation)


def main() -> None:
    kind, source, folder, *more = sys.argv[1:]
    try:
        if kind == "marks":
            limit_myself(Path(source).stat().st_size + FILE_BYTES)
            mark_pdf(Path(source), Path(folder), *more)
            say(end=True)
            return
        limit_myself()
        if kind == "pdf":
            render_pdf(Path(source), Path(folder), int(more[0]), int(more[1]))
        else:
            render_docx(Path(source), Path(folder))
        say(end=True)
    except MemoryError:
        say(problem="too_heavy")
    except Exception as error:  # whatever a broken file makes a parser raise
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        say(problem="broken")


if __name__ == "__main__":
    main()
