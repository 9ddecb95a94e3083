"""`flask doctor`: what is well and what is not, one line each."""

import os
import platform
import shutil
import smtplib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.config import ROOT, Settings
from portal.database import db, is_postgresql
from portal.files import storage
from portal.files.models import Blob
from portal.jobs import queries as jobs
from portal.upkeep.migrations import newest_revision, revision_of

LITTLE_SPACE = 1 << 30
CLOCKS_APART = timedelta(seconds=5)


class Unwell(Exception):
    """A finding that somebody must do something about. The text says what."""


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    name: str
    is_well: bool
    says: str


def examine() -> Iterator[Finding]:
    """Every check in turn; one that breaks is a finding, not an error."""
    for name, check in CHECKS.items():
        try:
            yield Finding(name, True, check())
        except Unwell as reason:
            yield Finding(name, False, str(reason))
        except Exception as error:
            yield Finding(name, False, f"{type(error).__name__}: {error}".splitlines()[0])
        finally:
            db.session.rollback()


def settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found


def database() -> str:
    """Reachable, at the newest migration, and (SQLite) sound."""
    connection = db.session.connection()
    if is_postgresql():
        server = connection.exec_driver_sql("SHOW server_version").scalar_one()
        what = f"PostgreSQL {server}"
    else:
        what = f"SQLite {sqlite3.sqlite_version}, {db.engine.url.database}"
        if (answer := connection.exec_driver_sql("PRAGMA quick_check").scalar_one()) != "ok":
            raise Unwell(f"{what}: {answer}; restore the last backup")
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise Unwell(f"{what}: a row refers to a row that is not there")
    present, newest = revision_of(connection), newest_revision()
    if present != newest:
        raise Unwell(f"{what}: at migration {present}, not {newest}; run `flask db upgrade`")
    return f"{what}, migration {present}"


def files() -> str:
    """The folder takes bytes, has room, and holds every file that a row names."""
    folder = storage.folder()
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"sinau")
        file.flush()
        os.fsync(file.fileno())
    room = shutil.disk_usage(folder).free
    if room < LITTLE_SPACE:
        raise Unwell(f"{folder}: only {room >> 20} MB are free")
    hashes = db.session.scalars(sa.select(Blob.sha256)).all()
    missing = [one for one in hashes if not storage.path_of(Blob(sha256=one)).is_file()]
    if missing:
        raise Unwell(f"{folder}: {len(missing)} of {len(hashes)} files are missing: {missing[0]}")
    return f"{folder}: {len(hashes)} files, {room >> 30} GB free"


def mail() -> str:
    """Off, or the server takes our sign-in."""
    if not settings().smtp_url:
        return "off (PORTAL_SMTP_URL is not set): links are printed or copied instead"
    url = urlsplit(settings().smtp_url)
    server_class = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    port = url.port or (465 if url.scheme == "smtps" else 587)
    with server_class(url.hostname or "", port, timeout=10) as server:
        server.ehlo()
        if url.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.noop()
    return f"{url.hostname} answers"


def worker() -> str:
    """Nothing has waited for long, nothing was given up."""
    now = clock.now()
    backlog = jobs.backlog(now, now - jobs.OVERDUE)
    if backlog.overdue:
        raise Unwell(f"{backlog.overdue} jobs have waited for long: is `flask worker` running?")
    if backlog.failed:
        raise Unwell(f"{backlog.failed} jobs were given up; the page /jobs says why")
    return f"{backlog.open} jobs wait, none for long"


def nudges() -> str:
    """What wakes the worker can be reached."""
    address = settings().redis_url
    if not address:
        return "by the database"
    from redis import Redis, RedisError

    try:
        with Redis.from_url(address, socket_timeout=5) as server:
            server.ping()
    except RedisError as error:
        raise Unwell(f"{error}; until it is back jobs wait for the sweep") from error
    return f"by Redis, {urlsplit(address).hostname} answers"


def versions() -> str:
    names = ("flask", "sqlalchemy", "huey", "waitress")
    found = ", ".join(f"{name} {version(name)}" for name in names)
    return f"Python {platform.python_version()}, {found}"


def browser_code() -> str:
    """htmx and the icons lie where the pages look for them."""
    vendor = ROOT / "static" / "vendor"
    missing = [name for name in ("htmx.min.js", "icons.svg") if not (vendor / name).is_file()]
    if missing:
        raise Unwell(f"{', '.join(missing)} missing; pages work without, `make setup` lays them")
    return "laid"


def clocks() -> str:
    """The zone is known, and this machine and the database agree on the time."""
    local = clock.now().astimezone(ZoneInfo(settings().default_zone))
    if is_postgresql():
        there = db.session.scalar(sa.select(sa.func.clock_timestamp()))
        assert there is not None
        if abs(there - clock.now()) > CLOCKS_APART:
            raise Unwell(f"the database's clock says {there:%H:%M:%S}, ours {clock.now():%H:%M:%S}")
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()} ({settings().default_zone})"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "files": files,
    "mail": mail,
    "worker": worker,
    "nudges": nudges,
    "versions": versions,
    "browser code": browser_code,
    "clock": clocks,
}
