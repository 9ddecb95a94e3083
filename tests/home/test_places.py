"""Where a page stands: who only looks is told the same as who writes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock
from portal.cohorts.models import Cohort, Organisation
from portal.cohorts.queries import standing_in_cohort
from portal.courses.models import Course
from portal.home.queries import Arrived, arrived, places_of
from portal.people.actions import open_sign_in
from portal.people.queries import person_by_id, shown

MONTH = timedelta(days=30)


@pytest.fixture
def arrive(world, database_session) -> Callable[..., Arrived]:
    """``arrive("mentor", cohort_id)``: what is found out of who signed in a moment ago."""

    def arriving(who: str, cohort_id: int | None) -> Arrived:
        person = person_by_id(getattr(world, who))
        token = open_sign_in(person, address="192.0.2.1", device="x")
        database_session.flush()
        asked = shown(token, now=clock.now(), idle=MONTH, most=MONTH)
        found = arrived(asked, "/", cohort_id)
        assert found is not None
        assert (found.sign_in.person_id, found.sign_in.name) == (person.id, person.name)
        return found

    return arriving


@pytest.mark.parametrize("who", ["participant", "mentor", "administrator", "stranger"])
def test_the_row_of_a_place_says_what_its_objects_say(world, arrive, who):
    objects = standing_in_cohort(getattr(world, who), world.here)
    rows = arrive(who, world.here).standing
    assert (rows.roles, rows.is_closed) == (objects.roles, objects.is_closed)
    for model, row, one in (
        (Cohort, rows.cohort, objects.cohort),
        (Organisation, rows.organisation, objects.organisation),
        (Organisation, rows.cohort.organisation, objects.cohort.organisation),
        (Course, rows.cohort.course, objects.cohort.course),
    ):
        for name in model.__table__.columns.keys():  # noqa: SIM118 - not a dictionary
            assert getattr(row, name) == getattr(one, name), name


def test_there_is_no_standing_where_there_is_no_cohort_or_none_is_asked_for(arrive):
    assert arrive("participant", 10**6).standing is None
    assert arrive("participant", None).standing is None


@pytest.mark.parametrize("who", ["participant", "mentor", "administrator", "stranger"])
def test_the_places_are_the_same_before_a_page_and_after_a_write(world, arrive, who):
    places = places_of(getattr(world, who), "/")
    assert arrive(who, world.here).places == arrive(who, None).places == places


def test_who_shows_no_live_sign_in_does_not_arrive(world, database_session):
    asked = shown("nobody's", now=clock.now(), idle=MONTH, most=MONTH)
    assert arrived(asked, "/", world.here) is None
