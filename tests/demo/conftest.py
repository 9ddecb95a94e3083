"""The demo, loaded once for all tests of this folder into a database of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import create_app
from portal.config import ROOT, Settings
from portal.database import db
from portal.demo import loader
from tests import postgresql
from tests.client import Inspector

TODAY = date(2026, 3, 11)
DAYS = timedelta(days=1)


def values_for(database: str, folder) -> dict[str, str]:
    """The environment of a portal with a new database of this kind."""
    url = postgresql.new_database() if database == "postgresql" else f"sqlite:///{folder}/demo.db"
    return {"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(folder), "PORTAL_DATABASE_URL": url}


def empty_portal(database: str, folder) -> Flask:
    """A portal on an empty database at the newest migration."""
    from flask_migrate import upgrade

    app = create_app(Settings.read(values_for(database, folder)))
    app.test_client_class = Inspector
    with app.app_context():
        upgrade()
    return app


def close(app: Flask) -> None:
    """Let go of the database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def at_work(app: Flask) -> Iterator[None]:
    """A session on the demo's database that is rolled back at the end."""
    with app.app_context():
        db.session.info["readonly"] = False
        yield
        db.session.rollback()


@pytest.fixture(scope="session")
def second_load(database, tmp_path_factory) -> Iterator[Callable[[], str]]:
    """Start loading the same demo elsewhere, with another hash seed; call it for the dump."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = {
        **os.environ,
        **values_for(database, folder),
        "PYTHONHASHSEED": "7",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.demo.dump", str(TODAY)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )

    def finished() -> str:
        printed, _ = process.communicate()
        assert process.returncode == 0
        return printed

    yield finished
    if process.poll() is None:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def demo(database, second_load, tmp_path_factory) -> Iterator[Flask]:
    app = empty_portal(database, tmp_path_factory.mktemp("demo"))
    with at_work(app):
        loader.load(TODAY)
        db.session.commit()
    yield app
    close(app)


@pytest.fixture
def count(demo):
    """``count(Lesson, Lesson.hidden_at.is_(None))``: how many rows of the demo are so."""

    def rows(model, *conditions) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))

    with at_work(demo):
        yield rows
