"""Loading the demo: through the importers and actions that people use, each at its moment."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from portal import clock
from portal.assignments.scheduling import open_cohort
from portal.cohorts import actions as cohorts
from portal.cohorts.imports import apply_roster, check_roster
from portal.cohorts.lists import mentorships_in
from portal.cohorts.roster import read_roster
from portal.cohorts.stand_ins import stand_in
from portal.database import db
from portal.demo.bank import fill_bank
from portal.demo.days import PREPARED, ZONE, days_of
from portal.demo.mentoring import Mentoring
from portal.demo.people import COHORTS, PASSWORD, SEED, Cast, cast
from portal.demo.rosters import workbook
from portal.demo.scene import Scene
from portal.demo.story import story
from portal.files.actions import blob_of, keep_accepted
from portal.files.kinds import WORK
from portal.jobs.models import Job
from portal.journal.actions import record
from portal.journal.models import JournalEntry
from portal.library.actions import import_course
from portal.library.prepare import prepare
from portal.library.sources import Folder
from portal.notices.actions import mark_read
from portal.notices.models import Delivery, Notice
from portal.people import actions as people
from portal.people.models import Person, SignInName
from portal.people.passwords import hash_of
from portal.reviews.overview import open_work_of

COURSE = Path(__file__).parent / "pkp"
ORGANISATION = "BKPSDM Kota Malang"
CONTACT = "Panitia PKP, BKPSDM Kota Malang: WA 0812 0000 0000, pkp@malang.example"
LOADED = "demo.load"
Tick = Callable[[str], None]
STEPS_OF_STORY = 45
UNREAD_DAYS = 3
STEPS = 5 + STEPS_OF_STORY


def loaded_on() -> date | None:
    """The day around which the dates of the demo lie; None when it is not loaded."""
    details = db.session.scalar(
        sa.select(JournalEntry.details)
        .where(JournalEntry.verb == LOADED)
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    return date.fromisoformat(details["day"]) if details else None


def load(today: date, tick: Tick = lambda what: None, seed: int = SEED) -> None:
    """Load the demo into an empty database. Same seed and same day, same rows; never commits."""
    hashed = hash_of(PASSWORD)
    first = days_of(COHORTS[0], today)
    with clock.at(first.at(-60, 9)):
        scene = _organisation(cast(seed), today, hashed)
        tick("organisation")
    with clock.at(first.at(-30, 10)):
        course = import_course(prepare(Folder(COURSE)), scene.organisation.id,
                               scene.administrator.id).course  # fmt: skip
        scene.course = course
        fill_bank(scene)
        tick("course")
    for cohort in COHORTS:
        with clock.at(scene.days(cohort).at(-PREPARED, 9, 30)):
            _cohort(scene, cohort)
            tick(cohort)
    _sign_ins(scene, hashed)
    tick("sign-ins")
    _story(scene, tick, seed)
    _stand_in(scene)
    _read_notices(scene)
    with clock.at(first.at(first.run, 0)):
        record(
            LOADED, scene.organisation, by=scene.administrator.id,
            organisation_id=scene.organisation.id, day=today.isoformat(), seed=seed,
        )  # fmt: skip


def _story(scene: Scene, tick: Tick, seed: int) -> None:
    acting = Mentoring(scene, seed)
    days = {cohort: scene.days(cohort) for cohort in COHORTS}
    events = story(scene.cast, days, acting.terms(), acting.lessons_open, seed)
    for count, event in enumerate(events, 1):
        acting.act(event)
        if count * STEPS_OF_STORY // len(events) > (count - 1) * STEPS_OF_STORY // len(events):
            tick(f"{event.at.astimezone(ZONE):%d %b}")


def _stand_in(scene: Scene) -> None:
    """A coach is away this week, and `mentor` stands in for two of their participants."""
    mentor, away = (scene.person(one) for one in scene.cast.coaches[:2])
    cohort, days = scene.cohorts[COHORTS[1]], scene.days(COHORTS[1])
    theirs = [one for one in mentorships_in(cohort.id) if one.mentor_id == away.id]
    with clock.at(days.at(days.run - 1, 8)):
        work = open_work_of(cohort.id, away.id, theirs[0].capacity_id)
        waiting = {one.participant_id for one in work}
        theirs.sort(key=lambda one: one.participant_id not in waiting)
        stand_in(
            cohort, away, mentor.id, [one.id for one in theirs[:2]],
            starts_at=clock.now(), until=days.at(days.run + 4, 23, 59), by=away.id,
        )  # fmt: skip


def _read_notices(scene: Scene) -> None:
    """Everybody who comes in has read what is older than a few days."""
    last = scene.days(COHORTS[0]).at(scene.days(COHORTS[0]).run - UNREAD_DAYS, 12)
    rows = db.session.execute(
        sa.select(Notice.person_id, Notice.id)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.created_at < last, Person.first_entered_at.is_not(None))
        .order_by(Notice.person_id, Notice.id)
    ).all()
    with clock.at(last):
        for person_id, group in groupby(rows, key=lambda row: row[0]):
            mark_read(person_id, [notice_id for _, notice_id in group])
    # What is older went out long ago.
    db.session.execute(sa.delete(Delivery).where(Delivery.due_at < last))
    db.session.execute(sa.delete(Job).where(Job.kind == "notices.collect", Job.due_at < last))


def _organisation(people_of_demo: Cast, today: date, hashed: str) -> Scene:
    organisation = cohorts.organisation_called(ORGANISATION, contact=CONTACT)
    cohorts.ensure_capacities()
    persons = []
    for someone in people_of_demo.administrators:
        names = {"nip": someone.nip, "email": someone.email}
        person = people.create_person(
            someone.name, names, position=someone.position, unit=someone.unit, phone=someone.phone
        )
        cohorts.appoint(person, organisation)
        if someone.username:
            people.add_sign_in_name(person, "username", someone.username)
            person.password_hash, person.password_changed_at = hashed, clock.now()
            person.first_entered_at = clock.now()
            cohorts.appoint(person, None)  # who visits the demo looks after the portal, too
        persons.append(person)
    db.session.flush()
    return Scene(today, people_of_demo, organisation, persons[0])


def _cohort(scene: Scene, name: str) -> None:
    by, days = scene.administrator.id, scene.days(name)
    cohort = open_cohort(
        scene.organisation,
        scene.the_course,
        name,
        days.starts_on,
        days.ends_on,
        by,
        in_working_days=False,
    )
    scene.cohorts[name] = cohort
    file_name = f"Daftar Peserta PKP {name}.xlsx"
    content = workbook(scene.cast, name)
    blob = blob_of(*keep_accepted(io.BytesIO(content), file_name, WORK))
    roster = read_roster(content, file_name, days.day(-PREPARED))
    checked = check_roster(cohort, roster, blob, file_name, by)
    with clock.at(clock.now() + timedelta(minutes=4)):
        if not apply_roster(cohort, checked.id, roster, by):
            raise RuntimeError(f"The roster of {name} was judged differently the second time.")
    named = (
        sa.select(SignInName.folded, Person)
        .join(Person, Person.id == SignInName.person_id)
        .where(SignInName.kind == "nip")
    )
    scene.people.update((nip, person) for nip, person in db.session.execute(named))


def _sign_ins(scene: Scene, hashed: str) -> None:
    """Give a password to those whom a visitor may sign in as."""
    members = [member.person for member in scene.cast.members]
    for someone in {one.nip: one for one in [*members, *scene.cast.coaches]}.values():
        if someone.username:
            person = scene.person(someone)
            person.password_hash, person.password_changed_at = hashed, person.created_at
