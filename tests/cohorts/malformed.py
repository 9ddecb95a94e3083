"""Rosters as they arrive on bad days: made from a number, the same each time."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import datetime

import xlsxwriter

EACH = 20
HEADER = ["No", "Nama", "NIP", "E-mail", "Jabatan", "OPD", "Mentor", "NIP Mentor"]
NAMES = ["Siti Aminah, S.E.", "H. Joko Widodo", "Ni Luh Ayu", "Muñoz Hernández", "O'Brien", "李雷"]
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil.example","Siti")',
    "=cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "=#REF!",
    "+62 812",
]


def rows_of(chance: random.Random, count: int) -> list[list[str]]:
    """Rows of people, good ones."""
    return [
        [
            str(number),
            chance.choice(NAMES),
            f"19850315201001{chance.choice('12')}{number % 1000:03}",
            f"orang{number}@malang.go.id",
            "Kasi",
            "Dinas Kesehatan",
            chance.choice(["Budi", ""]),
            chance.choice(["197901012005011003", ""]),
        ]
        for number in range(1, count + 1)
    ]


def csv_of(rows: list[list[str]], delimiter: str = ",") -> str:
    lines = [HEADER, *rows]
    return "\r\n".join(delimiter.join(f'"{c}"' for c in line) for line in lines) + "\r\n"


def book(rows: list[list[object]], change: Callable | None = None) -> bytes:
    """A workbook; ``change(book, sheet)`` may spoil it before it is closed."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = made.add_worksheet("Peserta")
    for number, row in enumerate([HEADER, *rows]):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            else:
                sheet.write(number, column, cell)
    if change is not None:
        change(made, sheet)
    made.close()
    return stream.getvalue()


def cut_workbook(chance: random.Random) -> tuple[str, bytes]:
    data = book(rows_of(chance, 20))
    return "peserta.xlsx", data[: chance.randrange(1, len(data))]


def cut_text(chance: random.Random) -> tuple[str, bytes]:
    encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
    data = csv_of(rows_of(chance, 20), chance.choice(",;\t|")).encode(encoding)
    return "peserta.csv", data[: chance.randrange(0, len(data))]


def mixed_encodings(chance: random.Random) -> tuple[str, bytes]:
    lines = csv_of(rows_of(chance, 20)).split("\r\n")
    encodings = ["utf-8", "cp1252", "utf-16-le", "shift-jis"]
    parts = [line.encode(chance.choice(encodings), "replace") for line in lines]
    return "peserta.csv", b"\r\n".join(parts)


def merged_cells(chance: random.Random) -> tuple[str, bytes]:
    def merge(made, sheet):
        for number in range(chance.randrange(1, 6)):
            top, left = 30 + number * 40, chance.randrange(0, 5)
            sheet.merge_range(
                top, left, top + chance.randrange(1, 30), left + 2, chance.choice(NAMES)
            )
        sheet.merge_range(0, 8, 0, chance.choice([9, 200, 16_000]), "Mentor")

    return "peserta.xlsx", book(rows_of(chance, 10), merge)


def formulas(chance: random.Random) -> tuple[str, bytes]:
    rows = rows_of(chance, 10)
    for row in rows:
        row[chance.randrange(8)] = chance.choice(FORMULAS)
    if chance.random() < 0.5:
        return "peserta.csv", csv_of(rows).encode()

    def calculate(made, sheet):
        for number in range(1, 11):
            sheet.write_formula(
                number, chance.randrange(8), "=VLOOKUP(A1,B:C,2)", None, chance.choice(ERRORS)
            )

    return "peserta.xlsx", book(rows, calculate)


ERRORS = ["#REF!", "#N/A", "#VALUE!", 1.98503152010011e17, "Siti", ""]


def far_too_many_rows(chance: random.Random) -> tuple[str, bytes]:
    if chance.randrange(10) == 0:
        return "peserta.xlsx", _huge_workbook()
    lines = (f"{n};Orang {n};;orang{n}@x.id;;;;" for n in range(50_000))
    text = ";".join(HEADER) + "\r\n" + "\r\n".join(lines)
    return "peserta.csv", text.encode(chance.choice(["utf-8", "cp1252"]))


def _huge_workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as made:
        sheet = made.add_worksheet()
        for number in range(50_000):
            sheet.write_row(number, 0, HEADER if not number else [number, f"Orang {number}"])
    return stream.getvalue()


def macros(chance: random.Random) -> tuple[str, bytes]:
    stream = io.BytesIO(book(rows_of(chance, 5)))
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/vbaProject.bin", chance.randbytes(2000))
    return chance.choice(["peserta.xlsm", "peserta.xlsx", "peserta.csv"]), stream.getvalue()


def dates_as_numbers(chance: random.Random) -> tuple[str, bytes]:
    rows: list[list[object]] = [list(row) for row in rows_of(chance, 10)]
    for row in rows:
        row[2] = chance.choice([float(str(row[2])), 45_000, -1, 1e308, 31_121.5, True])
        row[chance.choice([1, 3, 4])] = chance.choice([45_000, 0.5, 2_958_466, -3])

    def format_dates(made, sheet):
        date = made.add_format({"num_format": "dd/mm/yyyy"})
        for number in range(1, 6):
            sheet.write_number(number, 1, chance.choice([45_000, 3_000_000, -5, 0.25]), date)
        sheet.write_datetime(6, 1, datetime(1985, 3, 15), date)

    return "peserta.xlsx", book(rows, format_dates)


def flipped_bytes(chance: random.Random) -> tuple[str, bytes]:
    """Damage inside the workbook: in the package itself, or in one of its parts."""
    data = book(rows_of(chance, 10))
    if chance.random() < 0.5:
        spoilt = bytearray(data)
        for _ in range(chance.randrange(1, 40)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        return "peserta.xlsx", bytes(spoilt)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name.startswith("xl/") and chance.random() < 0.5:
                place = chance.randrange(len(part))
                part[place : place + chance.randrange(1, 9)] = chance.choice(
                    [b"", b"<", b'"', b"&lol;", b"\x00", b"999999999", b"<!DOCTYPE x>"]
                )
            new.writestr(name, bytes(part))
    return "peserta.xlsx", stream.getvalue()


def broken_quotes(chance: random.Random) -> tuple[str, bytes]:
    text = list(csv_of(rows_of(chance, 20), chance.choice(",;")))
    for _ in range(chance.randrange(1, 12)):
        text.insert(
            chance.randrange(len(text)), chance.choice(['"', '""', "\n", "\0", "\x1a", "'", ",,"])
        )
    return "peserta.csv", "".join(text).encode()


KINDS = (
    cut_workbook,
    cut_text,
    mixed_encodings,
    merged_cells,
    formulas,
    far_too_many_rows,
    macros,
    dates_as_numbers,
    flipped_bytes,
    broken_quotes,
)


def roster(number: int) -> tuple[str, bytes]:
    """(file name, bytes) of one of the 200, by its number."""
    kind = KINDS[number // EACH]
    return kind(random.Random(number))
