"""What keeps the database quick, each night."""

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Capacity
from portal.database import db
from portal.jobs.handlers import handler_of


def test_tables_are_looked_at_however_small(portal, world, database):
    if database != "postgresql":
        pytest.skip("SQLite plans the same either way")
    with portal.app_context():
        handler_of("upkeep.analyse").run()
        known = sa.text("SELECT reltuples FROM pg_class WHERE relname = 'capacity'")
        rows = db.session.scalar(sa.select(sa.func.count(Capacity.id)))
        assert db.session.scalar(known) == rows > 0
