"""Bring a backup back: nothing is written before the whole archive has been checked."""

import contextlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from flask_migrate import upgrade

from portal.database import analyse, db
from portal.files import storage
from portal.files.models import Blob
from portal.upkeep.archive import KINDS, BrokenArchive, Manifest, checked, chunks, decoded
from portal.upkeep.migrations import is_known, revision_of

ROWS_AT_ONCE = 1000


class NotEmpty(Exception):
    """The database holds something that a restore would destroy."""


def restore(source: Path, *, replace: bool = False) -> Manifest:
    """Make database and files what they were when the backup was made.

    Refuses a damaged archive, and, unless ``replace`` is true, a database that holds rows. Rows
    come back in one transaction; an older backup is migrated to the newest schema afterwards.
    """
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise BrokenArchive("this is no backup of the portal, or it was cut off") from error
    with archive:
        manifest = checked(archive)
        if not is_known(manifest.revision):
            raise BrokenArchive(f"migration {manifest.revision} is unknown: a newer portal made it")
        _prepare_tables(manifest, replace)
        for name in manifest.sha256:
            if name.startswith("files/"):
                _restore_file(archive, name)
        with _without_foreign_keys() as connection:
            _restore_rows(archive, manifest, connection)
    upgrade()
    analyse()
    return manifest


def _prepare_tables(manifest: Manifest, replace: bool) -> None:
    """Leave the backup's own tables, at its own migration, or refuse."""
    with db.engine.connect() as connection:
        present = revision_of(connection)
        if present == manifest.revision:
            if not replace and any(_holds_rows(connection, name) for name in manifest.rows):
                raise NotEmpty("the database is not empty; --replace puts the backup in its place")
            return
    if present is not None:
        raise NotEmpty(
            f"the database is at migration {present}, the backup at {manifest.revision}; "
            "restore it into a new database"
        )
    upgrade(revision=manifest.revision)


def _holds_rows(connection: sa.Connection, name: str) -> bool:
    rows = sa.select(sa.literal(1)).select_from(sa.table(name))
    return connection.execute(sa.select(sa.exists(rows))).scalar_one()


def _restore_file(archive: zipfile.ZipFile, name: str) -> None:
    """Put the bytes where the portal keeps them, whole and on the disk."""
    final = storage.path_of(Blob(sha256=name.removeprefix("files/")))
    if final.exists():
        return
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=final.parent)
    with os.fdopen(descriptor, "wb") as target, archive.open(name) as source:
        for chunk in chunks(source):
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    Path(part).replace(final)


def _restore_rows(archive: zipfile.ZipFile, manifest: Manifest, connection: sa.Connection) -> None:
    for name in manifest.rows:
        connection.execute(sa.delete(sa.table(name)))
    for name in manifest.rows:
        with archive.open(f"tables/{name}.jsonl") as file:
            kinds: dict[str, str] = json.loads(file.readline())
            columns = [sa.column(column, KINDS[kind]) for column, kind in kinds.items()]
            insert = sa.insert(sa.table(name, *columns))
            for rows in _batches(file, kinds):
                connection.execute(insert, rows)
        if connection.dialect.name == "postgresql" and kinds.get("id") == "integer":
            connection.execute(NEXT_ID, {"name": f'"{name}"', "last": _last_id(connection, name)})


def _last_id(connection: sa.Connection, name: str) -> int:
    last = sa.func.coalesce(sa.func.max(sa.column("id", sa.Integer)), 0)
    return connection.execute(sa.select(last).select_from(sa.table(name))).scalar_one()


def _batches(file: IO[bytes], kinds: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    while lines := list(islice(file, ROWS_AT_ONCE)):
        yield [
            {
                column: decoded(kind, value)
                for (column, kind), value in zip(kinds.items(), json.loads(line), strict=True)
            }
            for line in lines
        ]


@contextlib.contextmanager
def _without_foreign_keys() -> Iterator[sa.Connection]:
    """One transaction in which rows may come in any order; at its end every reference must hold."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin():
                keys = connection.exec_driver_sql(FOREIGN_KEYS).all()
                for table, name, _ in keys:
                    connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
                yield connection
                for table, name, definition in keys:
                    connection.exec_driver_sql(
                        f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
                    )
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise BrokenArchive(f"rows refer to rows that are not there: {broken[:3]}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


NEXT_ID = sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last + 1, false)")

FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""
