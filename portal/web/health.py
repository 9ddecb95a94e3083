"""Is the process alive, and is it ready to serve?"""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal.database import db
from portal.web.access import ANYONE
from portal.web.routes import Routes

routes = Routes("health", __name__)


@routes.get("/healthz", access=ANYONE)
def live():
    return {"status": "ok"}


@routes.get("/readyz", access=ANYONE)
def ready():
    """Ready when the database answers, is at the newest migration, and files can be written."""
    problems = []
    try:
        db.session.execute(sa.text("SELECT 1"))
        context = MigrationContext.configure(db.session.connection())
        heads = ScriptDirectory(current_app.config["MIGRATIONS"]).get_heads()
        if set(context.get_current_heads()) != set(heads):
            problems.append("migrations")
    except sa.exc.SQLAlchemyError:
        current_app.logger.exception("The database does not answer")
        problems.append("database")
    folder = current_app.config["SETTINGS"].files_folder
    if not folder.is_dir():
        problems.append("files")
    return {"status": "ready" if not problems else "not ready", "problems": problems}, (
        503 if problems else 200
    )
