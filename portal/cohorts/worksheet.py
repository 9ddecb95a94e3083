"""One worksheet of an XLSX workbook: its cells as text, each as a person would read it."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

MAX_ROW = 5_000
MAX_COLUMN = 120
MAX_MERGED_CELLS = 20_000


class Unreadable(Exception):
    """The bytes are no workbook that can be read; `reason` is a key of sheets.REASONS."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass
class Grid:
    """One visible worksheet: its name and its cells by (row, column), both counted from 1."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)


class SheetReader:
    """Collects the cells of one worksheet while expat walks through it."""

    def __init__(
        self, grid: Grid, strings: list[str], dates: frozenset[int], starts_in_1904: bool
    ) -> None:
        self.grid = grid
        self.strings = strings
        self.dates = dates
        self.zero = datetime(1899, 12, 30, tzinfo=UTC)
        if starts_in_1904:
            self.zero = datetime(1904, 1, 1, tzinfo=UTC)
        self.row = self.column = 0
        self.kind = ""
        self.style = 0
        self.pieces: list[str] = []
        self.collecting = self.in_cell = False
        self.merged: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or (tag == "t" and self.in_cell):
            self.collecting = self.in_cell
        elif tag == "mergeCell" and len(self.merged) < MAX_MERGED_CELLS:
            self.merged.append(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self.row, self.column = _place(attributes["r"])
        else:
            self.column += 1
        self.kind = attributes.get("t", "n")
        self.style = int(attributes.get("s", "0"))
        self.pieces = []
        self.in_cell = True

    def text(self, data: str) -> None:
        if self.collecting:
            self.pieces.append(data)

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.collecting = False
        elif tag == "c":
            self.in_cell = False
            value = self._value("".join(self.pieces))
            if value.strip():
                self._keep(value)

    def _keep(self, value: str) -> None:
        if self.row > MAX_ROW:
            raise Unreadable("too-many-rows", row=self.row, limit=MAX_ROW)
        if self.row >= 1 and 1 <= self.column <= MAX_COLUMN:
            self.grid.cells[self.row, self.column] = value

    def _value(self, raw: str) -> str:
        if self.kind == "s":
            return self.strings[int(raw)] if raw else ""
        if self.kind == "n":
            return self._number(raw.strip())
        return raw

    def _number(self, raw: str) -> str:
        if self.style in self.dates and raw:
            return self._date(float(raw)) or raw
        return number_text(raw)

    def _date(self, serial: float) -> str:
        if not 0 <= serial < 2_958_466:
            return ""
        moment = self.zero + timedelta(seconds=round(serial * 86_400))
        if serial < 1:
            return moment.strftime("%H:%M")
        return moment.strftime("%Y-%m-%d" if serial == int(serial) else "%Y-%m-%d %H:%M")

    def spread_merged(self) -> None:
        """A merged cell's text stands for every cell under it, as the reader sees it."""
        room = MAX_MERGED_CELLS
        for reference in self.merged:
            first, _, last = reference.partition(":")
            (top, left), (bottom, right) = _place(first), _place(last or first)
            value = self.grid.cells.get((top, left))
            if value is None:
                continue
            for row in range(top, min(bottom, MAX_ROW) + 1):
                for column in range(left, min(right, MAX_COLUMN) + 1):
                    room -= 1
                    if room < 0:
                        return
                    self.grid.cells.setdefault((row, column), value)


def number_text(raw: str) -> str:
    """A number as a person would type it: 12, 1.5; whole digits stay exactly as they are stored.

    A number of which the file keeps no more than its first 15 digits stays in scientific notation
    (1.98503152010011E+17), so that nobody takes what is left of it for the whole.
    """
    if re.fullmatch(r"-?\d+", raw) or not raw:
        return raw
    return f"{float(raw):.15g}".upper()


def _place(reference: str) -> tuple[int, int]:
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", reference)
    if match is None:
        raise ValueError(reference)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
