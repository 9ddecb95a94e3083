"""What a camera writes into a photo besides the picture: place, time, device, comments.

It is taken out of JPEG and PNG files before they are stored, without touching the picture: whoever
downloads a photo must not learn where its maker lives. Only the orientation of a JPEG stays, since
the picture would lie on its side without it. What cannot be read is left as it is.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 60 * 2**20
PNG_WORDS = {b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"}


def clean(file: BinaryIO) -> bool:
    """Rewrite an open photo without its metadata; whether anything was taken out."""
    file.seek(0)
    head = file.read(8)
    if not (head.startswith(JPEG) or head == PNG):
        return False
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        return False
    try:
        cleaned = _png(content) if head == PNG else _jpeg(content)
    except (struct.error, IndexError):
        return False
    if cleaned is None or cleaned == content:
        return False
    file.seek(0)
    file.write(cleaned)
    file.truncate()
    return True


def _png(content: bytes) -> bytes | None:
    parts, at = [PNG], len(PNG)
    while at < len(content):
        (size,) = struct.unpack_from(">I", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + size
        if end > len(content):
            return None
        if kind not in PNG_WORDS:
            parts.append(content[at:end])
        at = end
        if kind == b"IEND":
            return b"".join(parts)
    return None


def _jpeg(content: bytes) -> bytes | None:
    """Keep the picture's own segments; from the scan on, everything up to the end mark."""
    parts, at, orientation = [content[:2]], 2, 1
    while True:
        if content[at] != 0xFF:
            return None
        mark = content[at + 1]
        if mark == 0xFF:
            at += 1
            continue
        (size,) = struct.unpack_from(">H", content, at + 2)
        segment = content[at : at + 2 + size]
        if mark == 0xDA:
            end = content.rfind(b"\xff\xd9")
            if end < at:
                return None
            tail = content[at : end + 2]
            extra = _orientation_segment(orientation) if orientation != 1 else b""
            return b"".join([parts[0], *parts[1:2], extra, *parts[2:], tail])
        if mark == 0xE1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment[10:]) or orientation
        elif mark in (0xE0, 0xE2, 0xEE) or not (0xE0 <= mark <= 0xEF or mark == 0xFE):
            # JFIF, colour profile, Adobe's colour note, and everything that is no APPn or comment.
            parts.append(segment)
        at += 2 + size


def _orientation(tiff: bytes) -> int | None:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    (offset,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, offset)
    for number in range(min(count, 100)):
        tag, kind = struct.unpack_from(order + "HH", tiff, offset + 2 + 12 * number)
        if tag == 0x0112 and kind == 3:
            (value,) = struct.unpack_from(order + "H", tiff, offset + 10 + 12 * number)
            return value if 1 <= value <= 8 else None
    return None


def _orientation_segment(orientation: int) -> bytes:
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff
