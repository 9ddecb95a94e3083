"""Turn an uploaded roster (CSV or XLSX) into rows of text, or say in one sentence why not.

The content decides what a file is; its name only breaks a tie. Rows keep the number that the
reader's spreadsheet shows, so that a verdict can be found again in the file.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from portal.cohorts.workbook import read_workbook
from portal.cohorts.worksheet import MAX_COLUMN, MAX_ROW, Grid, Unreadable
from portal.texts import Refused, lazy

MAX_BYTES = 5_000_000
MAX_CELL = 2_000
DELIMITERS = (",", ";", "\t", "|")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

REASONS = {
    "empty": lazy("The file is empty. Choose the file that holds the list of people."),
    "too-large": lazy(
        "The file is larger than %(limit)s MB. Delete pictures and sheets that are not needed, "
        "or save only the list as CSV."
    ),
    "unpacks-too-large": lazy(
        "The workbook is far larger inside than a list of people needs. Copy only the list into "
        "a new workbook and choose that."
    ),
    "too-many-rows": lazy(
        "There is something in row %(row)s; at most %(limit)s rows are read. Delete what stands "
        "below the list, or divide the list over several files."
    ),
    "password": lazy(
        "The workbook is protected with a password. Open it in Excel, remove the password "
        "(File, Info, Protect Workbook), save it and choose it again."
    ),
    "macros": lazy(
        "The workbook holds macros. Save it as an “Excel Workbook (.xlsx)” and choose that file."
    ),
    "old-excel": lazy(
        "This is a workbook in the old .xls format. Open it in Excel, save it as an “Excel "
        "Workbook (.xlsx)” and choose that file."
    ),
    "open-document": lazy(
        "This is an OpenDocument file. Open it, save it as “Excel 2007-365 (.xlsx)” or as CSV, "
        "and choose that file."
    ),
    "word": lazy(
        "This is a Word document. Copy its table into a spreadsheet, save that as .xlsx and "
        "choose it."
    ),
    "web-page": lazy(
        "This is a web page under the name of a spreadsheet. Open it in Excel, save it as an "
        "“Excel Workbook (.xlsx)” and choose that file."
    ),
    "archive": lazy(
        "This is an archive with several files (%(names)s). Unpack it and choose the one that "
        "lists the people."
    ),
    "damaged": lazy(
        "The workbook is damaged or was cut off on its way. Open it in Excel, save it under a "
        "new name and choose that file."
    ),
    "no-spreadsheet": lazy(
        "This is no list that can be read. Choose a spreadsheet saved as .xlsx or as CSV."
    ),
    "cut-off": lazy(
        "The text ends in the middle of a character: the file was cut off on its way. Save it "
        "again and choose the new copy."
    ),
    "open-quote": lazy(
        "A quotation mark that opens in row %(row)s is never closed, so that the rest of the file "
        "reads as one cell. Mend that row, or save the list as .xlsx."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty: its number in the spreadsheet (from 1) and its cells' text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name ("" for CSV) and its rows that are not empty.

    ``cut_row`` is the row in whose middle the text ends, where others have more cells; else 0.
    """

    name: str
    rows: tuple[Row, ...]
    cut_row: int = 0


Likeness = Callable[[Sequence[Row]], int]


def _unlike(rows: Sequence[Row]) -> int:
    return 0


def read_sheets(data: bytes, filename: str, likeness: Likeness = _unlike) -> list[Sheet]:
    """The sheets of a file; raises Refused with a sentence that says what to do.

    `likeness` says how much rows look like what is wanted: it settles between delimiters.
    """
    try:
        sheets = _read(data, filename, likeness)
    except Unreadable as why:
        raise Refused(REASONS[why.reason] % why.values) from None
    if not any(sheet.rows for sheet in sheets):
        raise Refused(REASONS["empty"])
    return sheets


def _read(data: bytes, filename: str, likeness: Likeness) -> list[Sheet]:
    if len(data) > MAX_BYTES:
        raise Unreadable("too-large", limit=MAX_BYTES // 1_000_000)
    if data.startswith(OLE):
        raise Unreadable(_kind_of_compound_file(data))
    if data.startswith(b"PK"):
        return [_sheet(grid) for grid in read_workbook(data)]
    if filename.lower().endswith((".xlsx", ".xlsm")) and data:
        raise Unreadable("damaged")
    text = decode(data)
    if re.match(r"\s*<(!doctype|html|table|\?xml|head|meta)", text[:500], re.IGNORECASE):
        raise Unreadable("web-page")
    return [_sheet_of_text(text, likeness)]


def _kind_of_compound_file(data: bytes) -> str:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return "password"
    if holds("WordDocument"):
        return "word"
    return "old-excel" if holds("Workbook") or holds("Book") else "damaged"


def _sheet(grid: Grid) -> Sheet:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), value in grid.cells.items():
        rows.setdefault(row, {})[column] = value
    return Sheet(
        clean(grid.name),
        tuple(
            Row(number, _trimmed(cells.get(c, "") for c in range(1, max(cells) + 1)))
            for number, cells in sorted(rows.items())
        ),
    )


def decode(data: bytes) -> str:
    """Text from bytes in UTF-8, UTF-16 (with or without a mark) or Windows-1252.

    Lists are put together from several files: what is no UTF-8 is read line by line.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(data, "utf-16")
    even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
    half = len(data[:4000]) / 2
    if odd > half * 0.6 and even < half * 0.2:
        return _utf16(data, "utf-16-le")
    if even > half * 0.6 and odd < half * 0.2:
        return _utf16(data, "utf-16-be")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if (
            error.start >= len(data) - 3
            and error.reason == "unexpected end of data"
            and (any(byte > 127 for byte in data[: error.start]))
        ):
            raise Unreadable("cut-off") from None
        text = "".join(_line(line) for line in data.removeprefix(b"\xef\xbb\xbf").splitlines(True))
    if _is_binary(text):
        raise Unreadable("no-spreadsheet")
    return text


def _line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _utf16(data: bytes, encoding: str) -> str:
    if len(data) % 2:
        raise Unreadable("cut-off")
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise Unreadable("cut-off") from None


def _is_binary(text: str) -> bool:
    sample = text[:4000]
    odd = sum(1 for c in sample if (ord(c) < 32 and c not in "\t\n\r\f\v") or c == "\ufffd")
    return odd > max(2, len(sample) // 10) or text.startswith("%PDF")


def _sheet_of_text(text: str, likeness: Likeness) -> Sheet:
    text = text.replace("\0", "")
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        # The line counts as the first row: a spreadsheet hides it, yet a text editor shows it.
        text, delimiter = text[told.end() :], told[1]
    else:
        delimiter = max(DELIMITERS, key=lambda one: _promise(text, one, likeness))
    rows = _rows(text, delimiter)
    return Sheet("", rows, _cut_row(text, delimiter))


def _cut_row(text: str, delimiter: str) -> int:
    """The last row, when the text ends within it and it alone has fewer cells; else 0."""
    if text.endswith(("\n", "\r")):
        return 0
    widths = [len(row) for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter)]
    before = set(widths[:-1]) - {0}
    is_cut = len(widths) > 2 and len(before) == 1 and widths[-1] < before.pop()
    return len(widths) if is_cut else 0


def _promise(text: str, delimiter: str, likeness: Likeness) -> tuple[int, int]:
    try:
        rows = _rows(text[:20_000], delimiter, whole=False)
    except Unreadable:
        return (0, 0)
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    width, times = max(widths.items(), key=lambda item: item[0] * item[1], default=(0, 0))
    return (likeness(rows), width * times)


def _rows(text: str, delimiter: str, whole: bool = True) -> tuple[Row, ...]:
    rows = []
    number = 0
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter)):
            if not cells:
                continue  # five megabytes of line ends are millions of these
            if any(len(cell) > MAX_CELL and "\n" in cell for cell in cells) and whole:
                raise Unreadable("open-quote", row=number + 1)
            row = Row(number + 1, _trimmed(cells[:MAX_COLUMN]))
            if any(row.cells):
                rows.append(row)
            if len(rows) > MAX_ROW:
                raise Unreadable("too-many-rows", row=number + 1, limit=MAX_ROW)
    except csv.Error:
        raise Unreadable("open-quote", row=number + 1) from None
    return tuple(rows)


def _trimmed(cells: Iterable[str]) -> tuple[str, ...]:
    cleaned = [clean(cell) for cell in cells]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    return tuple(cleaned)


def clean(text: str) -> str:
    """A cell's text: composed characters, plain spaces, no invisible ones, line breaks kept."""
    text = unicodedata.normalize("NFC", text[:MAX_CELL]).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(_plain(character) for character in text)
    wrapped = re.fullmatch(r'="(.*)"', text.strip(), re.DOTALL)
    if wrapped:  # how people keep Excel from turning a long number into 1.9E+17
        text = wrapped[1]
    text = re.sub(r"[ ]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text).strip()
    # Our own exports put an apostrophe before what a spreadsheet would take for a formula.
    return text[1:] if re.match(r"'[=+\-@]", text) else text


def _plain(character: str) -> str:
    if character == "\n":
        return character
    category = unicodedata.category(character)
    if category == "Zs" or character in "\t\v\f":
        return " "
    return "" if category in ("Cc", "Cf", "Cs", "Co", "Cn") else character
