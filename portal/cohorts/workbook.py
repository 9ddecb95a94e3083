"""Read an XLSX workbook into rows of text, never using more than a stated amount of memory.

The file is read with zipfile and expat rather than with a spreadsheet library for two reasons.
A library that lays a sheet out as a rectangle can be brought down by five kilobytes (one cell in
A1 and one in XFD1048576), and one that hands numbers over as floats has already lost the last
digits of an 18-digit NIP when we get to see it.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.parsers import expat

from portal.cohorts.worksheet import Grid, SheetReader, Unreadable

MAX_PARTS = 1_000
MAX_UNPACKED = 64_000_000
MAX_SHEETS = 30

BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})


def read_workbook(data: bytes) -> list[Grid]:
    """The visible worksheets of a workbook in order; raises Unreadable with the reason."""
    try:
        package = zipfile.ZipFile(BytesIO(data))
        return _read_package(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError):
        raise Unreadable("damaged") from None
    except (expat.ExpatError, ValueError, IndexError, OverflowError):
        raise Unreadable("damaged") from None
    except RuntimeError:  # zipfile's answer to an encrypted member
        raise Unreadable("password") from None


def _read_package(package: zipfile.ZipFile) -> list[Grid]:
    infos = package.infolist()
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise Unreadable("unpacks-too-large")
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise Unreadable("damaged")
    names = {info.filename for info in infos}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable("macros")
    if "word/document.xml" in names:
        raise Unreadable("word")
    if "mimetype" in names:
        raise Unreadable("open-document")
    main = _main_part(package, names)
    targets = _relations(package, main, "/worksheet")
    found, starts_in_1904 = _sheet_list(package, main)
    strings = _shared_strings(package, _relations(package, main, "/sharedStrings"))
    dates = _date_styles(package, _relations(package, main, "/styles"))
    grids = []
    for name, relation, hidden in found[:MAX_SHEETS]:
        if not hidden and relation in targets:
            reader = SheetReader(Grid(name), strings, dates, starts_in_1904)
            _parse(package, targets[relation], reader.start, reader.end, reader.text)
            reader.spread_merged()
            grids.append(reader.grid)
    return grids


def _main_part(package: zipfile.ZipFile, names: set[str]) -> str:
    if "_rels/.rels" not in names:
        lists = sorted(one for one in names if one.lower().endswith((".csv", ".xlsx", ".txt")))
        if lists:
            raise Unreadable("archive", names=", ".join(lists)[:200])
        raise Unreadable("no-spreadsheet")
    for target in _relations(package, "", "/officeDocument").values():
        if target in names:
            return target
    raise Unreadable("no-spreadsheet")


def _relations(package: zipfile.ZipFile, part: str, kind: str) -> dict[str, str]:
    """Relation id → part name, of those relations of a part whose type ends with `kind`."""
    folder, base = posixpath.split(part)
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith(kind):
            target = attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[attributes.get("Id", "")] = path

    path = posixpath.join(folder, "_rels", base + ".rels")
    if path in package.NameToInfo:
        _parse(package, path, start)
    return found


def _sheet_list(package: zipfile.ZipFile, main: str) -> tuple[list[tuple[str, str, bool]], bool]:
    sheets: list[tuple[str, str, bool]] = []
    starts_in_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal starts_in_1904
        if tag == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes.get("name", ""), relation, hidden))
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            starts_in_1904 = True

    _parse(package, main, start)
    return sheets, starts_in_1904


def _shared_strings(package: zipfile.ZipFile, parts: dict[str, str]) -> list[str]:
    strings: list[str] = []
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            pieces.clear()
        elif tag in inside:
            inside[tag] = True

    def end(tag: str) -> None:
        if tag == "si":
            strings.append("".join(pieces))
        elif tag in inside:
            inside[tag] = False

    def text(data: str) -> None:
        if inside["t"] and not inside["rPh"]:  # rPh: how to pronounce it, no part of the text
            pieces.append(data)

    for part in parts.values():
        _parse(package, part, start, end, text)
    return strings


def _date_styles(package: zipfile.ZipFile, parts: dict[str, str]) -> frozenset[int]:
    """The cell styles (positions in cellXfs) that show their number as a date or a time."""
    custom: dict[int, bool] = {}
    styles: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            number = int(attributes.get("numFmtId", "0"))
            custom[number] = _is_date_format(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(tag: str) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = False

    for part in parts.values():
        _parse(package, part, start, end)
    return frozenset(
        position
        for position, number in enumerate(styles)
        if custom.get(number, number in BUILTIN_DATES)
    )


def _is_date_format(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].', "", code)
    return bare.lower() != "general" and re.search(r"[dmyhs]", bare, re.IGNORECASE) is not None


def _parse(
    package: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through one XML part; tags come without their namespace, documents types are refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(" ")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    for chunk in _chunks(package, part):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _chunks(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with package.open(part) as stream:
        while chunk := stream.read(65_536):
            yield chunk


def _refuse_document_type(*_: object) -> None:
    raise Unreadable("damaged")
