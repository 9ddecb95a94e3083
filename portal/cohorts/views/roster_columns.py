"""What the columns of a list mean: said once, remembered for the organisation."""

from flask import abort, flash, request
from flask_login import current_user
from wtforms import SelectChoice, SelectField

from portal.cohorts import imports, queries, stored
from portal.cohorts.guesses import guesses
from portal.cohorts.headers import (
    COLUMNS,
    Header,
    Told,
    complaint,
    find_header,
    header_at,
    keys_of,
    likeness,
)
from portal.cohorts.models import RosterImport
from portal.cohorts.problems import meaning_of
from portal.cohorts.roster import is_table
from portal.cohorts.sheets import Sheet, read_sheets
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.forms import Form
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes
from portal.web.routes import reading as looking

routes = Routes(
    "roster_columns",
    __name__,
    url_prefix="/cohorts/<int:cohort_id>/imports/<int:roster_import_id>/columns",
)

ROWS_OFFERED = 20
EXAMPLES = 3


class Table:
    """The sheet and the row whose columns are asked for, and how they are read now."""

    def __init__(self, row: RosterImport, told: Told) -> None:
        self.told = told
        try:
            data = stored.bytes_of(row)
            self.sheets = [s for s in read_sheets(data, row.file_name, likeness) if is_table(s)]
        except Refused:  # a stored list was read before; only its rules can have changed since
            self.sheets = []
        if not self.sheets:
            abort(404)
        number = request.values.get("sheet", -1, int)
        self.number = number if number in range(len(self.sheets)) else self._likeliest()
        self.sheet: Sheet = self.sheets[self.number]
        self.rows = self.sheet.rows[:ROWS_OFFERED]
        self.place = request.values.get("row", -1, int)
        if self.place not in range(len(self.rows)):
            self.place = self._header_row()
        self.header: Header = header_at(self.sheet, self.place, told)
        self.plain: Header = header_at(self.sheet, self.place)

    def _likeliest(self) -> int:
        found = [n for n, s in enumerate(self.sheets) if find_header(s, self.told)]
        return found[0] if found else 0

    def _header_row(self) -> int:
        found = find_header(self.sheet, self.told)
        for place in range(len(self.rows)) if found is not None else ():
            if header_at(self.sheet, place, self.told) == found:
                return place
        widest = max(sum(map(bool, row.cells)) for row in self.rows)
        return next(n for n, r in enumerate(self.rows) if sum(map(bool, r.cells)) == widest)

    def examples(self, position: int) -> str:
        """What stands in the first rows below the header in one column."""
        cells = [
            row.cells[position]
            for row in self.sheet.rows
            if row.number > self.header.last_row
            and position < len(row.cells)
            and row.cells[position]
        ]
        return " · ".join(" ".join(cell.split())[:40] for cell in cells[:EXAMPLES])

    def form(self, *, offers_guesses: bool = False) -> Form:
        """A select for each header, with what it is read as chosen, or else what it seems to be."""
        guessed = guesses(self.sheet, self.header) if offers_guesses else {}
        columns = guessed | self.header.columns
        choices = [SelectChoice("", _("Not used"))] + [
            SelectChoice(".".join(column), meaning_of(*column)) for column in COLUMNS
        ]
        fields = {
            f"column_{position}": SelectField(
                " ".join(text.split())[:80],
                choices=choices,
                default=".".join(columns.get(position, ())),
                description=self.examples(position),
            )
            for position, text in enumerate(self.header.texts)
            if text
        }
        return type("ColumnsForm", (Form,), fields)()


@routes.get("", access=ADMINISTRATOR, even_closed=False)
def edit(cohort_id: int, roster_import_id: int):
    row = _import(cohort_id, roster_import_id)
    if row.state != imports.CHECKED:
        return redirect_to("rosters.show", cohort_id=cohort_id, roster_import_id=row.id)
    table = Table(row, stored.told_by(standing().organisation.id))
    return _page(row, table, table.form(offers_guesses=not row.reading))


@routes.post("", access=ADMINISTRATOR)
def update(cohort_id: int, roster_import_id: int):
    with looking():
        row = _import(cohort_id, roster_import_id)
        told = stored.told_by(standing().organisation.id)
    if row.state != imports.CHECKED:
        flash(str(imports.ALREADY), "warning")
        return redirect_to("rosters.show", cohort_id=cohort_id, roster_import_id=row.id)
    table = Table(row, told)
    form = table.form()
    sent = form.validate()
    chosen = {int(field.name.removeprefix("column_")): field.data for field in form if field.data}
    why = complaint([tuple(text.split(".")) for text in chosen.values()]) if sent else None
    if not sent or why:
        if why:
            form.refuse(complaint_sentences()[why])
        return _page(row, table, form, status=422)
    said, usual = _said(table, chosen)
    told = {one: column for one, column in told.items() if one not in usual} | {
        one: stored.column_from(meaning) for one, meaning in said.items()
    }
    try:
        roster = stored.roster_of(row, standing().cohort, told)
        imports.remember_columns(standing().cohort, said, usual, current_user.id)
        imports.recheck(standing().cohort, row, roster, current_user.id)
    except Refused as refusal:
        form.refuse(refusal.sentence)
        return _page(row, table, form, status=409 if refusal.conflict else 422)
    return redirect_to("rosters.show", cohort_id=cohort_id, roster_import_id=row.id)


def _said(table: Table, chosen: dict[int, str]) -> tuple[dict[str, str], list[str]]:
    """(what differs from the usual reading, the headers for which that holds again)."""
    said, usual = {}, []
    for position, (text, key) in enumerate(
        zip(table.header.texts, keys_of(table.header.texts), strict=True)
    ):
        if not text:
            continue
        meaning = chosen.get(position, "")
        if meaning == ".".join(table.plain.columns.get(position, ())):
            usual.append(key)
        else:
            said[key] = meaning
    return said, usual


def complaint_sentences() -> dict[str, str]:
    """Why a list cannot be read by the columns that were chosen."""
    return {
        "twice": _("Two columns have the same meaning. Leave one of them as “Not used”."),
        "no-name": _("Say which column holds the names."),
        "no-identity": _(
            "Say which column holds the NIP, the e-mail address or the user name; that is what "
            "people sign in with."
        ),
    }


def _import(cohort_id: int, roster_import_id: int) -> RosterImport:
    return queries.roster_import_in(cohort_id, roster_import_id) or abort(404)


def _page(row: RosterImport, table: Table, form: Form, status: int = 200) -> Page:
    return page(
        "cohorts/roster_columns.html",
        status=status,
        cohort=standing().cohort,
        roster_import=row,
        table=table,
        form=form,
    )
