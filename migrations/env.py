"""How Alembic runs: on the portal's own engine, with foreign keys off on SQLite while tables are
copied and a foreign_key_check before the commit (batch mode's copy-and-drop would cascade)."""

from alembic import context
from flask import current_app

from portal.database import db

config = context.config


def include_object(_object, name, kind, _reflected, _compare_to):
    """Leave the job engine's own tables alone."""
    return not (kind == "table" and name.startswith("huey"))


def run() -> None:
    engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=include_object,
            transaction_per_migration=True,
            user_module_prefix="portal.database.",
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise RuntimeError(f"A migration would break foreign keys: {broken[:5]}")
            connection.commit()
        finally:
            if is_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("The portal's migrations need a database; run them without --sql.")
current_app.logger.debug("Running migrations")
run()
