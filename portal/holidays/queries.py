"""The calendar of holidays: what is shipped, with what was changed."""

import csv
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.database import db, locked
from portal.holidays import rules
from portal.holidays.models import Holiday
from portal.holidays.rules import ORGANISATION, PORTAL, Entry, WorkingDays
from portal.selects import prepared

SHIPPED = Path(__file__).with_name("indonesia.csv")


@cache
def shipped() -> tuple[Entry, ...]:
    """Indonesia's public holidays and joint leave (cuti bersama) as far as they are known."""
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Entry(
                day=date.fromisoformat(row["day"]),
                kind=row["kind"],
                name_id=row["name_id"],
                name_en=row["name_en"],
                source=row["source"],
                is_provisional=bool(row["is_provisional"]),
            )
            for row in csv.DictReader(lines)
        )


@prepared
def _changed(organisation_id: Any) -> sa.Select[Any]:
    return (
        sa.select(Holiday)
        .where(
            sa.or_(Holiday.organisation_id.is_(None), Holiday.organisation_id == organisation_id)
        )
        .order_by(Holiday.day)
    )


def entry_of(row: Holiday) -> Entry:
    return Entry(
        day=row.day,
        kind=row.kind,
        name_id=row.name,
        name_en=row.name,
        source=row.source,
        is_provisional=row.is_provisional,
        is_off=row.is_off,
        layer=PORTAL if row.organisation_id is None else ORGANISATION,
        revision=row.revision,
    )


def calendar_of(organisation_id: int | None) -> dict[date, Entry]:
    """Every day that is or was off for the organisation (the whole portal for None). One query."""
    rows = list(db.session.scalars(*_changed(organisation_id=organisation_id or 0)))
    portal = [entry_of(row) for row in rows if row.organisation_id is None]
    own = [entry_of(row) for row in rows if row.organisation_id is not None]
    return rules.laid(shipped(), portal, own)


def working_days_of(organisation_id: int | None) -> WorkingDays:
    """The working days of the organisation. One query."""
    return rules.days_off(calendar_of(organisation_id))


def row_to_change(organisation_id: int | None, day: date) -> Holiday | None:
    """What the organisation itself (the portal for None) changed about a day, held until the
    commit."""
    own = (
        Holiday.organisation_id == organisation_id
        if organisation_id
        else Holiday.organisation_id.is_(None)
    )
    return db.session.scalar(
        locked(sa.select(Holiday).where(Holiday.day == day, own)).execution_options(
            populate_existing=True
        )
    )


def beneath(organisation_id: int | None, day: date) -> Entry | None:
    """What would hold for the day if the organisation (or the portal) had changed nothing."""
    if organisation_id is not None:
        return calendar_of(None).get(day)
    return next((entry for entry in shipped() if entry.day == day), None)
