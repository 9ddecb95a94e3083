"""The database: session, base class, column types, and how a connection behaves.

Promises kept here: a GET cannot write, a writer on SQLite queues at a gate instead of failing
as busy, an action that refuses leaves nothing behind, and every time is aware UTC.
"""

import fcntl
import functools
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

PREPARED_MOST = 300
PAGE_SECONDS = 20
SQLITE_BUSY_MILLISECONDS = 10_000
GATE_SECONDS = 20.0
GATE_PAUSE = 0.002

P = ParamSpec("P")
R = TypeVar("R")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator):
    """A moment: aware UTC in Python, refused when naive."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time has no place in the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect, coltype):
        """Straight from the text that SQLite gives: a page reads hundreds of them. The connections
        to PostgreSQL speak UTC (``listen``), so its driver gives them as they should be."""
        return _from_text if dialect.name == "sqlite" else None


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class Hundredths(TypeDecorator):
    """An exact number with two decimals: Decimal in Python, integer hundredths in the database."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect):
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if hundredths != hundredths.to_integral_value():
            raise ValueError(f"{value} has more than two decimals")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect):
        return None if value is None else Decimal(value).scaleb(-2)


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime,
            Decimal: Hundredths,
            dict[str, Any]: sa.JSON(none_as_null=True),
            list[Any]: sa.JSON(none_as_null=True),
            bytes: sa.LargeBinary,
        },
    )


def length(column: str, most: int) -> sa.CheckConstraint:
    """A constraint that a text column holds at most ``most`` characters, on both databases."""
    return sa.CheckConstraint(f"length({column}) <= {most}", name=f"{column}_length")


class Session(FlaskSession):
    """The session of a request. With ``info["readonly"]`` its connection cannot write."""

    def get_bind(self, *args, **kwargs):
        bind = super().get_bind(*args, **kwargs)
        if not self.info.get("readonly") or not isinstance(bind, sa.Engine):
            return bind
        return _readonly(bind)


@functools.lru_cache(maxsize=8)
def _readonly(engine: sa.Engine) -> sa.Engine:
    return engine.execution_options(readonly=True)


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": Session, "expire_on_commit": False},
    engine_options={"pool_pre_ping": False, "pool_use_lifo": True},
)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run a rule that changes something inside a savepoint: if it raises, nothing of it remains."""

    @functools.wraps(function)
    def within_savepoint(*args: P.args, **kwargs: P.kwargs) -> R:
        with db.session.begin_nested():
            return function(*args, **kwargs)

    return within_savepoint


class Gate:
    """Writers on SQLite queue here, fairly, before BEGIN IMMEDIATE; see docs/architecture.md."""

    def __init__(self, path: str):
        self.descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.is_held = False

    def enter(self) -> None:
        """Wait for a turn; TimeoutError when a writer holds on for absurdly long."""
        if self.is_held:
            return
        deadline = time.monotonic() + GATE_SECONDS
        while not self._try():
            if time.monotonic() > deadline:
                raise TimeoutError("another writer has held the database for too long")
            time.sleep(GATE_PAUSE)
        self.is_held = True

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        if self.is_held:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)
            self.is_held = False

    def close(self) -> None:
        os.close(self.descriptor)


def listen(engine: sa.Engine) -> None:
    """Teach an engine the habits of its database. Called once per engine."""
    if engine.dialect.name == "sqlite":
        _listen_sqlite(engine)
    else:
        # Selects are built once and asked with other ids: planning them costs far more than
        # running them. A statement that was prepared keeps its plan until tables are analysed; the
        # driver forgets them all at a rollback, which whoever only reads never needs. The pool
        # hands out the connection that was used last, which knows most of them.
        @event.listens_for(engine, "connect")
        def connect(connection, _record):
            connection.prepare_threshold, connection.prepared_max = 1, PREPARED_MOST
            connection.execute("SET plan_cache_mode = force_generic_plan")
            connection.execute("SET TimeZone = 'UTC'")
            connection.commit()

        # Who only reads does without BEGIN and COMMIT, two of a page's ten round trips: here each
        # statement sees what is committed when it starts, within a transaction or not. What takes
        # absurdly long is given up, since it would hold one of the few threads meanwhile.
        @event.listens_for(engine, "begin")
        def begin(connection):
            reads_only = bool(connection.get_execution_options().get("readonly"))
            if connection.info.get("reads_only", False) is not reads_only:
                driver = connection.connection.driver_connection
                driver.autocommit = True
                connection.exec_driver_sql(
                    f"SET default_transaction_read_only = {reads_only};"
                    f"SET statement_timeout = '{PAGE_SECONDS if reads_only else 0}s'"
                )
                driver.autocommit = connection.info["reads_only"] = reads_only


def _listen_sqlite(engine: sa.Engine) -> None:
    path = engine.url.database or ""

    @event.listens_for(engine, "connect")
    def connect(connection, record):
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MILLISECONDS}")
        _write_ahead(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        record.info["gate"] = Gate(path)

    @event.listens_for(engine, "begin")
    def begin(connection):
        reads_only = bool(connection.get_execution_options().get("readonly"))
        # Asked for only when it changes: SQLite then forgets every statement it has prepared.
        if connection.info.get("reads_only") is not reads_only:
            connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
            connection.info["reads_only"] = reads_only
        if reads_only:
            # Past SQLAlchemy, since every page begins so, and this cannot fail: nothing is locked.
            connection.connection.driver_connection.execute("BEGIN")
            return
        connection.info["gate"].enter()
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def checkin(connection, record):
        if gate := record.info.get("gate"):
            gate.leave()

    @event.listens_for(engine, "close")
    def close(connection, record):
        if gate := record.info.pop("gate", None):
            gate.leave()
            gate.close()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Keep a write-ahead log. The first connections to a new file may all want to begin it at once,
    and for this SQLite does not wait, whatever its busy timeout: it says at once that another one
    is ahead."""
    deadline = time.monotonic() + SQLITE_BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(GATE_PAUSE)


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def analyse() -> None:
    """Let PostgreSQL look at every table before it plans. By itself it leaves out those of fewer
    than fifty rows, and without knowing how small they are it joins them in the worst order.
    SQLite's plans do not change."""
    if is_postgresql():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")


def locked(statement: sa.Select) -> sa.Select:
    """The same select, holding its rows until the commit (SQLite's one writer holds all anyway)."""
    return statement.with_for_update()
