"""What administrators change in the calendar of holidays. Two who change one day do not undo each
other: the second is told and sees what holds now."""

from datetime import date

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.database import action, db
from portal.holidays import queries
from portal.holidays.models import Holiday
from portal.journal.actions import record
from portal.texts import Refused, lazy

FIRST_YEAR, LAST_YEAR = 2000, 2100


def _own_row(organisation_id: int | None, day: date, revision: int) -> Holiday | None:
    """The row to change, if nobody else has changed it since ``revision`` was seen."""
    row = queries.row_to_change(organisation_id, day)
    if (row.revision if row else 0) != revision:
        raise Refused(
            lazy("Somebody else changed this day meanwhile. Look at the calendar and try again."),
            conflict=True,
        )
    return row


def _write(row: Holiday, organisation_id: int | None, by: int, verb: str) -> None:
    row.changed_by_id, row.changed_at = by, clock.now()
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refused(
            lazy("Somebody else changed this day meanwhile. Look at the calendar and try again."),
            conflict=True,
        ) from error
    record(
        verb, row, by=by, organisation_id=organisation_id, day=row.day.isoformat(), name=row.name
    )


@action
def set_day_off(
    organisation_id: int | None,
    day: date,
    *,
    kind: str,
    name: str,
    source: str,
    is_provisional: bool,
    revision: int,
    by: int,
    instead_of: date | None = None,
    instead_of_revision: int = 0,
) -> None:
    """Make a day off, or change what is said of it; ``instead_of`` is the day it was moved from."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(lazy("Choose a day."), field="day")
    if instead_of is not None and instead_of != day:
        give_back(organisation_id, instead_of, revision=instead_of_revision, by=by)
        known = queries.row_to_change(organisation_id, day)
        revision = known.revision if known else 0
    row = _own_row(organisation_id, day, revision)
    if row is None:
        row = Holiday(organisation_id=organisation_id, day=day, revision=0)
    row.kind, row.name, row.source = kind, name, source
    row.is_provisional, row.is_off = is_provisional, True
    row.revision += 1
    _write(row, organisation_id, by, "holidays.set_day_off")


@action
def give_back(organisation_id: int | None, day: date, *, revision: int, by: int) -> None:
    """Make a day off a working day. A day only this layer named disappears from it."""
    row = _own_row(organisation_id, day, revision)
    under = queries.beneath(organisation_id, day)
    if under is None or not under.is_off:
        if row is not None:
            record("holidays.give_back", row, by=by, organisation_id=organisation_id,
                   day=day.isoformat(), name=row.name)  # fmt: skip
            db.session.delete(row)
            db.session.flush()
        return
    if row is None:
        row = Holiday(organisation_id=organisation_id, day=day, revision=0)
    row.kind, row.name, row.source = under.kind, under.name_id, under.source
    row.is_provisional, row.is_off = False, False
    row.revision += 1
    _write(row, organisation_id, by, "holidays.give_back")


@action
def restore(organisation_id: int | None, day: date, *, revision: int, by: int) -> None:
    """Forget what this layer changed about a day: what lies beneath holds again."""
    row = _own_row(organisation_id, day, revision)
    if row is not None:
        record("holidays.restore", row, by=by, organisation_id=organisation_id,
               day=day.isoformat(), name=row.name)  # fmt: skip
        db.session.delete(row)
        db.session.flush()
