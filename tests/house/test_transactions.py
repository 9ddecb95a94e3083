"""A page that only shows cannot write, whatever its code tries."""

from datetime import UTC

import pytest
import sqlalchemy as sa

from portal import clock
from portal.database import db
from portal.people.models import Person
from portal.selects import rows_of
from portal.upkeep.backup import back_up


def _rename(person_id: int) -> None:
    db.session.execute(sa.update(Person).where(Person.id == person_id).values(name="Nama Baru"))


@pytest.fixture
def tried(portal, world):
    """``tried(reads_only)``: what became of changing a name in such a transaction."""

    def attempt(*, reads_only: bool) -> str:
        with portal.app_context():
            db.session.info["readonly"] = reads_only
            try:
                _rename(world.participant)
            except sa.exc.DBAPIError as error:
                words = str(error.orig).lower().replace("-", "")
                return "refused" if "readonly" in words else words
            finally:
                db.session.rollback()
            return "written"

    return attempt


def test_one_connection_reads_and_writes_in_turns(tried):
    """The pool hands out the connection that was used last, with the habits it then had."""
    became = {True: "refused", False: "written"}
    turns = [True, False, True, True, False, False, True]
    assert [tried(reads_only=one) for one in turns] == [became[one] for one in turns]


def test_a_connection_writes_after_a_page_and_a_backup(portal, tried, tmp_path):
    """A backup has a snapshot of its own, on whatever connection the pool hands out."""
    assert tried(reads_only=True) == "refused"
    with portal.app_context():
        back_up(tmp_path / "backup.zip")
    assert [tried(reads_only=one) for one in (False, True, False)] == [
        "written",
        "refused",
        "written",
    ]


def test_an_engine_of_its_own_kind_writes_after_a_page(portal, world, tried):
    """Sightings and sign-ins are brought up to date past the session."""
    assert tried(reads_only=True) == "refused"
    with portal.app_context(), db.engine.begin() as connection:
        statement = sa.update(Person).where(Person.id == world.participant)
        assert connection.execute(statement.values(first_entered_at=clock.now())).rowcount == 1
        connection.rollback()


def test_a_page_gives_up_what_takes_absurdly_long_and_a_writer_does_not(
    portal, database, monkeypatch
):
    if database != "postgresql":
        pytest.skip("SQLite has no such limit")
    monkeypatch.setattr("portal.database.PAGE_SECONDS", 1)

    def wait(seconds: int) -> None:
        db.session.execute(sa.text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})

    with portal.app_context():
        db.engine.dispose()  # A connection is told once.
        db.session.info["readonly"] = True
        with pytest.raises(sa.exc.OperationalError, match="statement timeout"):
            wait(60)
        db.session.rollback()
        db.session.info["readonly"] = False
        wait(2)
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def in_jakarta(portal, database):
    """The server keeps the time of Jakarta, and tells it so unless asked otherwise."""
    if database != "postgresql":
        yield
        return

    def say(words: str) -> None:
        with portal.app_context():
            name = db.engine.url.database
            with db.engine.begin() as connection:
                connection.exec_driver_sql(f'ALTER DATABASE "{name}" {words}')
            db.engine.dispose()  # A connection is told once.

    say("SET TimeZone = 'Asia/Jakarta'")
    yield
    say("RESET TimeZone")


def test_every_time_is_told_in_utc(portal, world, in_jakarta):
    with portal.app_context():
        person = db.session.get_one(Person, world.participant)
        [row] = rows_of(sa.select(Person.created_at).where(Person.id == world.participant), {})
        assert person.created_at.tzinfo is row.created_at.tzinfo is UTC
