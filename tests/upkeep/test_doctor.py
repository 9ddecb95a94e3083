"""The doctor finds what is unwell and says what to do."""

from datetime import timedelta

import pytest

from portal import clock
from portal.database import db
from portal.files import storage
from portal.files.models import Blob
from portal.jobs.actions import enqueue


@pytest.fixture
def examine(portal):
    """The doctor's report: each name with its line."""

    def report():
        done = portal.test_cli_runner().invoke(args=["doctor"])
        lines = {line[7:20].strip(): line for line in done.output.splitlines()}
        return done.exit_code, lines

    return report


def test_a_healthy_portal(portal, examine, monkeypatch, tmp_path):
    from portal.upkeep import doctor

    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    for name in ("htmx.min.js", "icons.svg"):
        (vendor / name).touch()
    code, lines = examine()
    assert list(lines) == [
        "database",
        "files",
        "mail",
        "worker",
        "nudges",
        "versions",
        "browser code",
        "clock",
    ]
    assert {line[:6].strip() for line in lines.values()} == {"ok"}
    assert code == 0


def test_a_missing_file(portal, examine):
    with portal.app_context():
        db.session.add(Blob(sha256="1" * 64, size=1, media_type="", stored_at=clock.now()))
        db.session.commit()
    code, lines = examine()
    assert code == 1
    assert lines["files"].startswith("UNWELL")
    assert " files are missing: " + "1" * 64 in lines["files"]


def test_a_worker_that_does_not_run(portal, examine):
    with portal.app_context():
        enqueue("jobs.forget", due_at=clock.now() - timedelta(hours=1))
        db.session.commit()
    code, lines = examine()
    assert code == 1
    assert lines["worker"].startswith("UNWELL")


def test_a_check_that_breaks_is_a_finding(portal, examine):
    with portal.app_context():
        folder = storage.folder()
    away = folder.with_name("away")
    folder.rename(away)
    try:
        code, lines = examine()
    finally:
        away.rename(folder)
    assert code == 1
    assert lines["files"].startswith("UNWELL files        FileNotFoundError")
    assert lines["clock"].startswith("ok")
