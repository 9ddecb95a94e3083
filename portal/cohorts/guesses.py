"""What a column whose header nobody knows seems to hold, by the cells below it. Pure."""

import re
from collections.abc import Callable, Sequence

from portal.cohorts.details import is_email
from portal.cohorts.headers import MAIN, Column, Header
from portal.cohorts.nip import bare_nip
from portal.cohorts.sheets import Sheet

LOOKED_AT = 50
MOST = 0.8


def _is_nip(text: str) -> bool:
    return re.fullmatch(r"\d{18}", bare_nip(text)) is not None


def _is_name(text: str) -> bool:
    words = text.partition(",")[0].split()
    return len(words) > 1 and not re.search(r"[\d@/:()]", text)


SIGNS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("nip", _is_nip),
    ("email", is_email),
    ("name", _is_name),
)


def guesses(sheet: Sheet, header: Header) -> dict[int, Column]:
    """Position → what most of its cells look like, where the header says nothing of it.

    NIP, e-mail address and name, each for one column at most: the first that fits, with hardly a
    cell twice, so that a column of units is taken for no names.
    """
    found: dict[int, Column] = {}
    for attribute, fits in SIGNS:
        if (MAIN, attribute) in header.columns.values():
            continue
        for position, text in enumerate(header.texts):
            if text and position not in header.columns and position not in found:
                cells = _cells(sheet, header, position)
                if cells and sum(map(fits, set(cells))) >= MOST * len(cells):
                    found[position] = (MAIN, attribute)
                    break
    return found


def _cells(sheet: Sheet, header: Header, position: int) -> Sequence[str]:
    below = [row.cells for row in sheet.rows if row.number > header.last_row][:LOOKED_AT]
    return [cells[position] for cells in below if position < len(cells) and cells[position]]
