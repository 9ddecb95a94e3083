"""Importing people in three steps: choose a file, check every row, done. And taking it back."""

from collections.abc import Sequence
from io import BytesIO

from flask import abort, flash, request
from flask_login import current_user

from portal.cohorts import imports, queries, stored, undoing
from portal.cohorts.forms import RosterForm
from portal.cohorts.headers import is_secret
from portal.cohorts.models import RosterImport
from portal.cohorts.plan import KINDS, REFUSED, SAME, restored
from portal.cohorts.problems import label_of, meaning_of
from portal.cohorts.roster import Roster, Unmapped, read_roster
from portal.cohorts.sheets import MAX_BYTES
from portal.files import storage
from portal.files.actions import blob_of
from portal.files.kinds import KINDS as FILE_KINDS
from portal.files.names import display_name
from portal.texts import Refused, _
from portal.web.access import ADMINISTRATOR, standing
from portal.web.exports import Cell, spreadsheet
from portal.web.formats import local_today
from portal.web.htmx import Page, page, redirect_to
from portal.web.routes import Routes
from portal.web.routes import reading as looking

routes = Routes("rosters", __name__, url_prefix="/cohorts/<int:cohort_id>/imports")

AT_ONCE = 200


@routes.get("", access=ADMINISTRATOR)
def index(cohort_id: int):
    return _choose(RosterForm())


@routes.post("", access=ADMINISTRATOR)
def create(cohort_id: int):
    form = RosterForm()
    if not form.validate():
        return _choose(form, status=422)
    data = form.file.data.read(MAX_BYTES + 1)
    name = display_name(form.file.data.filename)
    roster: Roster | None = None
    try:
        organisation = standing().organisation
        with looking():  # reading a large file takes seconds, in which others may write
            told = stored.told_by(organisation.id)
        roster = read_roster(data, name, local_today(organisation.zone), told)
    except Unmapped:
        pass  # their columns are asked for on the next page
    except Refused as refusal:
        form.refuse(refusal.sentence, "file")
        return _choose(form, status=422)
    # The bytes go to disk and are read before the transaction takes any lock.
    kept = storage.keep(BytesIO(data))
    blob = blob_of(kept, FILE_KINDS["xlsx" if data.startswith(b"PK") else "csv"])
    row = imports.check_roster(standing().cohort, roster, blob, name, current_user.id)
    return redirect_to("rosters.show", cohort_id=cohort_id, roster_import_id=row.id)


@routes.get("/<int:roster_import_id>", access=ADMINISTRATOR)
def show(cohort_id: int, roster_import_id: int):
    row = _import(cohort_id, roster_import_id)
    if not row.reading:
        return redirect_to(
            "roster_columns.edit", cohort_id=cohort_id, roster_import_id=roster_import_id
        )
    return _check(row)


@routes.post("/<int:roster_import_id>/application", access=ADMINISTRATOR, endpoint="apply")
def apply(cohort_id: int, roster_import_id: int):
    row = _import(cohort_id, roster_import_id)
    try:
        if not row.reading:
            raise Refused(_("Say first what the columns of this list mean."))
        imports.request_import(standing().cohort, row, current_user.id)
    except Refused as refusal:
        return _check(row, status=409, notice=refusal.sentence)
    return redirect_to("rosters.show", cohort_id=cohort_id, roster_import_id=row.id)


@routes.post("/<int:roster_import_id>/undoing", access=ADMINISTRATOR, endpoint="undo")
def undo(cohort_id: int, roster_import_id: int):
    row = _import(cohort_id, roster_import_id)
    try:
        undoing.undo_import(standing().cohort, row.id, current_user.id)
    except Refused as refusal:
        return _check(row, status=409, why_not=str(refusal).split("\n"))
    flash(_("The import is undone; everything is as it was before."))
    return redirect_to("rosters.show", cohort_id=cohort_id, roster_import_id=row.id)


@routes.get("/<int:roster_import_id>/verdicts.xlsx", access=ADMINISTRATOR)
def verdicts_xlsx(cohort_id: int, roster_import_id: int):
    return _verdict_file(_import(cohort_id, roster_import_id), "xlsx")


@routes.get("/<int:roster_import_id>/verdicts.csv", access=ADMINISTRATOR)
def verdicts_csv(cohort_id: int, roster_import_id: int):
    return _verdict_file(_import(cohort_id, roster_import_id), "csv")


def _import(cohort_id: int, roster_import_id: int) -> RosterImport:
    return queries.roster_import_in(cohort_id, roster_import_id) or abort(404)


def _choose(form: RosterForm, status: int = 200) -> Page:
    cohort = standing().cohort
    return page(
        "cohorts/rosters.html",
        status=status,
        cohort=cohort,
        form=form,
        imports=queries.roster_imports_in(cohort.id),
    )


def _check(
    row: RosterImport, status: int = 200, notice: str = "", why_not: Sequence[str] = ()
) -> Page:
    verdicts = [restored(values) for values in row.verdicts]
    counts = {kind: sum(v.kind == kind for v in verdicts) for kind in KINDS}
    chosen = request.args.get("verdict")
    shown = [v for v in verdicts if v.kind == chosen or chosen not in KINDS]
    if chosen == "remark":
        shown = [v for v in verdicts if v.problems and v.kind != REFUSED]
    start = min(max(request.args.get("from", 0, int), 0), max(len(shown) - 1, 0))
    return page(
        "cohorts/roster_import.html",
        fragment="cohorts/_import_progress.html",
        status=status,
        cohort=standing().cohort,
        roster_import=row,
        counts=counts,
        chosen=chosen if chosen in (*KINDS, "remark") else None,
        verdicts=shown[start : start + AT_ONCE],
        start=start,
        total=len(shown),
        at_once=AT_ONCE,
        remarks=sum(bool(v.problems) and v.kind != REFUSED for v in verdicts),
        importing=sum(v.kind not in (SAME, REFUSED) for v in verdicts),
        label_of=label_of,
        meaning_of=meaning_of,
        notice=notice or (outcome_sentences()[row.outcome] if row.outcome else ""),
        why_not=why_not,
        passwords=[one for one in row.reading.get("unused_columns", ()) if is_secret(one)],
        under_way=row.state in imports.UNDER_WAY,
        undo_until=undoing.undo_until(row),
    )


def outcome_sentences() -> dict[str, str]:
    """Why nothing was imported, by the outcome of an import."""
    return {
        imports.CHANGED: _(
            "Something changed in the portal since you checked this list. Nothing was imported: "
            "these are the verdicts as they are now. Look at them and press again."
        ),
        imports.CONFLICT: _(
            "Somebody else changed the same people just now. Nothing was imported; try again."
        ),
        imports.CLOSED: _(
            "The cohort was closed before its turn came. Nothing was imported: when the cohort is "
            "open again, press again."
        ),
        imports.FAILED: _(
            "The import could not be carried out. Nothing was imported and nothing is lost; press "
            "again, and tell whoever keeps this portal when it happens twice."
        ),
    }


def _verdict_file(row: RosterImport, form: str):
    header = [
        _("Sheet"), _("Row"), _("Verdict"), _("Role"), _("Capacity"), _("Name"), _("Identity"),
        _("Changes"), _("Remarks"),
    ]  # fmt: skip
    words = verdict_words()
    rows: list[list[Cell]] = [
        [
            verdict.sheet,
            verdict.number,
            words[verdict.kind],
            label_of(verdict.role),
            label_of(verdict.capacity) if verdict.capacity else "",
            verdict.name,
            verdict.identity,
            "\n".join(f"{label_of(c)}: {a or '–'} → {b}" for c, a, b in verdict.changes),
            "\n".join(p.text for p in verdict.problems),
        ]
        for verdict in (restored(values) for values in row.verdicts)
    ]
    return spreadsheet(_("Verdicts"), header, rows, form)


def verdict_words() -> dict[str, str]:
    """The verdicts in the reader's language."""
    return {"new": _("new"), "changed": _("changed"), "same": _("same"), "refused": _("refused")}
