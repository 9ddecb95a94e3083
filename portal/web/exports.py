"""Tables as files for a spreadsheet, in which nothing that people typed can become a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter
from flask import Response
from flask_babel import get_locale

Cell = str | int | Decimal | None

CELL_LIMIT = 16_000  # a spreadsheet keeps 32,767 units of UTF-16
# What a spreadsheet takes for the beginning of a formula, full-width forms included.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
SHEET_NAME_LIMIT = 31


def safe_text(text: str) -> str:
    """A text that a spreadsheet shows as it is: an apostrophe before what could be a formula."""
    text = printable(text)
    return "'" + text if text.lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS) else text


def printable(text: str) -> str:
    """A text without the control characters that no spreadsheet file may hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)[:CELL_LIMIT]


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, comma: bool) -> bytes:
    """The table as CSV in UTF-8 with a mark, every cell in quotation marks.

    `comma` says that the reader's language writes decimals with a comma (90,01): then a semicolon
    stands between the cells, as their spreadsheet expects.
    """
    stream = StringIO(newline="")
    writer = csv.writer(stream, delimiter=";" if comma else ",", quoting=csv.QUOTE_ALL)
    writer.writerow([safe_text(text) for text in header])
    for row in rows:
        writer.writerow([_csv_cell(cell, comma) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell, comma: bool) -> str:
    if isinstance(cell, Decimal):
        text = format(cell, "f")
        return text.replace(".", ",") if comma else text
    return "" if cell is None else safe_text(cell) if isinstance(cell, str) else str(cell)


Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""Its name, its header, its rows."""


def xlsx_file(sheets: Iterable[Sheet]) -> bytes:
    """Tables as a workbook of sheets: texts as texts, numbers as numbers, headers fixed."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for sheet in sheets:
            _fill(book, *sheet)
    return stream.getvalue()


def _fill(
    book: xlsxwriter.Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    sheet = book.add_worksheet(
        re.sub(r"[\[\]:*?/\\']|[^\u0000-\uffff]", " ", printable(title))[:SHEET_NAME_LIMIT]
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    mark = book.add_format({"num_format": "0.00"})
    widths = [len(text) for text in header]
    for column, text in enumerate(header):
        sheet.write_string(0, column, printable(text), bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(number, column, float(cell), mark)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, printable(cell))
                widths[column] = max(widths[column], min(len(cell), 60))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, 60) + 2)
    sheet.freeze_panes(1, 0)


def spreadsheet(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], form: str
) -> Response:
    """The table as a download, ``form`` being "xlsx" or "csv", in the reader's way."""
    if form == "xlsx":
        return workbook(title, [(title, header, rows)])
    body = csv_file(header, rows, comma=str(get_locale()) == "id")
    return _download(body, "text/csv; charset=utf-8", title, "csv")


def workbook(title: str, sheets: Iterable[Sheet]) -> Response:
    """A workbook of several sheets as a download."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(xlsx_file(sheets), kind, title, "xlsx")


def _download(body: bytes, kind: str, title: str, suffix: str) -> Response:
    answer = Response(body, content_type=kind)
    name = re.sub(r"[^\w\- ]+", "", printable(title)).strip()[:80] or "sinau"
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{suffix}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
