"""Rows that reviews stand on, put there directly: what was handed in, by whom, when."""

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from portal import clock
from portal.assignments.rules import Deadline
from portal.cohorts.models import Enrolment, Mentorship
from portal.database import db
from portal.people.models import Person
from portal.reviews import actions, releasing
from portal.reviews.basis import Basis, basis_of
from portal.reviews.desks import desk_of
from portal.reviews.models import ActionItem
from portal.reviews.places import Passage, Place, Spot
from portal.reviews.queries import files_of
from portal.reviews.rules import Judged
from portal.reviews.sheets import Item, Placed, Typed
from portal.rubrics.queries import criteria_of
from portal.submissions.models import Submission
from tests.world import IDS

CANARY = "unreleased-canary-7f3a"


def hand_in(
    person: str = "participant",
    number: int = 1,
    *,
    place: str = "here",
    assignment: str = "essay",
    text: str = "Karya *saya*.",
    received_at: datetime | None = None,
    feedback_by: datetime | None = None,
) -> Submission:
    """A submission version, as if it had been handed in through the browser."""
    submission = handed_in(
        IDS[person],
        number,
        place=place,
        assignment=assignment,
        text=text,
        received_at=received_at,
        feedback_by=feedback_by,
    )
    db.session.add(submission)
    db.session.flush()
    return submission


def handed_in(
    person_id: int,
    number: int = 1,
    *,
    place: str = "here",
    assignment: str = "essay",
    text: str = "Karya *saya*.",
    received_at: datetime | None = None,
    feedback_by: datetime | None = None,
) -> Submission:
    """Such a row, not yet in the database."""
    now = received_at or clock.now()
    due = now + timedelta(days=1)
    return Submission(
        cohort_id=IDS[place],
        assignment_id=IDS[f"{place}_{assignment}"],
        person_id=person_id,
        number=number,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        hand_in_key=secrets.token_urlsafe(32),
        receipt_code=secrets.token_hex(10),
        received_at=now,
        draft_changed_at=now,
        due_at=due,
        deadline=Deadline(now, due, due, due, timedelta()).as_data(),
        punctuality="in_time",
        feedback_by=feedback_by or now + timedelta(days=5),
        rubric_version_id=IDS[f"{place}_rubric_version"],
    )


def judged(place: str = "here", *, level: int = 1, value: str = "85", **fields: str) -> dict:
    """The fields of a whole judgement of the version «waiting», as the form sends them."""
    filled = {
        "number": "1",
        "revision": "0",
        "newest": "50",
        "rubric": str(IDS[f"{place}_rubric_version"]),
        "feedback": "Kerja yang rapi.",
        "decision": "accepted",
    }
    for position in (1, 2):
        criterion = IDS[f"{place}_criterion_{position}"]
        filled[f"level_{criterion}"] = str(IDS[f"{place}_level_{position}_{level}"])
        filled[f"value_{criterion}"] = value
    return filled | fields


def seen(number: int = 1, revision: int = 1, newest: int = 50) -> dict[str, str]:
    """The hidden fields of a page that shows this revision of the version «waiting»."""
    rubric = IDS["here_rubric_version"]
    values = {"number": number, "revision": revision, "newest": newest, "rubric": rubric}
    return {name: str(value) for name, value in values.items()}


def seen_by(client, address: str) -> dict[str, str]:
    """The hidden fields in which the page at an address says what it shows."""
    page = client.get(address).text
    names = ("number", "revision", "newest", "rubric")
    return {name: re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)[1] for name in names}


def now_of(desk) -> Basis:
    """What somebody sees who opens the review now."""
    return basis_of(desk, actions.present_of(desk.submission.id))


def whole(place: str, words: str, *, may_mark: bool, items: tuple[Item, ...] = ()) -> Typed:
    """A whole judgement with these words in every text."""
    criteria = [IDS[f"{place}_criterion_{position}"] for position in (1, 2)]
    levels = [IDS[f"{place}_level_{position}_1"] for position in (1, 2)]
    return Typed(
        judgements={
            criterion: Judged(level, Decimal(85))
            for criterion, level in zip(criteria, levels, strict=True)
        }
        if may_mark
        else None,
        remarks=dict.fromkeys(criteria, f"Catatan {words}."),
        feedback=f"Umpan balik {words}.",
        items=items or (Item(actions.new_thread(), f"Tindak lanjut {words}"),),
        decision="revise",
        revise_by=clock.now() + timedelta(days=7),
        placed=(placed(f"Di sini {words}"),),
    )


def placed(text: str, place: Place | None = None, **more) -> Placed:
    """A remark on the first word of «Karya *saya*.», or on another place."""
    place = place or Passage(0, 5, "Karya", 1)
    return Placed(actions.new_thread(), text, place, **more)


def draft_review(submission_id: int, mentor: str, *, place: str = "here") -> None:
    """A review draft that says CANARY everywhere: on a page of each file, too."""
    desk = desk_of(IDS[mentor], IDS[place], submission_id)
    typed = whole(place, CANARY, may_mark=desk.may_mark)
    spots = [Spot(one.id, 1) for one in files_of(submission_id)]
    on_pages = [placed(f"Halaman {CANARY}", spot, is_item=True) for spot in spots]
    typed = replace(typed, placed=(*typed.placed, *on_pages))
    actions.save(desk, IDS[mentor], typed, seen=now_of(desk))


def released_review(
    submission_id: int, mentor: str, *, place: str = "here", words: str = "yang dirilis"
) -> int:
    """A released review that asks for a revision; returns the id of its action item."""
    desk = desk_of(IDS[mentor], IDS[place], submission_id)
    typed = whole(place, words, may_mark=desk.may_mark)
    actions.save(desk, IDS[mentor], typed, seen=now_of(desk))
    criteria = criteria_of(desk.submission.rubric_version_id)
    path = f"/cohorts/{IDS[place]}/assignments/{desk.assignment.id}"
    review = releasing.release(desk, IDS[mentor], criteria, seen=now_of(desk), path=path)
    return db.session.scalars(
        sa.select(ActionItem.id).where(ActionItem.review_id == review.id)
    ).one()


def fill(session, rows: int) -> None:
    """That many further participants of the coach, each with work that waits."""
    now, here = clock.now(), IDS["here"]
    capacity = session.scalar(
        sa.select(Mentorship.capacity_id).filter_by(mentor_id=IDS["coach"]).limit(1)
    )
    people = [
        Person(name=f"Peserta {number}", sort_name=f"peserta {number}", created_at=now)
        for number in range(rows)
    ]
    session.add_all(people)
    session.flush()
    ids = [one.id for one in people]
    session.execute(
        sa.insert(Enrolment),
        [
            {"cohort_id": here, "person_id": id_, "role": "participant", "joined_at": now}
            for id_ in ids
        ],
    )
    session.execute(
        sa.insert(Mentorship),
        [
            {
                "cohort_id": here, "participant_id": id_, "mentor_id": IDS["coach"],
                "capacity_id": capacity, "starts_at": now,
            }
            for id_ in ids
        ],
    )  # fmt: skip
    session.add_all(
        handed_in(id_, feedback_by=now + timedelta(minutes=number // 3))
        for number, id_ in enumerate(ids)
    )
    session.flush()
