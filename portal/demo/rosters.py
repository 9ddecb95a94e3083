"""The two roster workbooks, as an organiser would send them: the same bytes for the same people."""

import io
from datetime import UTC, datetime

import xlsxwriter

from portal.demo.people import Cast, Member, Someone

TITLE = "DAFTAR PESERTA PELATIHAN KEPEMIMPINAN PENGAWAS (PKP)"
PARTICIPANTS = (
    "No", "Nama Lengkap dan Gelar", "NIP", "Jabatan", "Unit Kerja", "Email", "No HP/WA",
    "Nama Pengguna", "Nama Atasan Langsung", "NIP Atasan Langsung", "Nama Coach", "NIP Coach",
    "No Daftar Hadir",
)  # fmt: skip
MENTORS = ("No", "Nama", "NIP", "Jabatan", "Unit Kerja", "Email", "No HP", "Nama Pengguna", "Peran")
MADE = datetime(2026, 1, 5, 8, 0, tzinfo=UTC).replace(tzinfo=None)


def workbook(cast: Cast, cohort: str) -> bytes:
    """The roster of one cohort: its participants, and on a second sheet its mentors."""
    members = cast.of(cohort)
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    book.set_properties({"title": f"{TITLE} {cohort}", "created": MADE})
    bold = book.add_format({"bold": True})
    title = book.add_format({"bold": True, "font_size": 14})
    sheet = book.add_worksheet("Peserta")
    sheet.write_string(0, 0, TITLE, title)
    sheet.write_string(1, 0, f"{cohort.upper()} — BKPSDM KOTA MALANG", title)
    _table(sheet, 3, PARTICIPANTS, [_participant(member) for member in members], bold)
    _table(book.add_worksheet("Mentor dan Coach"), 0, MENTORS, _mentors(members), bold)
    book.close()
    return memory.getvalue()


def _participant(member: Member) -> tuple[str, ...]:
    person = member.person
    return (
        str(member.list_number), person.name, spaced(person.nip), person.position, person.unit,
        person.email, person.phone, person.username,
        member.supervisor.name, spaced(member.supervisor.nip),
        member.coach.name, spaced(member.coach.nip), str(member.list_number),
    )  # fmt: skip


def _mentors(members: list[Member]) -> list[tuple[str, ...]]:
    roles: dict[Someone, str] = {}
    for member in members:
        roles.setdefault(member.supervisor, "Atasan langsung")
    for member in members:
        roles.setdefault(member.coach, "Coach")
    return [
        (str(number), one.name, spaced(one.nip), one.position, one.unit, one.email, one.phone,
         one.username, role)
        for number, (one, role) in enumerate(roles.items(), 1)
    ]  # fmt: skip


def spaced(nip: str) -> str:
    """A NIP as offices write it: 8-6-1-3."""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


def _table(sheet, top: int, header, rows, bold) -> None:
    for column, text in enumerate(header):
        sheet.write_string(top, column, text, bold)
        width = max((len(row[column]) for row in rows), default=0)
        sheet.set_column(column, column, min(max(width, len(text)) + 2, 48))
    for place, row in enumerate(rows, top + 1):
        for column, text in enumerate(row):
            sheet.write_string(place, column, text)
    sheet.freeze_panes(top + 1, 2)
