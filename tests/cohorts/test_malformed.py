"""Two hundred bad rosters: each gets a clear verdict, none an error of ours, none much memory."""

import contextlib
import io
import random
import tracemalloc
import zipfile
from datetime import date

import pytest
import sqlalchemy as sa

from portal.cohorts.models import RosterImport
from portal.cohorts.plan import KINDS as VERDICTS
from portal.cohorts.plan import restored
from portal.cohorts.roster import read_roster
from portal.texts import Refused
from tests.cohorts import malformed
from tests.cohorts.rosters import apply, upload

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.alike_on_either_database
OURS = ("Traceback", "Error", "Exception", "None", "codec", "%(")


@pytest.mark.parametrize(
    "kind", range(len(malformed.KINDS)), ids=lambda n: malformed.KINDS[n].__name__
)
def test_each_bad_roster_gets_a_verdict_that_can_be_read(sign_in, world, look, kind):
    client = sign_in("administrator")
    outcomes = set()
    for number in range(kind * malformed.EACH, (kind + 1) * malformed.EACH):
        name, data = malformed.roster(number)
        answer = upload(client, world, data, name)
        if answer.status_code == 422:
            outcomes.add("refused")
            [sentence] = [
                line for line in answer.text.split('class="field-error"')[1:2] if line.strip()
            ]
            assert not any(word in sentence[:1500] for word in OURS), number
            continue
        assert answer.status_code == 303, number
        page = client.get(answer.location, follow_redirects=True)
        assert page.status_code == 200, number
        [verdicts] = look(
            sa.select(RosterImport.verdicts).order_by(RosterImport.id.desc()).limit(1)
        )
        outcomes.add("judged" if verdicts else "asked for columns")
        for verdict in map(restored, verdicts):
            assert verdict.kind in VERDICTS, number
            sentences = [one.text for one in verdict.problems]
            assert not any(word in text for word in OURS for text in sentences), sentences
            assert verdict.kind != "refused" or sentences
            assert verdict.number >= 2
    expected = {
        "cut_workbook": {"refused"},
        "far_too_many_rows": {"refused"},
        "macros": {"refused"},
        "merged_cells": {"judged"},
        "formulas": {"judged"},
        "dates_as_numbers": {"judged"},
    }
    name = malformed.KINDS[kind].__name__
    assert outcomes == expected.get(name, outcomes)
    assert outcomes


def test_what_a_bad_roster_leaves_can_be_imported_whole(sign_in, world, look):
    client = sign_in("administrator")
    name, data = malformed.formulas(random.Random(5))
    location = upload(client, world, data, name).location
    apply(client, location)
    [state] = look(sa.select(RosterImport.state).order_by(RosterImport.id.desc()).limit(1))
    assert state in ("applied", "checked")


def repacked(extra: tuple[str, bytes] | None = None, change=lambda part: part) -> bytes:
    """An empty list's workbook, its parts changed, with one part more."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(malformed.book([]))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, change(old.read(part)))
        if extra:
            new.writestr(*extra)
    return stream.getvalue()


def bomb() -> bytes:
    """A workbook of some kilobytes that unpacks to far more than a list needs."""
    return repacked(("xl/media/image1.png", bytes(100_000_000)))


def corners() -> bytes:
    """One merge over all of the largest sheet there is."""
    merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return repacked(change=lambda part: part.replace(b"</sheetData>", merge))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rows.csv", lambda: malformed.far_too_many_rows(random.Random(1))[1]),
        ("rows.xlsx", malformed._huge_workbook),
        ("bomb.xlsx", bomb),
        ("corners.xlsx", corners),
        ("one-cell.csv", lambda: b'Nama,NIP\n"' + b"x" * 4_900_000),
        ("wide.csv", lambda: b"," * 4_900_000),
        ("lines.csv", lambda: b"\n" * 4_900_000),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_memory_stays_bounded(app, name, data):
    content = data()
    tracemalloc.start()
    try:
        with app.test_request_context(), contextlib.suppress(Refused):
            read_roster(content, name, TODAY)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000
