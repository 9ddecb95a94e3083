"""Where the time of a page goes: whose code runs, by Python's own profiler.

The profiler makes calls dearer than they are, so these are shares to compare, not times.
"""

import cProfile
import pstats
import sysconfig
from collections import Counter
from collections.abc import Iterable
from typing import Any

from portal import create_app
from portal.config import Settings

REQUESTS = 60
PACKAGES = sysconfig.get_paths()["purelib"]
TEMPLATES = ("jinja2", "markupsafe")
DATABASE = ("sqlite3", "psycopg")
SHARES = ("database", "SQLAlchemy", "templates", "the portal's code", "Flask and the rest")

HEAD = f"| page | {' | '.join(SHARES)} |\n|---|{'---|' * len(SHARES)}"


def parts(environ: dict[str, str], pages: Iterable[tuple[str, str, str]]) -> list[str]:
    """A table of the shares, in percent, for pages given as name, path and cookie."""
    client = create_app(Settings.read(environ)).test_client(use_cookies=False)
    lines = ["Where the time goes, in percent (see `bench/parts.py`):", "", HEAD]
    for name, path, cookie in pages:
        headers = {"Cookie": cookie, "Accept-Language": "id"}
        for _ in range(5):
            client.get(path, headers=headers)
        profile = cProfile.Profile()
        with profile:
            for _ in range(REQUESTS):
                client.get(path, headers=headers)
        spent = shares(profile)
        cells = [f"{100 * spent[one] / spent.total():.0f}" for one in SHARES]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def shares(profile: cProfile.Profile) -> Counter[str]:
    """Seconds by whose code they were spent in; those of built-in functions go to their callers."""
    spent: Counter[str] = Counter()
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for function, (_, _, seconds, _, callers) in stats.items():
        owner = owner_of(function)
        if owner:
            spent[owner] += seconds
            continue
        for caller, (_, _, part, _) in callers.items():
            spent[owner_of(caller) or SHARES[-1]] += part
    return spent


def owner_of(function: tuple[str, int, str]) -> str:
    """Whose a function is; nothing for those built into Python."""
    file, _, name = function
    if file == "~":
        return SHARES[0] if any(one in name for one in DATABASE) else ""
    package = file.removeprefix(f"{PACKAGES}/").partition("/")[0] if PACKAGES in file else ""
    if package in DATABASE:
        return SHARES[0]
    if package == "sqlalchemy":
        return SHARES[1]
    if package in TEMPLATES or "/templates/" in file:
        return SHARES[2]
    if not package and "/portal/" in file:
        return SHARES[3]
    return SHARES[4]
