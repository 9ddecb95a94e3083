"""What is typed as a day or an hour is the organisation's; a reader elsewhere is told so."""

from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal.assignments.models import ExtensionRequest, Schedule
from portal.people.models import Person

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def in_jayapura(sign_in, world, scene):
    """Somebody of the cast, signed in, whose own zone is two hours ahead of the organisation's."""

    def signed_in(who: str):
        with scene() as session:
            its = sa.update(Person).filter_by(id=getattr(world, who))
            session.execute(its.values(zone="Asia/Jayapura", language="en"))
        return sign_in(who)

    return signed_in


@pytest.fixture
def due_at(world, scene):
    """The essay is due at 23:59 where the organisation is: the next day already in Jayapura."""
    with scene() as session:
        mine = sa.select(Schedule).filter_by(cohort_id=world.here, assignment_id=world.here_essay)
        schedule = session.scalars(mine).one()
        local = schedule.due_at.astimezone(JAKARTA)
        schedule.due_at = local.replace(hour=23, minute=59, second=0, microsecond=0)
        schedule.closes_at = max(schedule.closes_at, schedule.due_at)
        return schedule.due_at


def test_who_asks_for_more_time_is_told_the_hour_of_the_organisation(
    in_jayapura, world, scene, due_at
):
    place = f"/cohorts/{world.here}/assignments/{world.here_essay}/extension-requests"
    participant = in_jayapura("participant")
    assert "Until 23:59 WIB of that day." in participant.get(place).text
    asked = {"wanted_until": "2099-12-23", "reason": "Dinas luar."}
    assert participant.post(place, data=asked).status_code == 303
    with scene() as session:
        newest = sa.select(sa.func.max(ExtensionRequest.wanted_until))
        until = session.scalar(newest).astimezone(JAKARTA)
    assert f"{until:%Y-%m-%d %H:%M}" == "2099-12-23 23:59"
    answer = "Until Thu, 24 Dec 2099 01:59 WIT (= Wed, 23 Dec 23:59 WIB)"
    assert answer in participant.get(place).text


def test_who_gives_more_time_is_told_whose_hour_it_is(in_jayapura, world, due_at):
    here = f"/cohorts/{world.here}"
    administrator = in_jayapura("administrator")
    answer = f"{here}/extension-requests/{world.here_extension_request}/answer"
    for page in (answer, f"{here}/extensions/new"):
        assert "The hour is that of WIB." in administrator.get(page).text
    dates = administrator.get(f"{here}/schedule/{world.here_essay}/edit").text
    assert "Times are those of WIB." in dates
