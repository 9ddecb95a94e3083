"""The portal's own health log, and what an outage shortly before a deadline proposes."""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.assignments import rules
from portal.assignments.models import Extension, OutageDecision, Schedule
from portal.cohorts.models import Enrolment
from portal.database import db
from portal.notices.models import Notice
from portal.outages import actions, pulse
from portal.outages.models import Heartbeat, Outage
from portal.people.models import Person

JAKARTA = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)
HOUR = timedelta(hours=1)


def beat(scene, at):
    with scene(), clock.at(at):
        actions.beat(TEN)


def noted(scene):
    with scene() as session:
        rows = session.scalars(sa.select(Outage).order_by(Outage.began_at))
        return [(one.began_at, one.ended_at) for one in rows]


def test_a_silence_that_was_long_is_an_outage_and_the_first_beat_is_none(scene, world):
    beat(scene, START)
    for minutes in (0.5, 1, 11, 11.5):  # ten minutes between two of them
        beat(scene, START + timedelta(minutes=minutes))
    assert noted(scene) == []
    back = START + timedelta(minutes=11.5) + 3 * HOUR
    beat(scene, back)
    beat(scene, back + timedelta(seconds=30))
    assert noted(scene) == [(back - 3 * HOUR, back)]


def test_a_clock_that_was_set_back_is_no_outage(scene, world):
    beat(scene, START + HOUR)
    beat(scene, START)
    beat(scene, START + timedelta(minutes=1))
    assert noted(scene) == []


@pytest.mark.parametrize("is_fresh", [True, False])
def test_several_processes_that_begin_at_once_note_it_once(scene, portal, world, is_fresh):
    if not is_fresh:
        beat(scene, START)
    barrier = threading.Barrier(3)

    def process():
        with portal.app_context(), clock.at(START + HOUR):
            db.session.info["readonly"] = False
            barrier.wait()
            actions.beat(TEN)
            db.session.commit()

    threads = [threading.Thread(target=process) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert noted(scene) == ([] if is_fresh else [(START, START + HOUR)])
    with scene() as session:
        assert session.scalars(sa.select(Heartbeat.beaten_at)).all() == [START + HOUR]


def test_a_process_beats_beside_its_requests_and_writes_no_more_than_is_needed(
    portal, scene, world, queries, caplog, monkeypatch
):
    stop = threading.Event()
    stop.set()  # once round
    pulse.begin(portal, stop).join()
    with scene() as session:
        assert session.scalar(sa.select(sa.func.count(Heartbeat.id))) == 1
    with queries() as seen:
        pulse.beat_in(portal, TEN)
    assert [one.split()[0] for one in seen] == ["SELECT"]
    none = replace(portal.config["SETTINGS"], outage_minutes=0)
    monkeypatch.setitem(portal.config, "SETTINGS", none)
    assert pulse.begin(portal, stop) is None
    monkeypatch.undo()
    monkeypatch.setattr(pulse, "beat_in", lambda *_: 1 / 0)
    pulse.begin(portal, stop).join()
    assert "cannot note that it is alive" in caplog.text


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(-60, 60),
    st.integers(1, 100),
)
def test_what_an_outage_takes_of_the_last_day_is_what_lies_within_it(due_at, began, lasted):
    deadline = rules.deadline(rules.Dates(due_at - 300 * HOUR, due_at, due_at))
    began_at = due_at + began * HOUR
    ended_at = began_at + lasted * HOUR
    hit = any(began_at <= due_at - back * HOUR / 2 <= ended_at for back in range(1, 48))
    assert rules.is_cut_short(deadline, began_at, ended_at, 24 * HOUR) == hit
    proposed = rules.after_outage(due_at, ended_at, ended_at, JAKARTA)
    assert proposed > max(due_at, ended_at)
    assert proposed.weekday() < 5
    assert proposed.time() == due_at.astimezone(JAKARTA).time()


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def here(world):
    return f"/cohorts/{world.here}"


@pytest.fixture
def outage(scene, world):
    """The essay was due two hours ago; the portal was away from an hour before until just now. The
    participant has handed in, the classmate has not."""
    now = clock.now().replace(microsecond=0)
    with scene() as session:
        session.execute(
            sa.update(Schedule)
            .filter_by(cohort_id=world.here, assignment_id=world.here_essay)
            .values(due_at=now - 2 * HOUR)
        )
        one = Outage(began_at=now - 3 * HOUR, ended_at=now)
        session.add(one)
        session.flush()
        return one.id


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def proposals(text):
    part = text.split("Setelah gangguan")[1] if "Setelah gangguan" in text else ""
    return words(part.split("Menunggu jawaban")[0])


def test_an_outage_proposes_more_time_by_one_click_to_those_who_had_not_handed_in(
    administrator, world, here, outage, scene
):
    assert "Gangguan menjelang tenggat" in administrator.get("/").text
    assert "jam-jam terakhir" in administrator.get(f"{here}/progress").text
    listed = administrator.get(f"{here}/extensions").text
    assert "1 orang belum mengumpulkan" in proposals(listed)
    [link] = re.findall(r'href="([^"]*outage=1[^"]*)"', listed)
    form = administrator.get(unescape(link)).text
    assert re.search(rf'checked[^>]*value="{world.classmate}"', form)
    assert not re.search(rf'checked[^>]*value="{world.participant}"', form)
    assert "Portal tidak dapat diakses dari" in form
    until = re.search(r'name="due_at"[^>]*value="([^"]+)"', form).group(1)
    reason = unescape(re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", form, re.DOTALL).group(1))
    fields = {
        "assignment_id": world.here_essay, "what": "give", "due_at": until, "reason": reason,
        "whom": "ticked", "people": [world.classmate], "revision": 1, "outages": str(outage),
    }  # fmt: skip
    seen = administrator.post(f"{here}/extensions/effects", data=fields)
    assert f'name="outages" value="{outage}"' in seen.text
    assert administrator.post(f"{here}/extensions", data=fields).status_code == 303
    with scene() as session:
        one = session.scalars(sa.select(Extension).order_by(Extension.id.desc())).first()
        assert (one.person_id, one.reason) == (world.classmate, reason)
        assert one.due_at > clock.now()
        told = session.scalars(sa.select(Notice.person_id).filter_by(kind="extension_given")).all()
        assert told == [world.classmate]
        assert session.scalars(sa.select(OutageDecision.is_given)).all() == [True]
    assert proposals(administrator.get(f"{here}/extensions").text) == ""
    assert "Gangguan menjelang tenggat" not in administrator.get("/").text


def test_an_outage_is_dismissed_once_and_for_this_cohort_alone(
    administrator, world, here, outage, scene, sign_in
):
    """Two press at once; whoever comes first is on record."""
    address = f"{here}/outages/{world.here_essay}/dismissal"
    clients, codes = [administrator, sign_in("chief")], []
    barrier = threading.Barrier(2)
    for client in clients:
        assert client.post(address, data={"outages": "999999,x"}).status_code == 303

    def press(client):
        barrier.wait()
        codes.append(client.post(address, data={"outages": str(outage)}).status_code)

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303]
    with scene() as session:
        [one] = session.scalars(sa.select(OutageDecision))
        assert one.decided_by_id in (world.administrator, world.chief)
        assert one.is_given is False
    assert proposals(administrator.get(f"{here}/extensions").text) == ""


@pytest.mark.parametrize("how", ["exempt", "later", "before", "long ago", "left"])
def test_who_was_not_affected_is_proposed_nothing(administrator, world, here, outage, scene, how):
    assert proposals(administrator.get(f"{here}/extensions").text)
    now = clock.now()
    with scene() as session:
        one = session.get(Outage, outage)
        if how == "exempt":
            given = Extension(
                schedule_id=schedule_id(session, world), person_id=world.classmate,
                reason="Cuti.", given_by_id=world.administrator, given_at=now,
            )  # fmt: skip
            session.add(given)
        elif how == "later":
            given = Extension(
                schedule_id=schedule_id(session, world), person_id=world.classmate,
                due_at=now + 30 * HOUR, reason="Dinas.", given_by_id=world.administrator,
                given_at=now,
            )  # fmt: skip
            session.add(given)
        elif how == "before":
            one.began_at, one.ended_at = now - 30 * HOUR, now - 27 * HOUR
        elif how == "long ago":
            session.execute(
                sa.update(Schedule).values(
                    opens_at=now - 900 * HOUR, due_at=now - 500 * HOUR, closes_at=now - 400 * HOUR
                )
            )
            one.began_at, one.ended_at = now - 501 * HOUR, now - 499 * HOUR
        else:
            session.execute(
                sa.update(Enrolment).filter_by(person_id=world.classmate).values(left_at=now)
            )
    assert proposals(administrator.get(f"{here}/extensions").text) == ""


def schedule_id(session, world):
    return session.scalar(
        sa.select(Schedule.id).filter_by(cohort_id=world.here, assignment_id=world.here_essay)
    )


def test_the_administrators_of_the_portal_read_when_it_was_away(outage, sign_in):
    assert "Saat portal tidak dapat diakses" in sign_in("chief").get("/jobs").text
    assert "dari " in words(sign_in("chief").get("/jobs").text).split("Saat portal")[1]


@pytest.mark.parametrize("people", [1, 35, 350])
def test_proposals_take_the_same_queries_for_any_number_of_people(
    administrator, world, here, outage, scene, queries, people
):
    with scene() as session:
        for number in range(people):
            name = f"Orang {number}"
            person = Person(name=name, sort_name=name.casefold(), created_at=clock.now())
            session.add(person)
            session.flush()
            session.add(
                Enrolment(
                    cohort_id=world.here, person_id=person.id, role="participant",
                    joined_at=clock.now(),
                )
            )  # fmt: skip
    administrator.get(f"{here}/extensions")
    with queries() as seen:
        text = administrator.get(f"{here}/extensions").text
    assert f"{people + 1} orang belum mengumpulkan" in proposals(text)
    assert len(seen) == 11
