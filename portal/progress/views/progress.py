"""A cohort at a glance, and as files."""

from flask import request

from portal import clock
from portal.assignments.outages import proposals_in
from portal.progress import queries, rules
from portal.progress.words import state_words
from portal.texts import _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.exports import Cell as Value
from portal.web.exports import spreadsheet
from portal.web.formats import exact
from portal.web.htmx import page
from portal.web.routes import Routes

routes = Routes("progress", __name__, url_prefix="/cohorts/<int:cohort_id>/progress")

SORTS = {
    "number": lambda row: (row.list_number is None, row.list_number or 0, row.person.sort_name),
    "name": lambda row: (row.person.sort_name, row.person.id),
    "read": lambda row: (row.read, row.person.sort_name),
    "work": lambda row: (row.handed_in, row.accepted, row.person.sort_name),
    "arrears": lambda row: (-row.in_arrears, row.person.sort_name),
}
SHOWN = {
    "arrears": lambda row: row.in_arrears,
    "unanswered": lambda row: row.unanswered,
    "alone": lambda row: not row.has_mentor,
}


@routes.get("", access=ADMINISTRATOR)
def index(cohort_id: int):
    table = queries.table_of(standing().cohort, clock.now())
    sort = request.args.get("sort")
    sort = sort if sort in SORTS else "number"
    down = request.args.get("down") == "1"
    chosen = request.args.get("show")
    words = request.args.get("words", "")[:100].casefold().split()
    rows = [
        row
        for row in sorted(table.rows, key=SORTS[sort], reverse=down)
        if (chosen not in SHOWN or SHOWN[chosen](row))
        and all(w in f"{row.person.name} {row.person.unit}".casefold() for w in words)
    ]
    return page(
        "progress/index.html",
        cohort=standing().cohort,
        table=table,
        rows=rows,
        sort=sort,
        down=down,
        chosen=chosen if chosen in SHOWN else None,
        words=" ".join(words),
        counts={name: sum(bool(test(row)) for row in table.rows) for name, test in SHOWN.items()},
        state_words=state_words(),
        outages=len(proposals_in([cohort_id]).get(cohort_id, ())) if table.was_outage else 0,
    )


@routes.get("/progress.xlsx", access=ADMINISTRATOR)
def progress_xlsx(cohort_id: int):
    return _progress("xlsx")


@routes.get("/progress.csv", access=ADMINISTRATOR)
def progress_csv(cohort_id: int):
    return _progress("csv")


@routes.get("/marks.xlsx", access=ADMINISTRATOR)
def marks_xlsx(cohort_id: int):
    return _marks("xlsx")


@routes.get("/marks.csv", access=ADMINISTRATOR)
def marks_csv(cohort_id: int):
    return _marks("csv")


def _progress(form: str):
    table = queries.table_of(standing().cohort, clock.now())
    words = state_words()
    header = [
        _("No."), _("Name"), _("Unit"), _("Lessons read"), _("of"), _("Handed in"),
        _("Accepted"), _("In arrears"), *(one.assignment.title for one in table.schedules),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            row.list_number, row.person.name, row.person.unit, row.read, table.lessons,
            row.handed_in, row.accepted, row.in_arrears,
            *(_word_of(cell, words) for cell in row.cells),
        ]
        for row in table.rows
    ]  # fmt: skip
    return spreadsheet(f"{_('Progress')} {standing().cohort.name}", header, rows, form)


def _word_of(cell: rules.Cell, words: dict[str, str]) -> str:
    if cell.version is None:
        return words[cell.state]
    text = f"{words[cell.state]} (v{cell.version.number}, {exact(cell.version.received_at)})"
    return f"{text}, {_('late')}" if cell.is_late_work else text


def _marks(form: str):
    """Released marks only, as numbers; an unmarked work is an empty cell, never 0, and who is
    exempt has a word there."""
    table = queries.table_of(standing().cohort, clock.now())
    exempt = state_words()[rules.EXEMPT]
    header = [_("No."), _("Name"), _("Unit"), *(one.assignment.title for one in table.schedules)]
    rows: list[list[Value]] = [
        [
            row.list_number, row.person.name, row.person.unit,
            *(exempt if not cell.is_expected else cell.mark for cell in row.cells),
        ]
        for row in table.rows
    ]  # fmt: skip
    return spreadsheet(f"{_('Marks')} {standing().cohort.name}", header, rows, form)
