"""From the rows of a spreadsheet to the people of a roster, with what is wrong with each row.

Pure: nothing here knows the database. A person may stand in several rows (a second sheet that
pairs participants with coaches is common); what those rows say is put together, and a row that
contradicts an earlier one is refused, with the row it contradicts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from portal.cohorts.details import (
    Details,
    RosterRow,
    read_details,
    same_person,
)
from portal.cohorts.headers import (
    IDENTIFYING,
    MAIN,
    NAMES,
    NOTHING_TOLD,
    SUBJECT_WORDS,
    Column,
    Header,
    Told,
    column_of,
    find_header,
    likeness,
    words_of,
)
from portal.cohorts.problems import Problem, problem
from portal.cohorts.repeats import put_together
from portal.cohorts.sheets import Row, Sheet, read_sheets
from portal.texts import Refused, lazy

PARTICIPANT, MENTOR = "participant", "mentor"
CAPACITIES = ("supervisor", "coach", "examiner")
NO_HEADER = lazy(
    "No row was found that names the columns. The list needs a row with “Nama” and “NIP” "
    "(or “E-mail”) above the people; this file begins with: %(start)s"
)
NO_NAMES = lazy(
    "The list has no column with names. Of its columns only these are known: %(columns)s. "
    "Add a column “Nama”."
)
NO_IDENTITY = lazy(
    "The list has names but no column with the NIP, the e-mail address or a user name, so that "
    "nobody on it could sign in. Its columns are: %(columns)s"
)
NO_PEOPLE = lazy("The list has its columns (%(columns)s), but nobody stands below them.")


class Unmapped(Refused):
    """The file holds a table, but nothing in it says which columns name people."""


@dataclass(slots=True)
class Roster:
    """Every row about a person in the order of the file, and what was left aside.

    `columns` are (header, what it was read as), sheet by sheet. `cut_row` is the row in whose
    middle the file ends, or 0.
    """

    rows: list[RosterRow] = field(default_factory=list)
    columns: list[tuple[str, Column]] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)
    unused_sheets: list[str] = field(default_factory=list)
    skipped_rows: list[tuple[str, int]] = field(default_factory=list)
    cut_row: int = 0


def read_roster(data: bytes, filename: str, today: date, told: Told = NOTHING_TOLD) -> Roster:
    """The roster in a file's bytes; raises Refused when the file as a whole cannot be one.

    ``told`` is what the organisation said of headers in its lists. Raises Unmapped when it would
    help to say it of these.
    """
    return roster_in(read_sheets(data, filename, partial(likeness, told=told)), today, told)


def roster_in(sheets: Sequence[Sheet], today: date, told: Told = NOTHING_TOLD) -> Roster:
    """The roster in sheets of text; raises Refused when no sheet holds one."""
    roster = Roster()
    nameless: Header | None = None
    for sheet in sheets:
        header = find_header(sheet, told)
        if header is None:
            if sheet.rows:
                roster.unused_sheets.append(sheet.name)
        elif not any(a in IDENTIFYING for _, a in _main(header)):
            nameless = header
            roster.unused_sheets.append(sheet.name)
        else:
            _read_sheet(sheet, header, roster, today)
    if not roster.columns:
        raise _unmapped(sheets, nameless)
    if not roster.rows:
        raise Refused(NO_PEOPLE % {"columns": _listed(text for text, _ in roster.columns)})
    roster.rows = put_together(roster.rows)
    return roster


def _unmapped(sheets: Sequence[Sheet], nameless: Header | None) -> Refused:
    """Why no columns were found, as a refusal that can be answered when there is a table."""
    kind = Unmapped if any(is_table(sheet) for sheet in sheets) else Refused
    if nameless is not None:
        return kind(NO_IDENTITY % {"columns": _listed(nameless.texts)})
    if known := _known_headers(sheets):
        return kind(NO_NAMES % {"columns": _listed(known)})
    return kind(NO_HEADER % {"start": _beginning(sheets)})


def is_table(sheet: Sheet) -> bool:
    """Whether a sheet could be a list: at least two columns, and something below the first row."""
    return any(sum(map(bool, row.cells)) > 1 for row in sheet.rows[:-1])


def _main(header: Header) -> list[tuple[str, str]]:
    """The columns about the person of the row: MAIN's, or the only mentor's on a mentors' list."""
    subject = _subject(header)
    return [column for column in header.columns.values() if column[0] == subject]


def _subject(header: Header) -> str:
    if MAIN in header.subjects:
        return MAIN
    # A list of mentors: its person is the first one named.
    return next(s for s, a in header.columns.values() if s in header.subjects)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(t.replace("\n", " ") for t in texts if t)[:300]


def _known_headers(sheets: Sequence[Sheet]) -> list[str]:
    """The headers that are known in the first row of a file that has no names."""
    rows = [sheet.rows[0].cells for sheet in sheets if sheet.rows]
    known = [cell for cells in rows for cell in cells if column_of(cell)]
    return [] if any(_announces_names(cell) for cell in known) else known


def _announces_names(header: str) -> bool:
    """Whether a header announces names."""
    column = column_of(header)
    return column is not None and column[1] in NAMES


def _beginning(sheets: Sequence[Sheet]) -> str:
    rows = [row for sheet in sheets for row in sheet.rows][:2]
    return " / ".join(_listed(row.cells)[:80] for row in rows)


def _read_sheet(sheet: Sheet, header: Header, roster: Roster, today: date) -> None:
    roster.columns += [
        (" ".join(header.texts[p].split()), column) for p, column in header.columns.items()
    ]
    roster.unused_columns += [t for t in header.unused if t not in roster.unused_columns]
    reader = _RowReader(sheet.name, header, today)
    roster.cut_row = roster.cut_row or sheet.cut_row
    for row in sheet.rows:
        if row.number <= header.last_row or _is_furniture(row, header):
            continue
        found = reader.read(row)
        if found is None:
            roster.skipped_rows.append((sheet.name, row.number))
        else:
            roster.rows.append(found)


def _is_furniture(row: Row, header: Header) -> bool:
    """The row that numbers the columns ((1) (2) (3)), a total, or the header printed once more."""
    filled = [cell for cell in row.cells if cell]
    if len(filled) < 4 and re.match(r"(sub[ -]?)?total\b|jumlah\b", filled[0], re.IGNORECASE):
        return True
    numbers = [re.fullmatch(r"\(?(\d{1,2})\)?", cell) for cell in filled]
    if len(filled) > 1 and all(numbers):
        values = [int(n[1]) for n in numbers if n]
        return values == list(range(values[0], values[0] + len(values)))
    return tuple(row.cells) == tuple(header.texts[: len(row.cells)]) and len(filled) > 1


class _RowReader:
    """Reads the rows of one sheet by its header."""

    def __init__(self, sheet: str, header: Header, today: date) -> None:
        self.sheet = sheet
        self.header = header
        self.today = today
        self.subject = _subject(header)
        self.default = _role_of_sheet(sheet, self.subject)

    def read(self, row: Row) -> RosterRow | None:
        """The row as a person, or None when it names nobody (a total, a place and date, ...)."""
        said: dict[str, dict[str, str]] = {}
        for position, (subject, attribute) in self.header.columns.items():
            if position < len(row.cells) and row.cells[position]:
                said.setdefault(subject, {})[attribute] = row.cells[position]
        own = said.pop(self.subject, {})
        extra = said.pop(MAIN, {}) if self.subject != MAIN else own
        if not any(own.get(a) for a in ("name", "given", "nip", "name_nip", "email", "username")):
            return None
        details, problems = read_details(own, self.today)
        role, capacity, wrong = self._role(extra.get("role", ""), extra.get("capacity", ""))
        problems += wrong
        number = re.sub(r"^0+(?=\d)", "", own.get("list_number", "").strip(". "))
        if number and not re.fullmatch(r"[1-9]\d{0,3}", number):
            problems.append(problem("number-shape", found=number[:40]))
            number = ""
        if not details.name and not any(p.refuses for p in problems):
            problems.append(problem("no-name"))
        elif not details.has_identity and not any(p.refuses for p in problems):
            problems.append(problem("no-identity"))
        mentors = self._mentors(said, problems) if role == PARTICIPANT else []
        if any(same_person(details, mentor) for _, mentor in mentors):
            problems.append(problem("own-mentor"))
        return RosterRow(
            self.sheet, row.number, role, capacity, details, number,
            tuple(mentors), tuple(problems),
        )  # fmt: skip

    def _role(self, role: str, capacity: str) -> tuple[str, str, list[Problem]]:
        default_role, default_capacity = self.default
        wrong = []
        if role:
            known = role_of(role)
            if known is None:
                above = any(w.startswith("admin") for w in words_of(role).split())
                wrong.append(problem("role-above" if above else "role-unknown", found=role[:60]))
            else:
                default_role, default_capacity = known
        if capacity and default_role == MENTOR:
            # A capacity the portal has beside the three common ones is matched by its own name.
            default_capacity = capacity_of(capacity) or capacity[:60]
        return default_role, default_capacity, wrong

    def _mentors(
        self, said: dict[str, dict[str, str]], problems: list[Problem]
    ) -> list[tuple[str, Details]]:
        mentors = []
        for capacity in CAPACITIES:
            if not any(cell not in ("", "-") for cell in said.get(capacity, {}).values()):
                continue
            details, wrong = read_details(said[capacity], self.today)
            refusing = [p for p in wrong if p.refuses]
            if refusing:
                why = {"why-key": refusing[0].key, "why-values": refusing[0].values}
                name = details.name or details.email or details.nip
                problems.append(problem("mentor-unusable", capacity=capacity, name=name, **why))
            else:
                problems += wrong
                mentors.append((capacity, details))
        return mentors


def _role_of_sheet(sheet: str, subject: str) -> tuple[str, str]:
    if subject != MAIN:
        return MENTOR, subject
    for word in words_of(sheet).split():
        for capacity in CAPACITIES:
            if word in SUBJECT_WORDS[capacity].split():
                return MENTOR, capacity
    return PARTICIPANT, ""


def role_of(text: str) -> tuple[str, str] | None:
    """(role, capacity) of what stands in a role column, or None when it is no role."""
    words = words_of(text).split()
    for capacity in CAPACITIES:
        if any(word in SUBJECT_WORDS[capacity].split() for word in words):
            return MENTOR, capacity
    if any(word in SUBJECT_WORDS[MAIN].split() for word in words):
        return PARTICIPANT, ""
    return None


def capacity_of(text: str) -> str | None:
    """One of the common capacities, by any of its names; None for another text."""
    known = role_of(text)
    return known[1] if known and known[0] == MENTOR else None
