"""Organisations stand apart: an administrator of one who opens every page and file they can reach
meets no name of another, and no number of theirs moves when the other grows."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments.models import Assignment, Extension, ExtensionRequest, Schedule
from portal.calendars.models import Meeting
from portal.cohorts.actions import enrol, pair
from portal.cohorts.models import Announcement, Capacity, Cohort, Organisation, RosterImport
from portal.courses.models import Course, CourseFile, Lesson, Module
from portal.holidays.models import Holiday
from portal.people.actions import create_person
from portal.people.models import Person
from portal.rubrics.models import Criterion, Rubric
from portal.submissions.models import Draft, Submission, SubmissionFile
from tests.house.test_access import ROWS
from tests.world import address_of

CANARY = "kenari7f3a"
MOMENT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
AT_MOST = 600
# The form of each single holiday says nothing that the list does not say.
LEFT_OUT = re.compile(r"^/(sign-out|static/|calendar/|(organisations/\d+/)?holidays/edit\?day)")
# What differs from one opening of a page to the next: tokens against forgery, one-time keys.
FLEETING = re.compile(r'(name="(?:csrf_token|send_key|key|hand_in_key)" value=")[^"]*')


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href") or ""
        if tag == "a" and href.startswith("/") and not LEFT_OUT.match(href):
            self.found.append(href.split("#")[0])


def words_of(answer) -> str:
    """What an answer says: the text of a page, or the parts of a workbook or an archive."""
    if answer.data[:2] != b"PK":
        return FLEETING.sub(r"\1", answer.data.decode(errors="replace"))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        parts = [one for one in package.namelist() if not one.startswith("docProps")]
        return "".join(package.read(one).decode("utf-8", "replace") for one in sorted(parts))


def everything_seen_by(client, world) -> dict[str, str]:
    """Address → what it says: each page of the access table and all that pages lead to."""
    ahead = ["/", "/people?words=kenari", f"/cohorts/{world.here}/search?words=kenari"]
    ahead += [address_of(one.split()[1], world) for one in sorted(ROWS) if one.startswith("GET")]
    seen: dict[str, str] = {}
    while ahead and len(seen) < AT_MOST:
        address = ahead.pop(0)
        if address in seen or LEFT_OUT.match(address):
            continue
        answer = client.get(address)
        # The address is not the page's own word: somebody typed it.
        seen[address] = words_of(answer) if answer.status_code == 200 else str(answer.status_code)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            links = Links()
            links.feed(answer.text)
            ahead += sorted(set(links.found))
    assert not ahead
    return seen


def put_canaries(session, world) -> None:
    """Every name and text of the other organisation says CANARY."""
    strangers = (world.stranger, world.strange_mentor, world.strange_administrator)
    elsewhere, course = world.elsewhere, world.elsewhere_course
    schedules = sa.select(Schedule.id).filter_by(cohort_id=elsewhere)
    modules = sa.select(Module.id).filter_by(course_id=course)
    works = sa.select(Submission.id).filter_by(cohort_id=elsewhere)
    rubrics = sa.select(Rubric.id).filter_by(course_id=course)
    for column, condition in (
        (Organisation.name, Organisation.id == world.strange_organisation),
        (Organisation.contact, Organisation.id == world.strange_organisation),
        (Cohort.name, Cohort.id == elsewhere),
        (Course.title, Course.id == course),
        (Course.code, Course.id == course),
        (Module.title, Module.course_id == course),
        (Lesson.title, Lesson.module_id.in_(modules)),
        (Assignment.title, Assignment.course_id == course),
        (Rubric.title, Rubric.course_id == course),
        (Criterion.title, Criterion.rubric_version_id.in_(rubrics)),
        (Announcement.title, Announcement.cohort_id == elsewhere),
        (Meeting.subject, Meeting.cohort_id == elsewhere),
        (Extension.reason, Extension.schedule_id.in_(schedules)),
        (ExtensionRequest.reason, ExtensionRequest.schedule_id.in_(schedules)),
        (Submission.text, Submission.cohort_id == elsewhere),
        (SubmissionFile.name, SubmissionFile.submission_id.in_(works)),
        (Draft.text, Draft.cohort_id == elsewhere),
        (RosterImport.file_name, RosterImport.cohort_id == elsewhere),
        (CourseFile.path, CourseFile.course_id == course),
        (Person.name, Person.id.in_(strangers)),
        (Person.sort_name, Person.id.in_(strangers)),
        (Person.unit, Person.id.in_(strangers)),
    ):
        changed = session.execute(
            sa.update(column.class_).where(condition).values({column.key: CANARY})
        )
        assert changed.rowcount, column
    session.add(
        Holiday(
            organisation_id=world.strange_organisation, day=date(2026, 12, 1), name=CANARY,
            kind="public",
            changed_at=clock.now(),
        )
    )  # fmt: skip


def grow(session, world) -> None:
    """The other organisation gets a cohort, people, mentorships, work that waits, requests."""
    now = clock.now()
    first = session.get(Cohort, world.elsewhere)
    capacity = session.scalar(sa.select(Capacity).filter_by(key="coach"))
    mentor = session.get(Person, world.strange_mentor)
    session.add(
        Cohort(
            organisation_id=first.organisation_id, course_id=first.course_id, created_at=now,
            name=f"{CANARY} II", starts_on=first.starts_on, ends_on=first.ends_on,
        )
    )  # fmt: skip
    schedule = session.scalar(sa.select(Schedule).filter_by(cohort_id=world.elsewhere))
    for number in range(5):
        person = create_person(
            f"{CANARY} {number}", {"username": f"{CANARY}{number}"}, password_hash=""
        )
        enrol(person, first, "participant")
        pair(first, person, mentor, capacity)
        session.add(
            ExtensionRequest(
                schedule_id=schedule.id, person_id=person.id, reason=CANARY, asked_at=now,
                wanted_until=now + timedelta(days=30),
            )
        )  # fmt: skip
        session.add(
            Submission(
                cohort_id=first.id, assignment_id=schedule.assignment_id, person_id=person.id,
                number=1, text=CANARY, text_sha256="0" * 64, hand_in_key=f"{CANARY}{number}",
                receipt_code=f"{CANARY}{number}", received_at=now - timedelta(days=9),
                draft_changed_at=now, due_at=now, deadline={}, punctuality="in_time",
                feedback_by=now - timedelta(days=4),
            )
        )  # fmt: skip


@pytest.fixture(autouse=True)
def decided(scene, world):
    """Every submission version knows the deadline that was decided for it, as in the portal."""
    with scene() as session:
        known = session.get(Submission, world.here_submission).deadline
        session.execute(
            sa.update(Submission)
            .where(Submission.id != world.here_submission)
            .values(deadline=known)
        )


@pytest.mark.parametrize("who", ["administrator", "mentor", "participant"])
def test_no_page_or_file_names_anything_of_another_organisation(world, sign_in, scene, who):
    with scene() as session:
        put_canaries(session, world)
    seen = everything_seen_by(sign_in(who), world)
    told = {
        address: words[max(words.lower().index(CANARY) - 60, 0) :][:150]
        for address, words in seen.items()
        if CANARY in words.lower() and "words=kenari" not in address
    }
    assert told == {}
    assert len(seen) > 60


def test_no_number_moves_when_another_organisation_grows(world, sign_in, scene):
    client = sign_in("administrator")
    with clock.at(MOMENT):
        before = everything_seen_by(client, world)
        with scene() as session:
            grow(session, world)
        after = everything_seen_by(client, world)
    assert before.keys() == after.keys()
    assert [address for address in before if before[address] != after[address]] == []


def test_the_chief_of_the_portal_does_see_both(world, sign_in, scene):
    """The crawl is able to find what it looks for."""
    with scene() as session:
        put_canaries(session, world)
    seen = everything_seen_by(sign_in("chief"), world)
    assert CANARY in seen["/cohorts"]
    assert CANARY in seen["/people"]
