"""Announcements for a moment that lies ahead, and how many have read them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from portal.cohorts.models import Announcement
from portal.jobs.worker import run_free_jobs
from portal.notices.models import Notice

JAKARTA = ZoneInfo("Asia/Jakarta")
MEMBERS = ("participant", "classmate", "mentor", "coach", "other_mentor")


@pytest.fixture
def page(world):
    return f"/cohorts/{world.here}/announcements"


@pytest.fixture
def tomorrow():
    """Tomorrow at nine, and how a browser sends it."""
    day = datetime.now(JAKARTA).date() + timedelta(days=1)
    at = datetime(day.year, day.month, day.day, 9, tzinfo=JAKARTA)
    return at, at.strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def scheduled(sign_in, page, tomorrow):
    """The address of an announcement for tomorrow."""
    sent = {"title": "Libur bersama", "body": "Isi.", "at": tomorrow[1]}
    return sign_in("administrator").post(page, data=sent).location


def told(scene) -> list[int]:
    with scene() as session:
        return list(session.scalars(sa.select(Notice.person_id).filter_by(kind="announcement")))


def test_nobody_sees_it_before_its_moment_but_its_writer(world, sign_in, page, scheduled, scene):
    assert told(scene) == []
    for who in ("participant", "mentor"):
        assert sign_in(who).get(scheduled).status_code == 404
        assert "Libur bersama" not in sign_in(who).get(page).text
        assert "Libur bersama" not in sign_in(who).get("/").text
    administrator = sign_in("administrator")
    assert "Belum ada yang melihat ini" in administrator.get(scheduled).text
    assert "Terjadwal" in administrator.get(page).text


def test_everybody_is_told_once_when_it_comes(
    portal, world, sign_in, page, scheduled, scene, tomorrow
):
    with time_machine.travel(tomorrow[0] - timedelta(seconds=1), tick=False):
        run_free_jobs(portal)
        assert told(scene) == []
    with time_machine.travel(tomorrow[0], tick=False):
        for _ in range(2):
            run_free_jobs(portal)
        assert sorted(told(scene)) == sorted(getattr(world, one) for one in MEMBERS)
        assert sign_in("participant").get(scheduled).status_code == 200


def test_nobody_is_told_when_the_cohort_was_closed_before(
    portal, world, sign_in, page, scheduled, scene, tomorrow
):
    sign_in("administrator").post(f"/cohorts/{world.here}/closing", data={"sure": "yes"})
    with time_machine.travel(tomorrow[0], tick=False):
        run_free_jobs(portal)
        participant = sign_in("participant")
        assert scheduled not in participant.get(page).text + participant.get("/").text
        assert participant.get(scheduled).status_code == 404
        assert "Tidak diberitahukan" in sign_in("administrator").get(page).text
    assert told(scene) == []


def test_what_came_while_the_cohort_was_closed_is_told_when_it_is_opened_again(
    portal, world, sign_in, page, scheduled, scene, tomorrow
):
    sign_in("administrator").post(f"/cohorts/{world.here}/closing", data={"sure": "yes"})
    with time_machine.travel(tomorrow[0] + timedelta(days=1), tick=False):
        run_free_jobs(portal)
        administrator = sign_in("administrator")
        for _ in range(2):
            administrator.post(f"/cohorts/{world.here}/reopening")
        assert "tentang 1 pengumuman" in administrator.get(page).text
        assert sorted(told(scene)) == sorted(getattr(world, one) for one in MEMBERS)
        assert sign_in("participant").get(scheduled).status_code == 200
        assert administrator.post(f"{scheduled}/removal").status_code == 409


def test_what_came_while_the_cohort_was_closed_can_be_withdrawn_first(
    portal, world, sign_in, page, scheduled, scene, tomorrow
):
    sign_in("administrator").post(f"/cohorts/{world.here}/closing", data={"sure": "yes"})
    with time_machine.travel(tomorrow[0] + timedelta(days=1), tick=False):
        administrator = sign_in("administrator")
        assert administrator.post(f"{scheduled}/removal").location == page
        administrator.post(f"/cohorts/{world.here}/reopening")
        assert administrator.get(scheduled).status_code == 404
    assert told(scene) == []


def test_a_job_that_comes_late_still_tells_what_was_announced_before_the_closing(
    portal, world, sign_in, scheduled, scene, tomorrow
):
    with time_machine.travel(tomorrow[0] + timedelta(minutes=1), tick=False):
        sign_in("administrator").post(f"/cohorts/{world.here}/closing", data={"sure": "yes"})
        run_free_jobs(portal)
    assert sorted(told(scene)) == sorted(getattr(world, one) for one in MEMBERS)


def test_it_is_withdrawn_before_its_moment_and_not_after(
    portal, world, sign_in, page, scheduled, scene, tomorrow
):
    administrator = sign_in("administrator")
    again = administrator.post(
        page, data={"title": "Lain", "body": "Isi.", "at": tomorrow[1]}
    ).location
    assert administrator.post(f"{scheduled}/removal").location == page
    assert administrator.get(scheduled).status_code == 404
    with time_machine.travel(tomorrow[0], tick=False):
        run_free_jobs(portal)
        assert administrator.post(f"{again}/removal").status_code == 409
        assert administrator.get(again).status_code == 200
    with scene() as session:
        titles = session.scalars(sa.select(Announcement.title).filter_by(cohort_id=world.here))
        assert sorted(titles) == ["Lain", "Selamat datang"]
    assert len(told(scene)) == len(MEMBERS)


@pytest.mark.parametrize("at", ["2020-01-01T09:00", "kemarin", "9999-12-31T23:59"])
def test_a_moment_that_does_not_lie_ahead_is_refused(world, sign_in, page, scene, at):
    sent = {"title": "Kabar <lama>", "body": "Isi.", "at": at}
    answer = sign_in("administrator").post(page, data=sent)
    assert answer.status_code == 422
    assert 'id="at-error"' in answer.text
    assert "Kabar &lt;lama&gt;" in answer.text
    assert told(scene) == []


def test_the_same_sent_twice_is_told_once(world, sign_in, page, scene, tomorrow):
    administrator = sign_in("administrator")
    sent = {"title": "Libur", "body": "Isi."}
    now = [administrator.post(page, data=sent).location for _ in range(2)]
    later = [administrator.post(page, data=sent | {"at": tomorrow[1]}).location for _ in range(2)]
    other = administrator.post(page, data=sent | {"body": "Isi lain."}).location
    assert [len(set(one)) for one in (now, later)] == [1, 1]
    assert len({*now, *later, other}) == 3
    assert len(told(scene)) == 2 * len(MEMBERS)


def test_it_says_how_many_have_read_it(world, sign_in, page):
    administrator = sign_in("administrator")
    address = administrator.post(page, data={"title": "Libur", "body": "Isi."}).location
    assert "Dibaca 0 dari 5 orang" in administrator.get(address).text
    for who in ("participant", "coach"):
        sign_in(who).get(address)
    assert "Dibaca 2 dari 5 orang" in administrator.get(address).text
    assert "Dibaca 2 dari 5 orang" in administrator.get(page).text
    assert "Dibaca" not in sign_in("participant").get(address).text
