"""Recognise the columns of a roster by their headers, in Indonesian and in English.

A header is taken apart into the person it is about ("NIP Atasan Langsung": the supervisor) and
what it says of that person (the NIP). A plain "NIP" that stands a second time, after the mentor's
name, is the mentor's. What an organisation said itself of a header goes before all this.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.cohorts.sheets import Row, Sheet

SEARCHED_ROWS = 60
KEY_LIMIT = 190

# Who a column is about. MAIN is the person the row itself is about.
MAIN = "person"
SUBJECT_WORDS = {
    MAIN: "peserta participant participants pegawai asn pns student siswa trainee employee",
    "supervisor": "mentor atasan supervisor superior manager",
    "coach": "coach pembimbing widyaiswara wi",
    "examiner": "penguji examiner assessor",
}
SUBJECTS = {word: subject for subject, words in SUBJECT_WORDS.items() for word in words.split()}

# What a column says; the words of the subject are taken out before the look-up.
ATTRIBUTES = {
    "name": [
        "nama", "name", "nama lengkap", "full name", "fullname", "nama gelar", "nama tanpa gelar",
        "nama dan gelar", "nama lengkap dan gelar", "nama lengkap gelar", "nama beserta gelar",
        "nama lengkap dengan gelar", "nama dengan gelar", "display name", "nama pejabat",
    ],
    "given": ["given name", "first name", "firstname", "givenname", "nama depan", "forename"],
    "family": [
        "family name", "last name", "lastname", "familyname", "surname", "nama belakang",
    ],
    "nip": [
        "nip", "nip baru", "no nip", "nomor induk", "no induk", "nip nrp", "nip nippppk", "nippppk",
        "nip ni pppk", "nip nipppk", "nipppk", "nip lengkap", "number", "id number", "nip 18 digit",
        "civil servant number",
    ],
    "name_nip": ["nama nip", "nama dan nip", "name nip", "nama lengkap nip", "nama gelar nip"],
    "email": [
        "email", "e mail", "surel", "pos el", "posel", "mail", "email address", "e mail address",
        "alamat email", "alamat e mail", "alamat surel", "email dinas", "email aktif",
        "surel dinas", "email pribadi",
    ],
    "username": [
        "username", "user name", "user id", "userid", "nama pengguna", "login", "sign in name",
    ],
    "position": [
        "jabatan", "position", "title", "job title", "jabatan saat ini", "nama jabatan", "post",
    ],
    "unit": [
        "opd", "unit", "unit kerja", "instansi", "perangkat daerah", "department", "skpd",
        "opd unit kerja", "unit kerja opd", "asal instansi", "instansi asal", "unit organisasi",
        "satuan kerja", "satker", "dinas", "office", "organisation", "organization", "agency",
        "asal opd", "instansi unit kerja", "unit kerja instansi", "perangkat daerah unit kerja",
    ],
    "phone": [
        "no hp", "nomor hp", "hp", "no wa", "nomor wa", "wa", "whatsapp", "no whatsapp", "phone",
        "nomor whatsapp", "telepon", "no telepon", "nomor telepon", "no telp", "telp", "mobile",
        "no hp wa", "nomor hp wa", "phone number", "mobile phone", "no telepon hp", "handphone",
    ],
    "list_number": [
        "no daftar hadir", "nomor daftar hadir", "ndh", "no ndh", "no absen", "nomor absen",
        "no urut daftar hadir", "no presensi", "nomor presensi", "list number", "list no",
        "no list", "attendance number", "no dh",
    ],
    "role": ["peran", "role", "sebagai", "roles"],
    "capacity": ["kapasitas", "capacity", "kapasitas mentor", "sebagai mentor"],
}  # fmt: skip
PHRASES = {phrase: attribute for attribute, phrases in ATTRIBUTES.items() for phrase in phrases}
FILLERS = {"langsung", "direct", "s", "the", "of"}
# A serial number says nothing about a person; it is left aside without a word.
SILENT = {"no", "nomor", "nr", "num", "no urut", ""}
OWNED = {"nip", "email", "position", "unit", "phone", "name_nip"}

NAMES = ("name", "given", "name_nip")
IDENTIFYING = ("nip", "name_nip", "email", "username")
OF_MENTORS = ("name", "name_nip", "nip", "email", "position", "unit", "phone")

Column = tuple[str, str]
# What an organisation said of its headers: key of a header (see `keys_of`) to its column, or to
# None for one that is not used.
Told = Mapping[str, Column | None]
NOTHING_TOLD: Told = {}
COLUMNS: tuple[Column, ...] = (
    *((MAIN, attribute) for attribute in ATTRIBUTES),
    *((subject, one) for subject in SUBJECT_WORDS if subject != MAIN for one in OF_MENTORS),
)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a sheet's header stands and what its columns mean.

    `columns` maps a position to (subject, attribute); `unused` are headers that were not known;
    `last_row` is the number of the header's last row (a header may take two).
    """

    last_row: int
    texts: tuple[str, ...]
    columns: dict[int, Column]
    unused: tuple[str, ...]

    @property
    def subjects(self) -> set[str]:
        """Whose names the header has."""
        return {subject for subject, attribute in self.columns.values() if attribute in NAMES}


def words_of(text: str) -> str:
    """A header's words in lower case without accents, brackets and punctuation."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"\((?![^)]*\b(nip|nama|name|e-?mail|surel|jabatan)\b)[^)]*\)", " ", text)
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def column_of(text: str) -> Column | None:
    """(subject, attribute) of one header, or None when it is not known."""
    words = words_of(text).split()
    if " ".join(words) in ATTRIBUTES["capacity"]:
        return (MAIN, "capacity")
    subjects = {SUBJECTS[word] for word in words if word in SUBJECTS}
    if len(subjects) > 1:
        return None
    rest = " ".join(w for w in words if w not in SUBJECTS and w not in FILLERS)
    subject = next(iter(subjects), MAIN)
    attribute = PHRASES.get(rest)
    if attribute is None and not rest and subjects:
        attribute = "name"
    if attribute in ("role", "capacity") and subject != MAIN:
        return None
    return (subject, attribute) if attribute else None


def keys_of(texts: Sequence[str]) -> list[str]:
    """By what each header of a row is remembered; one that stands there twice gets a number."""
    times: Counter[str] = Counter()
    keys = []
    for text in texts:
        key = (words_of(text) or " ".join(text.casefold().split()))[:KEY_LIMIT]
        times[key] += 1
        keys.append(key if times[key] == 1 else f"{key} #{times[key]}")
    return keys


def likeness(rows: Sequence[Row], told: Told = NOTHING_TOLD) -> int:
    """How many columns the best header row among the first rows has that are known."""
    return max((_known(row.cells, told) for row in rows[:SEARCHED_ROWS]), default=0)


def find_header(sheet: Sheet, told: Told = NOTHING_TOLD) -> Header | None:
    """The sheet's header: the first row that names people and at least one thing about them."""
    for position, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        if _known(row.cells, told) >= 2:
            header = header_at(sheet, position, told)
            if header.subjects:
                return header
    return None


def header_at(sheet: Sheet, position: int, told: Told = NOTHING_TOLD) -> Header:
    """The header when the row at this position (from 0) names the columns."""
    following = sheet.rows[position + 1] if position + 1 < len(sheet.rows) else None
    return _header(*_joined(sheet.rows[position], following), told)


def _known(cells: Sequence[str], told: Told) -> int:
    return len(set(_columns_in(cells, told).values()))


def _columns_in(texts: Sequence[str], told: Told) -> dict[int, Column]:
    """Position → column of each header that is known, first of all by what was told."""
    keys = keys_of(texts) if told else texts
    found = {}
    for position, (text, key) in enumerate(zip(texts, keys, strict=True)):
        column = (told[key] if key in told else column_of(text)) if text else None
        if column is not None:
            found[position] = column
    return found


def _joined(row: Row, below: Row | None) -> tuple[tuple[str, ...], int]:
    """The header's texts, put together from two rows when the second one goes on with it."""
    if below is None or not any(below.cells):
        return row.cells, row.number
    top = list(row.cells) + [""] * (len(below.cells) - len(row.cells))
    bottom = list(below.cells) + [""] * (len(top) - len(below.cells))
    goes_on = all(not b or b == t or column_of(b) for t, b in zip(top, bottom, strict=True))
    if not goes_on or all(b in ("", t) for t, b in zip(top, bottom, strict=True)):
        return (row.cells, below.number) if goes_on else (row.cells, row.number)
    texts, latest = [], ""
    for above, under in zip(top, bottom, strict=True):
        latest = above or (latest if under else "")
        texts.append(latest if under in ("", latest) else f"{latest} {under}".strip())
    return tuple(texts), below.number


def _header(texts: tuple[str, ...], last_row: int, told: Told) -> Header:
    found = _columns_in(texts, told)
    keys = keys_of(texts) if told else texts
    settled = {position: column for position, column in found.items() if keys[position] in told}
    times = Counter(found.values())
    columns: dict[int, Column] = {}
    group = ""
    taken: set[Column] = set()
    for position, (subject, attribute) in sorted(found.items()):
        if attribute in NAMES:
            group = subject
        elif (
            position not in settled
            and subject == MAIN
            and attribute in OWNED
            and group not in ("", MAIN)
        ):
            named_before = any(c[0] == MAIN and c[1] in ("name", "given") for c in taken)
            if not named_before or times[(MAIN, attribute)] > 1:
                subject = group
        column = (subject, attribute)
        if column not in taken and (position in settled or column not in settled.values()):
            taken.add(column)
            columns[position] = column
    unused = tuple(
        dict.fromkeys(
            text.replace("\n", " ")
            for position, text in enumerate(texts)
            if text and position not in columns and words_of(text) not in SILENT
        )
    )
    return Header(last_row, texts, columns, unused)


def is_secret(header: str) -> bool:
    """Whether a column is headed as passwords."""
    words = set(words_of(header).split())
    return bool(words & {"password", "passwords", "passwd", "sandi", "pin"})


def complaint(columns: Sequence[Column]) -> str | None:
    """Why a list cannot be read by these columns: ``twice``, ``no-name``, ``no-identity``."""
    if len(columns) != len(set(columns)):
        return "twice"
    subjects = [subject for subject, attribute in columns if attribute in NAMES]
    if not subjects:
        return "no-name"
    subject = MAIN if MAIN in subjects else subjects[0]
    return None if any((subject, one) in columns for one in IDENTIFYING) else "no-identity"
