"""What every test stands on: one app, a database built by the migrations, fast copies of it."""

import contextlib
import dataclasses
import gc
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa

from portal import create_app
from portal.config import Settings
from portal.database import db
from portal.journal.sightings import visits
from tests import postgresql
from tests.client import Inspector
from tests.smtp import MailServer
from tests.world import World, build_world

# Nothing is timed in a test: a busy machine must not turn it red.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")


def pytest_addoption(parser):
    parser.addoption(
        "--database", default="sqlite", choices=["sqlite", "postgresql"], help="Which database."
    )
    parser.addoption("--drill", action="store_true", help="Run the long trials in tests/drill.")
    parser.addoption(
        "--share",
        default="1/1",
        metavar="N/M",
        help="Of the slow tests that go alike on either database, run the Nth of M shares.",
    )


def pytest_collection_modifyitems(config, items):
    """Two suites side by side share what is slow and goes alike on either database: the tests in
    a browser, and those marked so. Each runs every other one."""
    share, shares = map(int, config.getoption("--share").split("/"))
    alike = [
        one
        for one in items
        if "browser" in one.path.parts or one.get_closest_marker("alike_on_either_database")
    ]
    elsewhere = {one for number, one in enumerate(alike) if number % shares != share - 1}
    if elsewhere:
        config.hook.pytest_deselected(items=list(elsewhere))
        items[:] = [one for one in items if one not in elsewhere]


def pytest_collection_finish():
    """Python does not look through all that the tests are made of, again and again, for what only
    holds itself: a fourteenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_report_header(config):
    share = config.getoption("--share")
    shared = "tests that are slow and go alike on either database"
    return None if share == "1/1" else f"{shared}: share {share}, the rest in the other suite"


def pytest_ignore_collect(collection_path, config):
    if "drill" in collection_path.parts and not config.getoption("--drill"):
        return True
    return None


@pytest.fixture(scope="session")
def database(request) -> str:
    return request.config.getoption("--database")


@pytest.fixture(scope="session")
def app(database, tmp_path_factory):
    """The portal, on an empty database at the newest migration."""
    folder = tmp_path_factory.mktemp("portal")
    url = (
        postgresql.new_database()
        if database == "postgresql"
        else f"sqlite:///{folder}/portal.sqlite3"
    )
    app = create_app(
        Settings.read(
            {
                "PORTAL_ENV": "test",
                "PORTAL_INSTANCE": str(folder / "instance"),
                "PORTAL_SECRET_KEY": "a secret of the tests, long enough for all",
                "PORTAL_DATABASE_URL": url,
                "PORTAL_COMPRESS": "false",
            }
        )
    )
    app.test_client_class = Inspector
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
        build_world()
        db.session.commit()
        db.session.remove()
    app.config["SNAPSHOT"] = _snapshot(app, folder)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _snapshot(app, folder: Path):
    """Keep the world as built, so that each test can begin from it."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
            source = Path(db.engine.url.database)
            kept = folder / "world.sqlite3"
            with contextlib.closing(sqlite3.connect(source)) as connection:
                connection.execute("VACUUM INTO ?", (str(kept),))
            return source, kept
        return postgresql.rows_of(db.engine)


def _restore(app) -> None:
    visits.forget()
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.session.remove()
            db.engine.dispose()
            source, kept = app.config["SNAPSHOT"]
            for suffix in ("-wal", "-shm"):
                Path(f"{source}{suffix}").unlink(missing_ok=True)
            shutil.copyfile(kept, source)
        else:
            db.session.remove()
            postgresql.put_back(db.engine, app.config["SNAPSHOT"])


@pytest.fixture
def portal(app):
    """The app, on a fresh copy of the world."""
    _restore(app)
    yield app
    with app.app_context():
        db.session.remove()


@pytest.fixture
def world(portal) -> World:
    """The cast and the two cohorts, by name: ``world.participant``, ``world.here``."""
    return World()


@pytest.fixture
def sign_in(portal, world):
    """``sign_in("mentor")``: a client in which that person of the cast is signed in."""

    def as_person(who: str | None = None) -> Inspector:
        client = portal.test_client()
        if who:
            client.sign_in(getattr(world, who))
        return client

    return as_person


@pytest.fixture
def visitor(portal) -> Inspector:
    return portal.test_client()


@pytest.fixture
def database_session(portal):
    """A session on the test's database, to look at rows or to set the scene."""
    with portal.app_context():
        db.session.info["readonly"] = False
        yield db.session
        db.session.rollback()


@pytest.fixture
def scene(portal):
    """``with scene() as session:`` look at rows or set the scene, between the requests of a test.

    It ends with a commit, and its context ends with it: a context left open would be shared by the
    requests of the test's clients, together with everything they remember.
    """

    @contextlib.contextmanager
    def between_requests():
        with portal.app_context():
            db.session.info["readonly"] = False
            yield db.session
            db.session.commit()

    return between_requests


@pytest.fixture
def mail(portal, monkeypatch) -> Iterator[MailServer]:
    """The portal with a mail server, for the length of a test: ``mail.received`` has arrived."""
    with MailServer() as server:
        settings = dataclasses.replace(
            portal.config["SETTINGS"],
            smtp_url=server.url,
            mail_from="Sinau <sinau@example.org>",
            public_url="https://sinau.example.org",
        )
        monkeypatch.setitem(portal.config, "SETTINGS", settings)
        yield server


@pytest.fixture
def queries(portal):
    """Count the statements of a block: ``with queries() as seen: ...; assert len(seen) == 7``."""

    @contextlib.contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("PRAGMA", "BEGIN", "SET default_transaction")):
                seen.append(statement)

        with portal.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting
