"""Renders one file in a process of its own: run as a script, it imports nothing of the portal.

    python -I renderer.py pdf <source> <folder> <first page> <most pages>
    python -I renderer.py docx <source> <folder>

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
KILL_WHEN_PARENT_ENDS = 1


def say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


def limit_myself() -> None:
    """No more memory, time, disk or open files than a preview may cost; end with the parent."""
    ctypes.CDLL(None).prctl(KILL_WHEN_PARENT_ENDS, signal.SIGKILL)
    os.nice(10)  # people who wait for a page come first
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
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


def main() -> None:
    kind, source, folder, *numbers = sys.argv[1:]
    limit_myself()
    try:
        if kind == "pdf":
            render_pdf(Path(source), Path(folder), int(numbers[0]), int(numbers[1]))
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
