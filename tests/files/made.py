"""Small files with the quirks that real uploads have, made on the spot."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (20, 120, 110)).save(file, kind, **options)
    return file.getvalue()


def photo_with_place() -> bytes:
    """A JPEG on its side that tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "<script>alert(1)</script>"
    exif.get_ifd(0x8825)[1] = "S"
    return picture("JPEG", exif=exif, comment=b"rumah saya") + b"<?php ?>"


def huge_png() -> bytes:
    """A PNG whose head says 30,000 by 30,000 pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def zipped(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(**more: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


PDF = b"%PDF-1.4\n%%EOF\n"
SVG = b'<?xml version="1.0"?><!-- gambar --><svg xmlns="http://www.w3.org/2000/svg"></svg>'
