"""A consistent copy of database and files while the portal runs."""

import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from portal import clock
from portal.database import Base, db, is_postgresql
from portal.files import storage
from portal.files.models import Blob
from portal.upkeep.archive import FORMAT, KINDS, Manifest, chunks, encoded, kind_of
from portal.upkeep.migrations import newest_revision, revision_of


class NotMigrated(Exception):
    """The database is not at the migration this code knows."""


def back_up(target: Path) -> Manifest:
    """Write the archive; it appears under its name only when it is whole and on the disk.

    All rows are read in one transaction that sees one moment. Stored bytes never change, so they
    are copied afterwards; those that are missing or damaged are listed, not hidden.
    """
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _write(archive)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(archive: zipfile.ZipFile) -> Manifest:
    options: dict[str, Any] = {"readonly": True}
    if is_postgresql():
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection:
        revision = revision_of(connection)  # the first read: from here on time stands still
        if revision is None or revision != newest_revision():
            raise NotMigrated("the database is not at the newest migration; run `flask db upgrade`")
        manifest = Manifest(FORMAT, clock.now().isoformat(), revision, db.engine.dialect.name)
        for table in Base.metadata.sorted_tables:
            _write_table(archive, manifest, connection, table)
        hashes = connection.scalars(sa.select(Blob.sha256).order_by(Blob.sha256)).all()
    for sha256 in hashes:
        _write_file(archive, manifest, sha256)
    archive.writestr("manifest.json", manifest.dumped())
    return manifest


class Hashing:
    """Writes to an entry and keeps the hash of what went in."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self.file.write(data)


def _write_table(
    archive: zipfile.ZipFile, manifest: Manifest, connection: sa.Connection, table: sa.Table
) -> None:
    kinds = [kind_of(column.type) for column in table.columns]
    raw = [
        sa.type_coerce(column, KINDS[kind])
        for column, kind in zip(table.columns, kinds, strict=True)
    ]
    rows = connection.execute(
        sa.select(*raw).order_by(*table.primary_key.columns),
        execution_options={"stream_results": True, "yield_per": 1000},
    )
    name, count = f"tables/{table.name}.jsonl", 0
    with archive.open(name, "w", force_zip64=True) as file:
        out = Hashing(file)
        columns = [column.name for column in table.columns]
        out.write(_line(dict(zip(columns, kinds, strict=True))))
        for row in rows:
            out.write(_line([encoded(kind, value) for kind, value in zip(kinds, row, strict=True)]))
            count += 1
    manifest.rows[table.name] = count
    manifest.sha256[name] = out.digest.hexdigest()


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _write_file(archive: zipfile.ZipFile, manifest: Manifest, sha256: str) -> None:
    """Add stored bytes under their hash; when they are not what the hash says, list them."""
    blob = Blob(sha256=sha256)
    try:
        if storage.hash_of(blob) != sha256:
            raise storage.Missing(sha256)
        with storage.open_blob(blob) as source:
            entry = zipfile.ZipInfo(f"files/{sha256}")
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in chunks(source):
                    file.write(chunk)
    except storage.Missing:
        manifest.missing.append(sha256)
        return
    manifest.sha256[f"files/{sha256}"] = sha256
