"""Measure the main pages against their floor, in alternating rounds, on both databases.

make bench                      both databases, the whole measurement, a quarter of an hour
python -m bench --seconds 0.3   a quick look
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.following import following
from bench.load import Round, measure
from bench.pages import PAGES, Browser, Page
from bench.parts import parts
from bench.queries import queries_of
from bench.reviewing import reviewing
from bench.serving import ROOT, Server
from bench.weights import weights

RESULTS = ROOT / "bench" / "results.md"
MEMORY_REQUESTS = 10_000


@dataclass
class Measured:
    """What is known of one page on one database."""

    page: Page
    path: str
    cookie: str
    html: str
    queries: int
    rounds: list[Round]
    floor: list[Round]

    def row(self) -> str:
        ours, theirs = ([one.per_second for one in r] for r in (self.rounds, self.floor))
        cpu, floor_cpu = ([one.cpu_milliseconds for one in r] for r in (self.rounds, self.floor))
        part = median(ours) / median(theirs)
        cells = (
            self.page.name,
            f"{len(self.html.encode()) / 1000:.0f}",
            self.queries,
            f"{median(cpu):.2f}",
            f"{median(floor_cpu):.2f}",
            f"{median(ours):.0f}",
            f"{median(theirs):.0f}",
            f"{part:.2f}",
            f"{self.page.aim:.2f}",
            "yes" if part >= self.page.aim and self.queries <= self.page.most_queries else "NO",
        )
        return f"| {' | '.join(str(cell) for cell in cells)} |"


HEAD = """\
| page | kB | queries | CPU ms | floor CPU ms | requests/s | floor | part | aim | reached |
|---|---|---|---|---|---|---|---|---|---|"""


def environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "PORTAL_DATABASE_URL": url,
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_SECRET_KEY": "a secret of the measurements, long enough",
        "PORTAL_COMPRESS": "false",
    }


def prepare(environ: dict[str, str]) -> None:
    """The demo on an empty database."""
    for words in (("db", "upgrade"), ("demo",)):
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT,
            env={**os.environ, **environ},
            check=True,
            stdout=subprocess.DEVNULL,
        )


def bench(kind: str, url: str, folder: Path, options: argparse.Namespace) -> list[str]:
    environ = environment(url, folder)
    prepare(environ)
    portal = Server("bench.served", environ)
    try:
        pages = find_pages(portal, environ)
        file = folder / "pages.json"
        file.write_text(json.dumps({one.page.name: one.html for one in pages}), "utf-8")
        floor = Server("bench.floor", {**environ, "BENCH_PAGES": str(file)})
        try:
            rounds(portal, floor, pages, options)
        finally:
            floor.stop()
        before = portal.megabytes()
        wear(portal, pages, options.requests)
        after = portal.megabytes()
        goes = parts(environ, [(one.page.name, one.path, one.cookie) for one in pages])
        many = following(portal, environ, rounds=options.rounds, seconds=options.seconds)
    finally:
        portal.stop()
    ten = reviewing(environ)
    return [
        f"## {kind}",
        "",
        HEAD,
        *(one.row() for one in pages),
        "",
        *goes,
        f"Memory of the web processes: {megabytes(before)}; {options.requests} requests later "
        f"{megabytes(after)} (at most 150).",
        "",
        *many,
        *ten,
    ]


def megabytes(sizes: list[float]) -> str:
    return " and ".join(f"{size:.0f}" for size in sizes) + " MB"


def find_pages(portal: Server, environ: dict[str, str]) -> list[Measured]:
    browsers: dict[str, Browser] = {}
    pages = []
    for page in PAGES:
        if page.who not in browsers:
            browsers[page.who] = Browser(portal.port)
            browsers[page.who].sign_in(page.who)
        browser = browsers[page.who]
        path = browser.follow(page.way)
        html = browser.get(path)
        queries = queries_of(environ, path, browser.cookie)
        pages.append(Measured(page, path, browser.cookie, html, queries, [], []))
    return pages


def rounds(
    portal: Server, floor: Server, pages: list[Measured], options: argparse.Namespace
) -> None:
    """Portal and floor in turn, page after page, so that what else runs here troubles both."""
    for number in range(options.rounds + 1):
        for one in pages:
            how = {"seconds": options.seconds, "clients": options.clients}
            ours = measure(portal, one.path, one.cookie, **how)
            theirs = measure(floor, f"/{one.page.name}", **how)
            if number:  # the first round only warms up
                one.rounds.append(ours)
                one.floor.append(theirs)
        print(f"round {number} of {options.rounds}", file=sys.stderr)


def wear(portal: Server, pages: list[Measured], requests: int) -> None:
    """So many requests, spread over the pages, to see what a process keeps."""
    count = 0
    while count < requests:
        for one in pages:
            count += measure(portal, one.path, one.cookie, seconds=0.5, clients=8).requests


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--requests", type=int, default=MEMORY_REQUESTS)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--write", action="store_true", help=f"Keep the result in {RESULTS.name}")
    options = parser.parse_args()
    lines = [
        "# What pages cost",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}, Python "
        f"{platform.python_version()}, {len(os.sched_getaffinity(0))} cores shared by server, "
        f"database and clients; {options.clients} connections; medians of {options.rounds} rounds "
        "that alternate between the portal and the floor (see `bench/floor.py`). "
        "CPU is that of the web processes.",
        "",
    ]
    for kind in [options.database] if options.database else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            folder = Path(name)
            lines += bench(kind, database_url(kind, folder), folder, options)
    lines += weights()
    print("\n".join(lines))
    if options.write:
        RESULTS.write_text("\n".join(lines) + "\n", "utf-8")


def database_url(kind: str, folder: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'bench.sqlite3'}"
    from tests.postgresql import new_database

    return new_database()


if __name__ == "__main__":
    main()
