"""The backup's format: a ZIP that any of the portal's databases can be restored from.

    manifest.json           when, by which migration, and for every other entry its SHA-256
    tables/<name>.jsonl     first line the columns with their kinds, then one line for each row
    files/<sha256>          the stored bytes

Rows are kept as the databases hold them (hundredths as integers, times as UTC), so a backup taken
on SQLite restores on PostgreSQL and the other way round.
"""

import base64
import datetime
import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import IO, Any

import sqlalchemy as sa

from portal.database import UTCDateTime

FORMAT = 1
CHUNK = 1 << 20


class BrokenArchive(Exception):
    """The file is no backup of this portal, or it was cut off or changed."""


@dataclass
class Manifest:
    """What an archive says about itself."""

    format: int
    made_at: str
    revision: str
    database: str
    rows: dict[str, int] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def dumped(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> "Manifest":
        try:
            manifest = cls(**json.loads(archive.read("manifest.json")))
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenArchive("this is no backup of the portal") from error
        if manifest.format != FORMAT:
            raise BrokenArchive(f"the backup has format {manifest.format}, not {FORMAT}")
        return manifest


# The kinds a column can have in an archive: how it is read, written as JSON, and put back.
KINDS: dict[str, Any] = {
    "integer": sa.BigInteger(),
    "float": sa.Float(),
    "text": sa.Text(),
    "boolean": sa.Boolean(),
    "moment": UTCDateTime(),
    "date": sa.Date(),
    "bytes": sa.LargeBinary(),
    "json": sa.JSON(none_as_null=True),
}


def kind_of(type_: sa.types.TypeEngine[Any]) -> str:
    """The kind of a column of this type; raises TypeError for one that the format does not know."""
    if isinstance(type_, UTCDateTime):
        return "moment"
    if isinstance(type_, sa.types.TypeDecorator):
        return kind_of(type_.impl_instance)
    for kind, types in (
        ("json", sa.JSON),
        ("boolean", sa.Boolean),
        ("date", sa.Date),
        ("bytes", sa.LargeBinary),
        ("integer", sa.Integer),
        ("float", sa.Float),
        ("text", sa.String),
    ):
        if isinstance(type_, types):
            return kind
    raise TypeError(f"the backup's format has no kind for {type_!r}")


def encoded(kind: str, value: Any) -> Any:
    """A value of the database as JSON can hold it."""
    if value is None:
        return None
    if kind in {"moment", "date"}:
        return value.isoformat()
    if kind == "bytes":
        return base64.b64encode(value).decode("ascii")
    return value


def decoded(kind: str, value: Any) -> Any:
    """The reverse of ``encoded``."""
    if value is None:
        return None
    if kind == "moment":
        return datetime.datetime.fromisoformat(value)
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "bytes":
        return base64.b64decode(value)
    return value


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    while chunk := file.read(CHUNK):
        yield chunk


def checked(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, after every entry has been read and compared with it."""
    manifest = Manifest.of(archive)
    names = set(archive.namelist()) - {"manifest.json"}
    if names != set(manifest.sha256):
        raise BrokenArchive("entries are missing or were added")
    for name, expected in manifest.sha256.items():
        digest = hashlib.sha256()
        try:
            with archive.open(name) as file:
                for chunk in chunks(file):
                    digest.update(chunk)
        except zipfile.BadZipFile as error:
            raise BrokenArchive(f"{name} is damaged") from error
        if digest.hexdigest() != expected:
            raise BrokenArchive(f"{name} is damaged")
    return manifest
