"""Where a page stands: who only looks is told the same as who writes."""

import pytest

from portal.cohorts.models import Cohort, Organisation
from portal.cohorts.queries import standing_in_cohort
from portal.courses.models import Course
from portal.home.queries import standing_and_places


@pytest.mark.parametrize("who", ["participant", "mentor", "administrator", "stranger"])
def test_the_row_of_a_place_says_what_its_objects_say(world, database_session, who):
    person_id = getattr(world, who, 0)
    objects = standing_in_cohort(person_id, world.here)
    rows, _places = standing_and_places(person_id, world.here, "/")
    assert (rows.roles, rows.is_closed) == (objects.roles, objects.is_closed)
    for model, row, one in (
        (Cohort, rows.cohort, objects.cohort),
        (Organisation, rows.organisation, objects.organisation),
        (Organisation, rows.cohort.organisation, objects.cohort.organisation),
        (Course, rows.cohort.course, objects.cohort.course),
    ):
        for name in model.__table__.columns.keys():  # noqa: SIM118 - not a dictionary
            assert getattr(row, name) == getattr(one, name), name


def test_there_is_no_row_where_there_is_no_cohort(world, database_session):
    assert standing_and_places(world.participant, 10**6, "/") is None
