"""A mentor who is away: somebody stands in from a day until a day, and it ends by itself."""

import re
import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import time_machine

from portal import clock
from portal.cohorts.models import Cohort, Mentorship
from portal.cohorts.roster import Roster
from portal.cohorts.snapshots import snapshot_for
from portal.cohorts.undoing import _stood_in_for
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.progress.turnaround import turnaround_in
from portal.reviews.desks import desk_of
from portal.reviews.queue import waiting_for
from tests.reviews.scene import hand_in
from tests.reviews.test_queue import address, listed

JAKARTA = ZoneInfo("Asia/Jakarta")
WEEK = timedelta(days=7)


def today() -> date:
    return datetime.now(JAKARTA).date()


def named(world, look, absent: str, to: str, first=None, last=None, only=None) -> dict:
    mine = sa.select(Mentorship.id).where(
        Mentorship.cohort_id == world.here,
        Mentorship.mentor_id == getattr(world, absent),
        Mentorship.ended_at.is_(None),
    )
    if only:
        mine = mine.where(Mentorship.participant_id == getattr(world, only))
    return {
        "stand_in_id": str(getattr(world, to)),
        "starts_on": str(first or today()),
        "until": str(last or today() + WEEK),
        "mentorships": [str(one) for one in look(mine)],
    }


def place(world, absent: str) -> str:
    return f"/cohorts/{world.here}/mentors/{getattr(world, absent)}/stand-ins"


@pytest.fixture
def rows(look):
    """The stand-ins there are: (participant, mentor, for whom)."""
    return lambda: look(
        sa.select(Mentorship.participant_id, Mentorship.mentor_id, Mentorship.stands_in_for_id)
        .where(Mentorship.stands_in_for_id.is_not(None))
        .order_by(Mentorship.id)
    )


def test_the_stand_in_reviews_from_the_first_until_the_last_day_and_no_longer(
    sign_in, world, look, rows, scene
):
    with scene():
        work = hand_in(number=60).id
    coach, other = sign_in("coach"), sign_in("other_mentor")
    page = coach.get(f"{place(world, 'coach')}/new").text
    assert page.count('name="mentorships"') == page.count("checked") == 2
    first, last = today() + timedelta(days=2), today() + timedelta(days=4)
    fields = named(world, look, "coach", "other_mentor", first, last, only="participant")
    assert coach.post(place(world, "coach"), data=fields).location == "/stand-ins"
    assert rows() == [(world.participant, world.other_mentor, world.coach)]
    there = address(world, work)

    def may(moment: datetime) -> tuple[bool, bool, int]:
        """Whether the stand-in, and who is away, find the work; the status of its file."""
        with time_machine.travel(moment, tick=False):
            with scene():
                found = desk_of(world.other_mentor, world.here, work)
                counted = {one.person_id: one.waiting for one in turnaround_in(world.here, moment)}
            assert counted[world.other_mentor] == (found is not None)
            assert counted[world.coach] == 1
            return (there in listed(sign_in("other_mentor")), there in listed(sign_in("coach")))

    begins = datetime.combine(first, datetime.min.time(), JAKARTA)
    ends = datetime.combine(last + timedelta(days=1), datetime.min.time(), JAKARTA)
    second = timedelta(seconds=1)
    assert there not in listed(other)
    assert may(begins - second) == (False, True)
    assert may(begins + second) == (True, True)
    assert may(ends - 2 * second) == (True, True)
    assert may(ends) == (False, True)
    with time_machine.travel(begins + second, tick=False):
        other = sign_in("other_mentor")
        assert "menggantikan Sri Mulyani Kusuma sampai" in other.get("/reviews").text
        assert "Anda menggantikan Sri Mulyani Kusuma" in other.get(there).text
        assert "menggantikan" not in sign_in("mentor").get(there).text


def test_everybody_concerned_is_told_once(sign_in, world, look, rows):
    coach = sign_in("coach")
    fields = named(world, look, "coach", "mentor")
    assert coach.post(place(world, "coach"), data=fields).status_code == 303
    told = sa.select(Notice.person_id, Notice.kind).order_by(Notice.person_id)
    expected = {
        (world.mentor, "stand_in_asked"),
        (world.coach, "stand_in_named"),
        (world.participant, "mentor_stood_in_for"),
        (world.classmate, "mentor_stood_in_for"),
    }
    assert sorted(look(told)) == sorted(expected)
    assert "Anda menggantikan Sri Mulyani Kusuma" in sign_in("mentor").get("/notices").text
    assert "menggantikan mentor Anda" in sign_in("participant").get("/notices").text
    again = coach.post(place(world, "coach"), data=fields)
    assert again.status_code == 422
    assert "Dwi Santoso sudah meninjau" in again.text
    assert len(rows()) == 2
    assert len(look(told)) == 4


def test_a_stand_in_is_no_transfer(sign_in, world, look, scene):
    """Neither the board nor the loads, the conflicts, the roster or a sharing-out see it."""

    def counted():
        with scene() as session:
            known = snapshot_for(
                session.get(Cohort, world.here), Roster(rows=[]), world.administrator
            )
        page = sign_in("administrator").get(f"/cohorts/{world.here}/mentorships").text
        return known.mentorships, re.findall(r'class="numeric" data-label="[^"]+">(\d+)<', page)

    before = counted()
    fields = named(world, look, "mentor", "coach")
    assert sign_in("mentor").post(place(world, "mentor"), data=fields).status_code == 303
    assert counted() == before
    board = sign_in("administrator").get(f"/cohorts/{world.here}/mentorships").text
    assert "Sri Mulyani Kusuma menggantikan Dwi Santoso" in board
    assert "Benturan kepentingan" not in board
    assert "Pendampingan yang sudah berakhir" not in board


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"until": "2020-01-01", "starts_on": "2020-01-01"}, "belum lewat"),
        ({"until": ""}, 'id="until-error"'),
        ({"starts_on": str(today() + 2 * WEEK)}, 'id="until-error"'),
        ({"mentorships": []}, "Centang paling sedikit satu"),
        ({"stand_in_id": "stranger"}, 'id="stand_in_id-error"'),
        ({"stand_in_id": "strange_mentor"}, 'id="stand_in_id-error"'),
        ({"stand_in_id": "coach"}, 'id="stand_in_id-error"'),
    ],
)
def test_what_is_refused_writes_nothing_and_comes_back(sign_in, world, look, rows, fields, says):
    wanted = named(world, look, "coach", "other_mentor") | fields
    if "stand_in_id" in fields:
        wanted["stand_in_id"] = str(getattr(world, fields["stand_in_id"]))
    answer = sign_in("coach").post(place(world, "coach"), data=wanted)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{wanted["starts_on"]}"' in answer.text
    assert rows() == []


def test_nobody_stands_in_for_their_own_work(sign_in, world, look, rows, scene):
    """The mentor takes part here, too; whoever mentors them cannot be replaced by them."""
    with scene() as session:
        capacity = session.scalar(sa.select(sa.func.min(Mentorship.capacity_id)))
        now = clock.now()
        session.add(
            Mentorship(
                cohort_id=world.here, participant_id=world.mentor, mentor_id=world.other_mentor,
                capacity_id=capacity, starts_at=now,
            )
        )  # fmt: skip
    fields = named(world, look, "other_mentor", "mentor")
    answer = sign_in("administrator").post(place(world, "other_mentor"), data=fields)
    assert answer.status_code == 422
    assert "jangan sertakan Dwi Santoso" in answer.text
    assert rows() == []


def test_ended_early_it_is_over_and_on_record(sign_in, world, look, scene):
    administrator = sign_in("administrator")
    fields = named(world, look, "mentor", "other_mentor")
    board = f"/cohorts/{world.here}/mentorships"
    assert administrator.post(place(world, "mentor"), data=fields).location == board
    with scene():
        work = address(world, hand_in(number=60).id)
    assert work in listed(sign_in("other_mentor"))
    [row] = look(sa.select(Mentorship.id).where(Mentorship.stands_in_for_id.is_not(None)))
    end = f"/cohorts/{world.here}/stand-ins/{row}/end"
    assert [sign_in(who).get(end).status_code for who in ("other_mentor", "coach")] == [404, 404]
    assert sign_in("mentor").post(end).status_code == 422
    assert sign_in("mentor").post(end, data={"sure": "yes"}).location == "/stand-ins"
    assert listed(sign_in("other_mentor")) == []
    assert work in listed(sign_in("mentor"))
    assert sign_in("mentor").get(end).status_code == 404
    assert "Pengganti sebelumnya" in administrator.get(board).text
    verbs = look(sa.select(JournalEntry.verb).order_by(JournalEntry.id))
    assert verbs[-2:] == ["cohorts.stand_in", "cohorts.end_stand_in"]
    told = look(
        sa.select(Notice.person_id).where(Notice.kind.in_(["stand_in_over", "mentor_is_back"]))
    )
    assert sorted(told) == sorted([world.mentor, world.other_mentor, world.participant])


def test_in_a_closed_cohort_none_is_named_nor_ended(sign_in, world, look, scene):
    coach = sign_in("coach")
    coach.post(place(world, "coach"), data=named(world, look, "coach", "mentor"))
    assert "Dwi Santoso" in coach.get("/stand-ins").text
    with scene() as session:
        session.get(Cohort, world.here).closed_at = clock.now()
    page = coach.get("/stand-ins").text
    assert "Tidak ada yang menggantikan Anda" in page
    assert "Tunjuk pengganti di" not in page


@pytest.mark.parametrize("how", ["end", "transfer", "leave", "stand_in_leaves"])
def test_it_ends_with_the_mentorship_it_stands_for(sign_in, world, look, how):
    administrator = sign_in("administrator")
    administrator.post(place(world, "mentor"), data=named(world, look, "mentor", "other_mentor"))
    here = f"/cohorts/{world.here}"
    one = f"{here}/mentorships/{world.here_mentorship}"
    if how == "end":
        administrator.post(f"{one}/end", data={"sure": "yes"})
    elif how == "transfer":
        administrator.post(f"{one}/transfer", data={"mentor_id": world.coach})
    else:
        who = world.mentor if how == "leave" else world.other_mentor
        administrator.post(f"{here}/people/{who}/leaving", data={"sure": "yes"})
    [ended_at] = look(
        sa.select(Mentorship.ended_at).where(Mentorship.stands_in_for_id == world.mentor)
    )
    assert ended_at <= clock.now()
    over = sa.select(Notice.person_id).where(Notice.kind == "stand_in_over")
    assert look(over) == ([] if how == "stand_in_leaves" else [world.other_mentor])


def test_an_import_whose_mentors_were_stood_in_for_is_not_undone(scene, world, look, sign_in):
    sign_in("mentor").post(place(world, "mentor"), data=named(world, look, "mentor", "coach"))
    with scene():
        assert list(_stood_in_for([world.here_mentorship])) == [world.participant]


def test_two_at_once_name_one(app, world, look, sign_in, rows):
    """The form sent twice by two administrators: one stand-in, one refusal."""
    clients = [sign_in("administrator"), sign_in("chief")]
    fields = named(world, look, "mentor", "other_mentor")
    start, answers = threading.Barrier(2), []

    def press(client):
        start.wait()
        answers.append(client.post(place(world, "mentor"), data=fields).status_code)

    threads = [threading.Thread(target=press, args=(one,)) for one in clients]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303, 422]
    assert rows() == [(world.participant, world.other_mentor, world.mentor)]


def test_who_has_the_work_as_their_own_as_well_does_not_stand_in_for_it(
    sign_in, world, look, scene
):
    with scene():
        work = hand_in(number=60).id
    fields = named(world, look, "coach", "other_mentor", only="participant")
    assert sign_in("coach").post(place(world, "coach"), data=fields).location == "/stand-ins"

    def for_whom() -> set[str | None]:
        """For whom the queue and the desk say that the work is reviewed."""
        with scene():
            queue = waiting_for(world.other_mentor, now=clock.now())
            here = [one.absent for one in queue.rows if one.submission_id == work]
            return {*here, desk_of(world.other_mentor, world.here, work).absent}

    assert for_whom() == {"Sri Mulyani Kusuma"}
    with scene() as session:
        standing_in = session.scalar(
            sa.select(Mentorship).where(Mentorship.stands_in_for_id.is_not(None))
        )
        session.add(
            Mentorship(
                cohort_id=world.here,
                participant_id=world.participant,
                mentor_id=world.other_mentor,
                capacity_id=standing_in.capacity_id,
                starts_at=clock.now() - WEEK,
            )
        )
    assert for_whom() == {None}
