"""What the next submission costs when 35 wait in an assignment, and when 2,500 do."""

import hashlib
import secrets
from datetime import timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.load import Round, measure
from bench.queries import queries_of
from bench.serving import Server
from portal import clock, create_app
from portal.assignments.models import AssignmentCapacity, Schedule
from portal.cohorts.models import Enrolment, Mentorship
from portal.config import Settings
from portal.database import db
from portal.people.actions import open_sign_in
from portal.people.models import Person
from portal.submissions.models import Submission

SIZES = (35, 2500)
MOST = 1.2


def following(portal: Server, environ: dict[str, str], *, rounds: int, seconds: float) -> list[str]:
    """Two mentors, one with few and one with many, in alternating rounds, as lines of the report.
    Adds both to the demo."""
    places = [_waiting(environ, size, day) for day, size in enumerate(SIZES, 400)]
    queries = [queries_of(environ, path, cookie) for path, cookie in places]
    costs: list[list[Round]] = [[], []]
    for number in range(rounds + 1):
        for (path, cookie), kept in zip(places, costs, strict=True):
            one = measure(portal, path, cookie, seconds=seconds, clients=2)
            if number:  # the first round only warms up
                kept.append(one)
    few, many = (median(one.cpu_milliseconds for one in kept) for kept in costs)
    is_reached = many <= MOST * few and queries[0] == queries[1]
    return [
        f"The next submission: {few:.2f} ms of CPU and {queries[0]} queries where {SIZES[0]} wait "
        f"in the assignment, {many:.2f} ms and {queries[1]} where {SIZES[1]} do: "
        f"{many / few:.2f} times (at most {MOST}, the same queries). "
        f"Reached: {'yes' if is_reached else 'NO'}.",
        "",
    ]


def _waiting(environ: dict[str, str], size: int, day: int) -> tuple[str, str]:
    """A mentor for whom so many submissions of one assignment wait, promised that many days from
    now: the address of the one in the middle, and the mentor's cookie."""
    app = create_app(Settings.read(environ))
    with app.app_context():
        db.session.info["readonly"] = False
        schedule, capacity_id = db.session.execute(
            sa.select(Schedule, AssignmentCapacity.capacity_id)
            .join(AssignmentCapacity, AssignmentCapacity.assignment_id == Schedule.assignment_id)
            .where(AssignmentCapacity.may_mark, Schedule.rubric_version_id.is_not(None))
            .order_by(Schedule.id)
            .limit(1)
        ).one()
        mentor_id, *people = _people(size + 1)
        _insert(Enrolment, _enrolments(schedule.cohort_id, mentor_id, people))
        _insert(Mentorship, _mentorships(schedule.cohort_id, mentor_id, people, capacity_id))
        _insert(Submission, _submissions(schedule, people, day))
        middle = db.session.scalar(
            sa.select(Submission.id)
            .where(Submission.person_id == people[size // 2])
            .where(Submission.assignment_id == schedule.assignment_id)
        )
        person = db.session.get_one(Person, mentor_id)
        token = open_sign_in(person, address="127.0.0.1", device="bench")
        db.session.commit()
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
        db.engine.dispose()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session.permanent = token, True, True
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    path = f"/cohorts/{schedule.cohort_id}/submissions/{middle}/review"
    return path, f"{cookie.key}={cookie.value}"


def _insert(table: type, rows: list[dict[str, Any]]) -> None:
    db.session.execute(sa.insert(table), rows)


def _people(count: int) -> list[int]:
    people = [
        Person(name=f"Orang {number}", sort_name=f"orang {number}", created_at=clock.now())
        for number in range(count)
    ]
    db.session.add_all(people)
    db.session.flush()
    return [one.id for one in people]


def _enrolments(cohort_id: int, mentor_id: int, people: list[int]) -> list[dict[str, Any]]:
    at = {"cohort_id": cohort_id, "joined_at": clock.now()}
    return [
        {"person_id": mentor_id, "role": "mentor", **at},
        *({"person_id": one, "role": "participant", **at} for one in people),
    ]


def _mentorships(
    cohort_id: int, mentor_id: int, people: list[int], capacity_id: int
) -> list[dict[str, Any]]:
    at = {"cohort_id": cohort_id, "mentor_id": mentor_id, "capacity_id": capacity_id}
    return [{"participant_id": one, "starts_at": clock.now(), **at} for one in people]


def _submissions(schedule: Schedule, people: list[int], day: int) -> list[dict[str, Any]]:
    now, text = clock.now(), "Rencana aksi saya."
    same = {
        "cohort_id": schedule.cohort_id,
        "assignment_id": schedule.assignment_id,
        "number": 1,
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "received_at": now,
        "draft_changed_at": now,
        "due_at": now,
        "deadline": {},
        "punctuality": "in_time",
        "rubric_version_id": schedule.rubric_version_id,
    }
    return [
        {
            **same,
            "person_id": one,
            "hand_in_key": secrets.token_urlsafe(32),
            "receipt_code": secrets.token_hex(10),
            "feedback_by": now + timedelta(days=day, seconds=number),
        }
        for number, one in enumerate(people)
    ]
