"""How soon mentors answer, and how much waits for them: seen by the administrator of the cohort."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date

from portal import clock
from portal.progress.turnaround import turnaround_in
from portal.reviews.models import Review
from tests.reviews.scene import fill, hand_in


def answered(session, world, days: int, *, number: int, person: str = "classmate", by=None):
    now = clock.now()
    work = hand_in(
        person, number, received_at=now - timedelta(days=days + 1),
        feedback_by=now - timedelta(days=days + 1) + timedelta(days=4),
    )  # fmt: skip
    session.add(
        Review(
            submission_id=work.id, decision="accepted", started_at=now, saved_at=now,
            released_at=now - timedelta(days=1), released_by_id=by or world.coach,
        )
    )  # fmt: skip


def of(rows, person_id: int):
    return next(one for one in rows if one.person_id == person_id)


def test_the_median_and_what_was_promised(scene, world):
    with scene() as session:
        for number, days in enumerate((1, 2, 9), 1):
            answered(session, world, days, number=number, by=world.other_mentor)
        session.flush()
        one = of(turnaround_in(world.here, clock.now()), world.other_mentor)
    assert round(one.median_days, 2) == 2
    assert (len(one.taken), one.in_time, one.late) == (3, 2, 1)
    assert (one.waiting, one.oldest) == (0, None), "what was answered waits no longer"


def test_what_waits_counts_for_each_who_may_review_it_once(scene, world):
    now = clock.now()
    with scene():
        hand_in("classmate", received_at=now - timedelta(days=8), feedback_by=now)
        rows = turnaround_in(world.here, clock.now())
    for who in (world.coach, world.other_mentor):
        one = of(rows, who)
        assert one.overdue == 1
        assert one.oldest == now - timedelta(days=8)
    assert of(rows, world.mentor).overdue == 0


def test_a_release_whose_moment_has_not_come_is_no_answer_yet(scene, world):
    with scene() as session:
        work = hand_in("classmate")
        now = clock.now()
        session.add(
            Review(
                submission_id=work.id, decision="accepted", started_at=now, saved_at=now,
                released_at=now + timedelta(minutes=9), released_by_id=world.other_mentor,
            )
        )  # fmt: skip
        session.flush()
        one = of(turnaround_in(world.here, clock.now()), world.other_mentor)
    assert (one.taken, one.waiting) == ([], 1)


@pytest.mark.parametrize("rows", [1, 35, 200])
def test_the_page_costs_the_same_however_much_was_answered(sign_in, scene, world, queries, rows):
    with scene() as session:
        fill(session, rows)
        for number in range(1, rows + 1):
            answered(session, world, 3, number=number)
    administrator = sign_in("administrator")
    with queries() as seen:
        page = administrator.get(f"/cohorts/{world.here}/turnaround")
    assert len(seen) == 4
    [row] = re.findall(r"<tr>\s*<th[^>]*>Sri Mulyani Kusuma.*?</tr>", page.text, re.DOTALL)
    assert re.search(r"<span>\d+(,\d)? hari</span>", row)
    assert row.count('class="bar"') == 1


def test_the_same_promise_stands_everywhere(sign_in, scene, world):
    """The queue, the mentor's home, the review, the participant's pages: one moment,
    stored when the work arrived."""
    with scene():
        work = hand_in(number=60, feedback_by=clock.now() + timedelta(days=3))
    coach, own = sign_in("coach"), sign_in("participant")
    essay = f"/cohorts/{world.here}/assignments/{world.here_essay}"
    local = work.feedback_by.astimezone(ZoneInfo("Asia/Jakarta"))
    words = {format_date(local, form, locale="id") for form in ("d MMM y", "d MMMM y")}
    places = (
        (coach, "/reviews"),
        (coach, "/"),
        (coach, f"/cohorts/{world.here}/submissions/{work.id}/review"),
        (own, essay),
        (own, f"/cohorts/{world.here}/assignments"),
    )
    said = {place: client.get(place).text for client, place in places}
    assert [place for place, text in said.items() if not any(one in text for one in words)] == []
