"""Selects of pages: built once, compiled once, and asked with other values each time.

Building a select costs more than asking the database, and so does what SQLAlchemy does around
each answer. A page asks for rows of columns here; objects that will be changed, and whatever is
asked rarely, go through the session as usual.
"""

import functools
import inspect
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.database import db

Query = sa.Select[Any] | sa.CompoundSelect[Any]
Convert = Callable[[Any], Any]
COMPILED_MOST = 1000
SPREAD_MOST = 1024


class Prepared:
    """A select that is built once and asked with other values each time.

    The function is called with a bound parameter in place of each argument. Calling the result
    with the values gives what ``session.execute(...)`` takes, so it is asked with a star:

        @prepared
        def _lessons(module_id): return sa.select(Lesson).where(Lesson.module_id == module_id)

        db.session.scalars(*_lessons(module_id=module.id))

    A list is compared by ``column.in_(ids)``. An argument with the default None may be left out or
    None: the select without it is built once as well. What is not a value (which columns, which
    order) cannot be an argument.
    """

    def __init__(self, build: Callable[..., Query]) -> None:
        functools.update_wrapper(self, build)
        self.build = build
        parameters = inspect.signature(build).parameters
        self.names = frozenset(parameters)
        self.needed = frozenset(
            name for name, one in parameters.items() if one.default is inspect.Parameter.empty
        )
        self.built: dict[frozenset[tuple[str, int]], Query] = {}

    def __call__(self, **values: Any) -> tuple[Query, dict[str, Any]]:
        given = self._given(values)
        return self._select(dict.fromkeys(given, 0)), given

    def rows(self, **values: Any) -> Sequence[Any]:
        """The rows of a select that asks for columns only; see ``rows_of``.

        A list of ids is filled up to 1, 2, 4, 8... of them by repeating the last, so that a few
        statements serve every length, and PostgreSQL plans each of them once. A list of more than
        SPREAD_MOST is left to SQLAlchemy, which makes a statement for its very length.
        """
        places: dict[str, int] = {}
        spread: dict[str, Any] = {}
        for name, value in self._given(values).items():
            if isinstance(value, list) and 0 < len(value) <= SPREAD_MOST:
                places[name] = most = 1 << (len(value) - 1).bit_length()
                filled = value + value[-1:] * (most - len(value))
                spread.update((f"{name}_{at}", one) for at, one in enumerate(filled))
            else:
                places[name], spread[name] = 0, value
        return rows_of(self._select(places), spread)

    def _given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in values.items()
            if value is not None or name in self.needed
        }

    def _select(self, places: Mapping[str, int]) -> Query:
        """The select with so many places in each list; 0 leaves the number to SQLAlchemy."""
        key = frozenset(places.items())
        found = self.built.get(key)
        if found is None:
            if not self.needed <= places.keys() <= self.names:
                raise TypeError(f"{self.build.__qualname__} asks for {sorted(self.names)}")
            bound = {name: _places(name, most) for name, most in places.items()}
            found = self.built[key] = self.build(**bound)
        return found


def _places(name: str, most: int) -> Any:
    if not most:
        return sa.bindparam(name)
    return [sa.bindparam(f"{name}_{at}", type_=sa.Integer) for at in range(most)]


def prepared(build: Callable[..., Query]) -> Prepared:
    """Build this select once; see ``Prepared``."""
    return Prepared(build)


def rows_of(statement: Query, values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a select that asks for columns only, as named tuples: a fraction of the cost of
    ``session.execute``, since nothing is looked up or kept in the session. What was changed so far
    is in them. The statement is kept, so it must be one that is asked again."""
    session = db.session()
    if not session.info.get("readonly"):
        session.flush()
    connection = _connection_of(session)
    return _compiled(statement, connection.dialect).rows(connection, values)


def _connection_of(session: Session) -> sa.Connection:
    """The connection of the session's transaction, looked up once for each: the session itself
    finds out anew for every statement which database it belongs to."""
    held = session.info.get("connection")
    if held is None or held[0] is not session.get_transaction():
        connection = session.connection()
        held = session.info["connection"] = session.get_transaction(), connection
    return held[1]


class Compiled:
    """A select in the words of one database, with how its values go in and its columns come out.

    It is asked past SQLAlchemy's execution, which costs several times what the database takes for
    a small select. Whoever listens for statements hears of it all the same; what fails is asked
    again through SQLAlchemy, which knows a lost connection and tells errors as it always does.
    """

    def __init__(self, statement: Query, dialect: sa.Dialect) -> None:
        self.statement = statement
        self.dialect = dialect
        compiled: Any = statement.compile(dialect=_words_of(dialect))
        self.sql = str(compiled)
        self.is_whole = not compiled.post_compile_params
        self.names: list[str] = list(compiled.positiontup or ())
        self.own = {name: bind for name, bind in compiled.binds.items() if not bind.required}
        self.writers = [self._writer(compiled.binds[name].type) for name in self.names]
        self.readers: list[tuple[int, Convert]] = []
        self.row: Callable[..., Any] | None = None

    def rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows as named tuples; KeyError for a value that is missing."""
        if not self.is_whole:
            return connection.execute(self.statement, values).all()
        asked = self._asked(values)
        cursor = self._cursor(connection.connection)
        try:
            for hear in connection.dispatch.before_cursor_execute:
                hear(connection, cursor, self.sql, asked, None, False)
            cursor.execute(self.sql, asked)
            for hear in connection.dispatch.after_cursor_execute:
                hear(connection, cursor, self.sql, asked, None, False)
            return self._read(cursor)
        except self.dialect.loaded_dbapi.Error:
            return connection.execute(self.statement, values).all()
        finally:
            cursor.close()

    def _cursor(self, connection: Any) -> Any:
        if self.dialect.name == "postgresql":
            return self.dialect.loaded_dbapi.RawCursor(connection.driver_connection)
        return connection.cursor()

    def _asked(self, values: Mapping[str, Any]) -> Sequence[Any]:
        own = self.own
        found = []
        for name, write in zip(self.names, self.writers, strict=True):
            value = values[name] if name in values else own[name].effective_value
            found.append(write(value) if write else value)
        return found

    def _read(self, cursor: Any) -> Sequence[Any]:
        row = self.row or self._learn(cursor.description)
        found = cursor.fetchall()
        if not found or not self.readers:
            return [row(*one) for one in found]
        columns: list[Sequence[Any]] = list(zip(*found, strict=True))
        for at, read in self.readers:
            columns[at] = [read(one) for one in columns[at]]
        return list(map(row, *columns))

    def _learn(self, description: Sequence[Any]) -> Callable[..., Any]:
        """What the driver says of its columns, once: names, and for some types how to read."""
        readers = []
        for at, column in enumerate(self.statement.selected_columns):
            type_ = column.type.dialect_impl(self.dialect)
            readers.append((at, type_.result_processor(self.dialect, description[at][1])))
        self.readers = [(at, read) for at, read in readers if read is not None]
        self.row = namedtuple("Row", [one[0] for one in description], rename=True)  # type: ignore[misc]
        return self.row

    def _writer(self, type_: Any) -> Convert | None:
        return type_.dialect_impl(self.dialect).bind_processor(self.dialect)


@functools.lru_cache(maxsize=8)
def _words_of(dialect: sa.Dialect) -> sa.Dialect:
    """The dialect that a select is put into words with. PostgreSQL's driver looks for the names of
    values in each statement it is given, and remembers only the short ones: here it gets them
    numbered, as its server wants them."""
    if dialect.name != "postgresql":
        return dialect
    kind: Any = type(dialect)
    return kind(paramstyle="numeric_dollar")


@functools.lru_cache(maxsize=COMPILED_MOST)
def _compiled(statement: Query, dialect: sa.Dialect) -> Compiled:
    return Compiled(statement, dialect)
