"""What wakes the worker is loaded once for all processes, without the drivers nobody asked for."""

import subprocess
import sys

import pytest

from tests.processes import ROOT, environment

LOAD = """
import sys
from portal import create_app
from portal.jobs import nudges
app = create_app()
nudges.load(app)
print(*(name for name in ("huey", "psycopg", "redis") if name in sys.modules))
print(nudges.engine_of(app).storage.__class__.__name__)
"""


@pytest.mark.parametrize(
    ("redis_url", "drivers", "storage"),
    [
        ("", {"sqlite": "huey", "postgresql": "huey psycopg"}, ("Sqlite", "Postgres")),
        ("redis://127.0.0.1:1/0", {"sqlite": "huey redis", "postgresql": "huey psycopg redis"},
         ("Redis", "Redis")),
    ],
)  # fmt: skip
def test_only_the_drivers_in_use_are_loaded(
    portal, database, tmp_path, redis_url, drivers, storage
):
    environ = environment(portal, tmp_path, PORTAL_REDIS_URL=redis_url)
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded, engine = done.stdout.splitlines()
    assert loaded == drivers[database]
    assert engine.startswith(storage[database == "postgresql"])
