"""Which migration the database is at, and which the code wants."""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app


def revision_of(connection: sa.Connection) -> str | None:
    """The migration the database is at; None for one without tables."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    head = ScriptDirectory(current_app.config["MIGRATIONS"]).get_current_head()
    assert head is not None
    return head


def is_known(revision: str) -> bool:
    """Whether this portal's code has the migration."""
    script = ScriptDirectory(current_app.config["MIGRATIONS"])
    return any(one.revision == revision for one in script.walk_revisions())
