"""The main navigation and the footer of every page."""

import re

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts.models import Appointment
from portal.database import db
from portal.home.navigation import places
from portal.home.queries import places_of
from portal.notices.models import Notice
from tests.house.test_access import ROWS
from tests.world import address_of


def links_of(answer) -> list[str]:
    main = answer.text.split('class="site-navigation"')[-1].split("</nav>")[0]
    return [part.split(">")[-1].split("&nbsp;")[0] for part in main.split("</a>")[:-1]]


def test_a_visitor_has_no_navigation(visitor):
    assert "site-navigation" not in visitor.get("/sign-in").text


@pytest.mark.parametrize("who", ["participant", "mentor", "administrator"])
def test_everybody_finds_their_home(sign_in, who):
    assert links_of(sign_in(who).get("/"))[0] == "Beranda"


def test_the_footer_names_the_organiser(sign_in):
    assert "WA 0812 0000 0000" in sign_in("participant").get("/").text


def test_the_places_of_a_person_are_one_select(portal, world, queries):
    with portal.test_request_context("/"), queries() as seen:
        found = places_of(world.mentor, "/")
    assert len(seen) == 1
    roles = [(place.name, place.role) for place in found.cohorts]
    assert sorted(roles) == [("Angkatan here", "mentor"), ("Angkatan sibling", "participant")]
    with portal.app_context():
        unread = db.session.scalar(
            sa.select(sa.func.count(Notice.id)).filter_by(person_id=world.mentor, read_at=None)
        )
    assert (found.is_administrator, found.unread) == (False, unread)


@pytest.mark.parametrize(
    ("who", "is_it"), [("administrator", True), ("chief", True), ("leaver", False)]
)
def test_who_administers(portal, world, who, is_it):
    with portal.test_request_context("/"):
        found = places_of(getattr(world, who), "/")
    assert (found.is_administrator, found.cohorts) == (is_it, ())


def test_a_page_without_a_person_asks_nothing(portal, queries):
    with portal.test_request_context("/"), queries() as seen:
        assert places().cohorts == ()
    assert seen == []


@pytest.mark.parametrize(("who", "word"), [("administrator", "Angkatan"), ("mentor", "Tinjauan")])
def test_the_page_that_names_a_stand_in_stands_under_what_leads_to_it(sign_in, world, who, word):
    page = sign_in(who).get(f"/cohorts/{world.here}/mentors/{world.mentor}/stand-ins/new").text
    [present] = re.findall(r'<a [^>]*aria-current="page"[^>]*>([^<]+)</a>', page)
    assert present == word


def test_the_course_one_follows_and_those_one_administers_have_two_names(sign_in, world, scene):
    assert "Pelatihan" in links_of(sign_in("participant").get("/"))
    where = {"person_id": world.participant, "organisation_id": world.organisation}
    with scene() as session:
        session.add(Appointment(**where, starts_at=clock.now()))
    links = links_of(sign_in("participant").get("/"))
    assert [link for link in links if "Pelatihan" in link] == ["Pelatihan saya", "Pelatihan"]


@pytest.mark.parametrize(
    ("under", "word"),
    [("organisations/<int:organisation_id>/courses/", "Pelatihan"), ("cohorts/", "Angkatan")],
)
def test_every_page_below_a_link_stands_under_it(sign_in, world, under, word):
    administrator, missing = sign_in("administrator"), []
    for row in sorted(ROWS):
        verb, rule = row.split()
        if verb != "GET" or under not in rule:
            continue
        answer = administrator.get(address_of(rule, world))
        if (answer.status_code, answer.mimetype) == (200, "text/html"):
            present = re.findall(r'<a [^>]*aria-current="page"[^>]*>([^<]+)</a>', answer.text)
            missing += [] if word in present else [rule]
    assert missing == []
