"""Moving a demo that has grown old: every date by the same whole number of days."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.database import UTCDateTime, db
from portal.outages.models import Heartbeat, Outage

# What belongs to devices, links and the engine, not to the story, stays when it is.
LEFT_ALONE = {"alembic_version", "job", "one_time_link", "sign_in"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:\d{2})?")


def move(days: int) -> int:
    """Move every date in the database by so many days, those inside JSON too; how many rows.

    The health log is forgotten: the demo lay elsewhere when the portal was away.
    """
    db.session.flush()
    connection = db.session.connection()
    for kept in (Outage, Heartbeat):
        connection.execute(sa.delete(kept))
    moved = 0
    for table in db.metadata.sorted_tables:
        columns = [one for one in table.columns if is_dated(one)]
        if not columns or table.name in LEFT_ALONE:
            continue
        keys = list(table.primary_key.columns)
        rows = connection.execute(sa.select(*keys, *columns)).all()
        values = [
            {f"key_{place}": row[place] for place in range(len(keys))}
            | {f"new_{place}": later(value, days) for place, value in enumerate(row[len(keys) :])}
            for row in rows
        ]
        if values:
            connection.execute(
                table.update()
                .where(*(key == sa.bindparam(f"key_{place}") for place, key in enumerate(keys)))
                .values({one: sa.bindparam(f"new_{i}", type_=one.type) for i, one in
                         enumerate(columns)}),
                values,
            )  # fmt: skip
        moved += len(values)
    db.session.expire_all()
    return moved


def is_dated(column: sa.Column[Any]) -> bool:
    """Whether a column may hold dates."""
    return isinstance(column.type, UTCDateTime | sa.Date | sa.JSON)


def later(value: Any, days: int) -> Any:
    """The same value with every date in it moved; other values and texts stay as they are."""
    if isinstance(value, date):
        return value + timedelta(days=days)
    if isinstance(value, dict):
        return {key: later(one, days) for key, one in value.items()}
    if isinstance(value, list):
        return [later(one, days) for one in value]
    if isinstance(value, str) and DAY.fullmatch(value):
        return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return (datetime.fromisoformat(value) + timedelta(days=days)).isoformat()
    return value
