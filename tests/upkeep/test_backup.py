"""A backup taken while people write, brought back on both databases, refused when damaged."""

import io
import json
import threading
import zipfile

import pytest
import sqlalchemy as sa

from portal import create_app
from portal.config import Settings
from portal.database import Base, db
from portal.files import storage
from portal.files.models import Blob
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.upkeep.archive import KINDS, kind_of
from tests import postgresql

A_FILE = b"%PDF-1.7 the work of one evening"


@pytest.fixture
def run(portal):
    """Run a command of the portal; its exit code and what it said."""

    def command(*words, app=portal):
        done = app.test_cli_runner().invoke(
            args=[str(word) for word in words], catch_exceptions=False
        )
        return done.exit_code, done.output

    return command


@pytest.fixture
def a_blob(portal):
    """The hash of stored bytes with their row."""
    with portal.app_context():
        kept = storage.keep(io.BytesIO(A_FILE))
        from portal import clock

        blob = Blob(
            sha256=kept.sha256, size=kept.size, media_type="application/pdf", stored_at=clock.now()
        )
        db.session.add(blob)
        db.session.commit()
        return kept.sha256


@pytest.fixture
def another(tmp_path):
    """Make a portal on a new database of its own, at no migration yet."""
    made = []

    def make(database):
        folder = tmp_path / f"another{len(made)}"
        url = (
            postgresql.new_database()
            if database == "postgresql"
            else f"sqlite:///{tmp_path / f'another{len(made)}.sqlite3'}"
        )
        values = {"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(folder), "PORTAL_DATABASE_URL": url}
        made.append(create_app(Settings.read(values)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def tables_in(path):
    with zipfile.ZipFile(path) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if name.startswith("tables/")
        }


def rows_in(path, table):
    _, *lines = tables_in(path)[f"tables/{table}.jsonl"].splitlines()
    return [json.loads(line) for line in lines]


def both(database):
    return ("postgresql", "sqlite") if database == "postgresql" else ("sqlite",)


def test_it_comes_back_on_either_database(portal, database, run, another, a_blob, tmp_path):
    before = tmp_path / "before.zip"
    assert run("backup", before)[0] == 0
    for kind in both(database):
        other = another(kind)
        assert run("restore", before, app=other)[0] == 0
        after = tmp_path / f"after-{kind}.zip"
        assert run("backup", after, app=other)[0] == 0
        assert tables_in(after) == tables_in(before)
        with other.app_context():
            assert storage.hash_of(Blob(sha256=a_blob)) == a_blob
            db.session.add(Blob(sha256="0" * 64, size=1, media_type="", stored_at=now()))
            db.session.commit()  # the next id is free
        if kind != database:  # and from there back again
            assert run("restore", after, "--replace")[0] == 0
            assert run("backup", before)[0] == 0
            assert tables_in(after) == tables_in(before)


def now():
    from portal import clock

    return clock.now()


def test_a_backup_sees_one_moment_while_people_write(portal, run, tmp_path, monkeypatch):
    stop = threading.Event()

    def write_pairs():
        number = 0
        while not stop.is_set():
            with portal.app_context():
                for half in ("a", "b"):
                    enqueue("jobs.forget", key=f"{half}{number}")
                db.session.commit()
            number += 1

    writer = threading.Thread(target=write_pairs)
    writer.start()
    try:
        sizes = []
        for number in range(5):
            path = tmp_path / f"{number}.zip"
            assert run("backup", path)[0] == 0
            keys = {row[2] for row in rows_in(path, "job")}
            halves = [{key[1:] for key in keys if key[0] == half} for half in "ab"]
            assert halves[0] == halves[1]
            sizes.append(len(keys))
    finally:
        stop.set()
        writer.join()
    assert sizes[0] < sizes[-1]


def test_a_database_that_holds_something_is_left_alone(portal, run, tmp_path):
    path = tmp_path / "backup.zip"
    run("backup", path)
    code, said = run("restore", path)
    assert (code, said) == (
        1,
        "Error: the database is not empty; --replace puts the backup in its place\n",
    )
    with portal.app_context():
        enqueue("jobs.forget")
        db.session.commit()
    assert run("restore", path, "--replace")[0] == 0
    with portal.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 0


def damage_row(entries):
    entries["tables/person.jsonl"] = entries["tables/person.jsonl"].replace(b"Ratna", b"Ratih")


def damage_file(entries):
    entries[next(name for name in entries if name.startswith("files/"))] = b"other bytes"


def drop_entry(entries):
    del entries["tables/person.jsonl"]


def another_format(entries):
    entries["manifest.json"] = entries["manifest.json"].replace(b'"format": 1', b'"format": 2')


def another_migration(entries):
    manifest = json.loads(entries["manifest.json"])
    entries["manifest.json"] = json.dumps(manifest | {"revision": "9999"}).encode()


@pytest.mark.parametrize(
    "change", [damage_row, damage_file, drop_entry, another_format, another_migration]
)
def test_a_damaged_backup_changes_nothing(portal, run, a_blob, tmp_path, change):
    whole, damaged, after = (tmp_path / name for name in ("whole", "damaged", "after"))
    run("backup", whole)
    with zipfile.ZipFile(whole) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(damaged, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    assert run("restore", damaged, "--replace")[0] == 1
    run("backup", after)
    assert tables_in(after) == tables_in(whole)


@pytest.mark.parametrize("length", [0, 100, 5000])
def test_a_cut_off_backup_is_refused(portal, run, tmp_path, length):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    run("backup", whole)
    cut.write_bytes(whole.read_bytes()[:length])
    assert run("restore", cut, "--replace") == (
        1,
        "Error: this is no backup of the portal, or it was cut off\n",
    )


def test_a_missing_file_is_told_and_the_rest_is_kept(portal, run, a_blob, tmp_path):
    with portal.app_context():
        storage.path_of(Blob(sha256=a_blob)).unlink()
    code, said = run("backup", tmp_path / "backup.zip")
    assert code == 1
    assert a_blob in said
    assert "tables/person.jsonl" in tables_in(tmp_path / "backup.zip")


def test_every_column_has_a_kind():
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            assert kind_of(column.type) in KINDS
