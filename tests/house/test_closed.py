"""A closed cohort is there to be read: every page of it opens as before, every form of it is
refused (shown or sent), and nothing in any table changes."""

import re

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from portal import clock
from portal.cohorts.models import Cohort
from portal.database import db
from tests.house.test_access import PEOPLE, ROWS
from tests.world import address_of

OF_COHORTS = sorted(one for one in ROWS if "<int:cohort_id>" in one)
STILL_OPEN = {
    "POST /cohorts/<int:cohort_id>/closing",
    "POST /cohorts/<int:cohort_id>/reopening",
    # Nobody was told of it, and everybody would be when the cohort is opened again.
    "POST /cohorts/<int:cohort_id>/announcements/<int:announcement_id>/removal",
}
# What may change although a cohort is closed: that somebody was here, and what they had typed.
TRACES = {"sighting", "sign_in", "kept_text", "notice"}


@pytest.fixture
def closed(scene, world):
    with scene() as session:
        session.execute(
            sa.update(Cohort).where(Cohort.id == world.here).values(closed_at=clock.now())
        )


def contents(portal):
    with portal.app_context():
        db.session.info["readonly"] = True
        found = {
            table.name: db.session.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in db.metadata.sorted_tables
            if table.name not in TRACES
        }
        db.session.remove()
    return found


def links(answer):
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.findall(r' href="(/[^"#?]*)', main)


def asks(portal, path):
    """Whether the page at this path is there only to change something in the cohort."""
    try:
        endpoint, values = portal.url_map.bind("").match(path)
    except HTTPException:
        return False
    view = endpoint.partition(".")[2]
    is_form = view in {"new", "edit", "confirm_removal"} or view.startswith("new_")
    return is_form and "cohort_id" in values and endpoint != "cohorts.edit"


@pytest.mark.parametrize("who", ["participant", "mentor", "coach", "administrator", "chief"])
def test_everything_is_read_and_nothing_is_changed(portal, world, sign_in, closed, who):
    client = sign_in(who)
    before, wrong, offered = contents(portal), {}, {}
    place = PEOPLE.index(who)
    for route in OF_COHORTS:
        method, rule = route.split()
        expected = ROWS[route][place]
        address = address_of(rule, world)
        if method == "GET":
            answer = client.get(address)
            status = answer.status_code
            if status == 200 and answer.mimetype == "text/html":
                offered |= {link: address for link in links(answer) if asks(portal, link)}
            if asks(portal, address):
                fits = status == (423 if expected in ("ok", "404") else int(expected))
            else:
                fits = status == int(expected) if expected != "ok" else status < 400
        else:
            status = client.post(address, data={"text": "Belum terlambat"}).status_code
            refused = 423 if expected in ("ok", "404") else int(expected)
            fits = status == refused or route in STILL_OPEN
        if not fits:
            wrong[route] = status
        if route in STILL_OPEN and method == "POST":
            with portal.app_context():
                db.session.info["readonly"] = False
                db.session.execute(
                    sa.update(Cohort)
                    .where(Cohort.id == world.here)
                    .values(closed_at=before["cohort"][0].closed_at)
                )
                db.session.commit()
    assert (wrong, offered) == ({}, {})
    after = contents(portal)
    journal = [one for one in after.pop("journal_entry") if one.verb != "cohorts.reopen"]
    assert journal == before.pop("journal_entry")
    assert after == before


def test_what_was_typed_is_kept_and_the_page_says_why(world, sign_in, closed):
    client = sign_in("participant")
    draft = f"/cohorts/{world.here}/assignments/{world.here_essay}/draft"
    answer = client.post(draft, data={"text": "Tulisan terakhir saya", "revision": "2"})
    assert answer.status_code == 423
    assert "Angkatan ini sudah ditutup" in answer.text
    assert "Tulisan terakhir saya" in answer.text
    assert "Angkatan ini sudah ditutup" in client.get(f"/cohorts/{world.here}/course").text


def test_a_draft_in_it_is_read_and_not_written(world, sign_in, closed):
    client = sign_in("participant")
    text = client.get(f"/cohorts/{world.here}/assignments/{world.here_essay}/draft").text
    assert "Versi *kedua*." in text
    assert "<textarea" not in text
    # The frame says it, so that no button of a form is shown (static/css/closed.css).
    assert "is-closed" in text.partition("<main")[0]
    assert "is-closed" not in client.get("/").text


def test_nothing_of_it_waits_for_anybody(world, sign_in, closed):
    assert "Ratna Wulandari" not in sign_in("mentor").get("/reviews").text
    text = sign_in("participant").get("/").text
    assert f"/cohorts/{world.here}/assignments/{world.here_essay}" not in text
