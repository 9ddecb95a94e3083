"""The queue: whose work, in what order, and what it costs."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts.models import Mentorship
from portal.reviews.queue import waiting_for
from portal.submissions.models import Submission
from tests.reviews.scene import fill, hand_in, judged, seen


def listed(client, query="") -> list[str]:
    page = client.get(f"/reviews{query}").text
    return re.findall(r'<p class="row-title"><a href="([^"]+)">', page)


def address(world, submission_id):
    return f"/cohorts/{world.here}/submissions/{submission_id}/review"


def test_only_own_mentees_newest_versions_and_the_earliest_promise_first(sign_in, world, scene):
    now = clock.now()
    with scene():
        hand_in(number=60)
        late = hand_in(number=61, feedback_by=now - timedelta(days=1)).id
        other = hand_in("classmate", feedback_by=now + timedelta(hours=1)).id
        hand_in("stranger", number=9, place="elsewhere")
        hand_in("leaver", feedback_by=now)
    assert listed(sign_in("coach")) == [address(world, late), address(world, other)]
    assert listed(sign_in("mentor")) == [address(world, late)]
    assert listed(sign_in("other_mentor")) == [address(world, other)]
    assert listed(sign_in("participant")) == []
    page = sign_in("coach").get("/reviews").text
    assert "<title>(2) " in page


def test_released_work_leaves_the_queue_and_a_new_version_comes_back(sign_in, world, scene):
    with scene():
        first = hand_in(number=60).id
    coach = sign_in("coach")
    place = address(world, first)
    coach.post(place, data=judged(newest="60"))
    assert listed(coach) == [place], "a draft does not take it away"
    coach.post(f"{place}/release", data=seen(newest=60))
    assert listed(coach) == []
    with scene():
        second = hand_in(number=61).id
    assert listed(coach) == [address(world, second)]


def test_nobody_reviews_their_own_work(sign_in, world, scene):
    """Not even when their own work stands in a cohort where they mentor."""
    with scene():
        mine = hand_in("mentor", place="here").id
    mentor = sign_in("mentor")
    assert address(world, mine) not in listed(mentor)
    assert mentor.get(address(world, mine)).status_code == 404


def test_a_mentorship_that_ended_takes_its_work_along(sign_in, world, scene):
    with scene() as session:
        waiting = hand_in(number=60).id
        session.execute(
            sa.update(Mentorship)
            .where(Mentorship.mentor_id == world.coach)
            .values(ended_at=Mentorship.starts_at)
        )
    coach = sign_in("coach")
    assert listed(coach) == []
    assert coach.get(address(world, waiting)).status_code == 404


@pytest.mark.parametrize(("rows", "count"), [(1, 4), (3, 4), (35, 4), (49, 4), (50, 5), (350, 5)])
def test_the_queue_costs_the_same_however_long(sign_in, world, scene, queries, rows, count):
    """What does not fit on one page is counted by a query of its own."""
    with scene() as session:
        fill(session, rows)
    coach = sign_in("coach")
    with queries() as seen:
        page = coach.get("/reviews")
    assert len(seen) == count
    assert f"<title>({rows + 1}) " in page.text


def test_a_queue_on_one_page_is_counted_as_a_longer_one(sign_in, world, scene):
    now = clock.now()
    with scene() as session:
        begun = hand_in(number=60).id
        fill(session, 11)
        latest = sa.select(Submission).order_by(Submission.id.desc()).limit(12)
        for days, one in enumerate(session.scalars(latest), start=-4):
            one.feedback_by = now + timedelta(days=days, hours=1)
    sign_in("coach").post(address(world, begun), data=judged(newest="60"))
    with scene():
        whole = waiting_for(world.coach, now=now)
        part = waiting_for(world.coach, now=now, most=len(whole.rows) - 1)
    assert whole.rows[:-1] == part.rows
    assert replace(whole, rows=[]) == replace(part, rows=[])
    assert (whole.has_more, part.has_more) == (False, True)
    assert all([whole.overdue, whole.soon, whole.this_week, whole.later, whole.begun])


def test_pages_of_the_queue_miss_and_repeat_nothing(sign_in, world, scene):
    with scene() as session:
        fill(session, 120)
    coach = sign_in("coach")
    seen, query = [], ""
    while True:
        page = coach.get(f"/reviews{query}").text
        seen.append(re.findall(r'<p class="row-title"><a href="([^"]+)">', page))
        following = re.search(r'href="/reviews(\?after=[^"]+)"', page)
        if not following:
            break
        query = following[1]
    assert [len(one) for one in seen] == [50, 50, 21]
    assert len({one for part in seen for one in part}) == 121
    back = re.search(r'href="/reviews(\?before=[^"]+)"', page)[1]
    assert listed(coach, back) == seen[1]
