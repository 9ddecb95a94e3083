"""Looking at rows without holding SQLite's one place for a writer."""

import pytest
import sqlalchemy as sa

from portal.database import db


@pytest.fixture
def look(portal):
    """``look(select)``: the rows as they are now; bare values where each row has one."""

    def rows(statement: sa.Select) -> list:
        with portal.app_context():
            db.session.info["readonly"] = True
            found = db.session.execute(statement).all()
            db.session.remove()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]

    return rows


@pytest.fixture
def look1(look):
    """The first row of a select."""
    return lambda statement: look(statement)[0]
