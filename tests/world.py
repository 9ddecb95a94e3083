"""The named cast and two cohorts, «here» and «elsewhere», with one of everything.

Rows are built once through the features' own actions; tests know them by the names below.
Organisation one (BKPSDM) holds «here» and «sibling»; organisation two holds «elsewhere».

- participant, classmate: participants here (classmate has another mentor)
- mentor: the participant's supervisor here; also participant in «sibling»
- coach: coach of participant and classmate here
- other_mentor: the classmate's supervisor here
- administrator: of organisation one; chief: of the whole portal
- stranger: a participant elsewhere; strange_mentor: mentor there; strange_administrator
- leaver: was a participant here and left
"""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from portal import clock
from portal.assignments.models import (
    Assignment,
    AssignmentCapacity,
    Extension,
    ExtensionRequest,
    Schedule,
)
from portal.assignments.queries import task_of
from portal.calendars.models import Meeting
from portal.cohorts import actions as cohorts
from portal.cohorts.imports import check_roster
from portal.cohorts.models import Announcement, Cohort
from portal.cohorts.roster import read_roster
from portal.courses.models import Course, CourseFile, Lesson, LessonDownload, Module
from portal.database import db
from portal.files import actions as files
from portal.files import storage
from portal.files.actions import blob_of, keep_accepted
from portal.files.kinds import COURSE, KINDS
from portal.files.models import Blob
from portal.jobs.models import Job
from portal.notices.models import Mail, Notice
from portal.people.actions import create_person, invite, keep_text, open_sign_in
from portal.people.models import Person, SignIn, SignInName
from portal.people.passwords import hash_of
from portal.previews import storage as previews
from portal.previews.actions import finish, note_pages
from portal.reviews.models import Archive, ArchiveEntry, ReleaseSet
from portal.rubrics.models import Criterion, Level, Rubric, RubricVersion
from portal.snippets import actions as snippets
from portal.submissions import actions as submissions
from portal.submissions.queries import Place, draft_of
from portal.submissions.rules import shown_code

PASSWORD = "a password of the tests"

CAST = {
    "participant": "Ratna Wulandari",
    "classmate": "Bayu Prasetyo",
    "leaver": "Lestari Handayani",
    "mentor": "Dwi Santoso",
    "coach": "Sri Mulyani Kusuma",
    "other_mentor": "Agus Hermawan",
    "administrator": "Indah Permatasari",
    "chief": "Kartika Dewi",
    "stranger": "Made Suardana",
    "strange_mentor": "Wayan Artha",
    "strange_administrator": "Ketut Sari",
}


class World:
    """Ids of the cast and the places, by name."""

    def __getattr__(self, name: str) -> int:
        return IDS[name]


IDS: dict[str, int] = {}


def build_world() -> None:
    db.session.info["readonly"] = False
    hashed = hash_of(PASSWORD)
    people = {
        key: create_person(
            name,
            {"username": key, "email": f"{key}@example.org"},
            password_hash=hashed,
            unit="Dinas Kesehatan",
            position="Kepala Seksi",
        )
        for key, name in CAST.items()
    }
    IDS.update({key: person.id for key, person in people.items()})
    capacities = cohorts.ensure_capacities()
    home = cohorts.organisation_called("BKPSDM Kota Malang", contact="WA 0812 0000 0000")
    away = cohorts.organisation_called("BKPSDM Denpasar", zone="Asia/Makassar")
    IDS.update(organisation=home.id, strange_organisation=away.id)
    cohorts.appoint(people["administrator"], home)
    cohorts.appoint(people["strange_administrator"], away)
    cohorts.appoint(people["chief"], None)

    here = build_cohort("here", home, capacities)
    sibling = build_cohort("sibling", home, capacities, course_id=here.course_id)
    elsewhere = build_cohort("elsewhere", away, capacities)
    for key in ("participant", "classmate", "leaver"):
        cohorts.enrol(people[key], here, "participant")
    for key in ("mentor", "coach", "other_mentor"):
        cohorts.enrol(people[key], here, "mentor")
    cohorts.enrol(people["leaver"], here, "participant").left_at = clock.now()
    cohorts.enrol(people["mentor"], sibling, "participant")
    cohorts.enrol(people["stranger"], elsewhere, "participant")
    cohorts.enrol(people["strange_mentor"], elsewhere, "mentor")
    pairs = (
        (here, "participant", "mentor", "supervisor"),
        (here, "participant", "coach", "coach"),
        (here, "classmate", "other_mentor", "supervisor"),
        (here, "classmate", "coach", "coach"),
        (elsewhere, "stranger", "strange_mentor", "supervisor"),
    )
    for cohort, participant, mentor, capacity in pairs:
        pair = cohorts.pair(cohort, people[participant], people[mentor], capacities[capacity])
        IDS.setdefault("here_mentorship" if cohort is here else "elsewhere_mentorship", pair.id)
    build_work("here", people["participant"])
    build_work("elsewhere", people["stranger"])
    build_extension("here", people["classmate"], people["administrator"])
    build_extension("elsewhere", people["stranger"], people["chief"])
    build_meeting("here")
    build_meeting("elsewhere")
    build_announcement("here", here, people["administrator"])
    build_announcement("elsewhere", elsewhere, people["chief"])
    build_reviews("here", "participant", "coach")
    build_reviews("elsewhere", "stranger", "strange_mentor")
    build_roster_import("here", here, people["administrator"])
    build_roster_import("elsewhere", elsewhere, people["strange_administrator"])
    build_account(people["participant"])
    build_kept_mail(people["participant"])
    db.session.execute(sa.delete(Job))


def build_extension(key: str, person: Person, by: Person) -> None:
    """``<key>_extension``: given for the report; ``<key>_extension_request``: waiting."""
    schedule = db.session.scalar(
        sa.select(Schedule).filter_by(cohort_id=IDS[key], assignment_id=IDS[f"{key}_report"])
    )
    later = schedule.due_at + timedelta(days=2)
    given = Extension(
        schedule_id=schedule.id,
        person_id=person.id,
        due_at=later,
        reason="Dinas luar.",
        given_by_id=by.id,
        given_at=clock.now(),
    )
    asked = ExtensionRequest(
        schedule_id=schedule.id,
        person_id=person.id,
        reason="Sakit.",
        wanted_until=later + timedelta(days=2),
        asked_at=clock.now(),
    )
    db.session.add_all([given, asked])
    db.session.flush()
    IDS.update({f"{key}_extension": given.id, f"{key}_extension_request": asked.id})


def build_meeting(key: str) -> None:
    """``<key>_meeting``: in class, three days from now."""
    now = clock.now()
    row = Meeting(
        cohort_id=IDS[key],
        starts_at=now + timedelta(days=3),
        ends_at=now + timedelta(days=3, hours=2),
        subject="Wawasan kebangsaan",
        teacher="Hadi Susilo",
        place="Aula BKPSDM",
        changed_at=now,
    )
    db.session.add(row)
    db.session.flush()
    IDS[f"{key}_meeting"] = row.id


def build_announcement(key: str, cohort: Cohort, by: Person) -> None:
    row = Announcement(
        cohort_id=cohort.id,
        author_id=by.id,
        title="Selamat datang",
        body="Isi *pengumuman*.",
        published_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    IDS[f"{key}_announcement"] = row.id


def build_account(person: Person) -> None:
    """What hangs on the participant's account: another device, an invitation, a kept text."""
    IDS["welcome_token"] = invite(person, by=None)
    open_sign_in(person, address="192.0.2.7", device="Another device")
    db.session.flush()
    IDS["sign_in"] = db.session.scalar(sa.select(SignIn.id).where(SignIn.person_id == person.id))
    kept = keep_text(person.id, "/language", "/", [("text", "Belum terkirim.")], "signed out")
    IDS["kept_text"] = kept.id


def build_kept_mail(person: Person) -> None:
    """An e-mail that was written without a server to take it."""
    now = clock.now()
    mail = Mail(
        person_id=person.id,
        message_id="<1@example.org>",
        created_at=now,
        kept_at=now,
        address="participant@example.org",
        language="id",
        subject="Pemberitahuan",
        text="Isi.",
        html="<html><body><p>Isi.</p></body></html>",
    )
    db.session.add(mail)
    db.session.flush()
    IDS["kept_mail"] = mail.id


def build_work(key: str, person: Person) -> None:
    """One submission version of the essay with a file, and a draft that has gone on since: another
    file, and another text of a collision.
    """
    place = Place(IDS[key], IDS[f"{key}_essay"], person.id)

    def attach(name: str, content: bytes):
        task = task_of(*place)
        return submissions.add_file(place, task, *keep_accepted(BytesIO(content), name), name)

    saved = submissions.save_text(place, "Versi *pertama*.", 0)
    attach("rancangan.pdf", f"%PDF-1.4 {key} 1\n%%EOF\n".encode())
    draft = saved.draft
    submission = submissions.hand_in(
        place,
        task_of(*place),
        key=draft.hand_in_key,
        seen=submissions.contents(draft),
        hashes={one.blob_id: one.blob.sha256 for one in draft.files},
        arrived_at=clock.now(),
        zone=ZoneInfo("Asia/Jakarta"),
    )
    build_preview(db.session.get(Blob, submission.files[0].blob_id))
    submissions.save_text(place, "Versi *kedua*.", 1)
    submissions.save_text(place, "Versi dari telepon.", 0)
    draft_file = attach("lampiran.pdf", f"%PDF-1.4 {key} 2\n%%EOF\n".encode())
    db.session.flush()
    IDS.update(
        {
            f"{key}_submission": submission.id,
            f"{key}_submission_file": submission.files[0].id,
            f"{key}_receipt": shown_code(submission.receipt_code),
            f"{key}_draft_file": draft_file.id,
            f"{key}_draft_copy": draft_of(place).copies[0].id,
        }
    )


def build_preview(blob: Blob) -> None:
    """What the worker would have made of the file that was handed in: one page."""
    picture = previews.picture_of(blob, 1)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"RIFF0000WEBP")
    note_pages(blob.id, 1, [{"page": 1, "width": 620, "height": 877, "text": "Rancangan."}])
    finish(blob.id)
    db.session.execute(sa.delete(Job))


def build_reviews(key: str, participant: str, mentor: str) -> None:
    """A review draft on the participant's essay that holds CANARY, and a released review of their
    report with an action item; no page of the participant may ever show CANARY."""
    from tests.reviews.scene import draft_review, hand_in, released_review

    draft_review(IDS[f"{key}_submission"], mentor, place=key)
    told = hand_in(participant, place=key, assignment="report")
    IDS[f"{key}_told"] = told.id
    IDS[f"{key}_action_item"] = released_review(told.id, mentor, place=key)
    past = clock.now() - timedelta(hours=1)
    over = ReleaseSet(person_id=IDS[mentor], made_at=past, due_at=past)
    db.session.add(over)
    db.session.flush()
    IDS[f"{key}_release_set"] = over.id
    archive = Archive(person_id=IDS[mentor], made_at=past)
    db.session.add(archive)
    db.session.flush()
    db.session.add(ArchiveEntry(archive_id=archive.id, submission_id=IDS[f"{key}_submission"]))
    IDS[f"{key}_archive"] = archive.id
    kept = snippets.keep(IDS[mentor], "Tujuan {name} sudah terukur.", criterion="Kriteria 1")
    IDS[f"{key}_snippet"] = kept.id
    db.session.execute(sa.delete(Notice))


def build_cohort(key: str, organisation, capacities, course_id: int | None = None) -> Cohort:
    """A cohort with a course of two modules, three lessons, and two assignments with a rubric.

    ``<key>_essay`` is open (text and files); ``<key>_report`` is files only and not yet open.
    """
    now = clock.now()
    course = db.session.get(Course, course_id) if course_id else build_course(organisation, key)
    cohort = Cohort(
        organisation_id=organisation.id,
        course_id=course.id,
        name=f"Angkatan {key}",
        starts_on=now.date() - timedelta(days=10),
        ends_on=now.date() + timedelta(days=80),
        created_at=now,
    )
    db.session.add(cohort)
    db.session.flush()
    assignments = db.session.scalars(
        sa.select(Assignment).filter_by(course_id=course.id).order_by(Assignment.position)
    ).all()
    for assignment, opens in zip(assignments, (-10, 20), strict=True):
        version = db.session.scalar(
            sa.select(RubricVersion.id).where(RubricVersion.rubric_id == assignment.rubric_id)
        )
        db.session.add(
            Schedule(
                cohort_id=cohort.id,
                assignment_id=assignment.id,
                opens_at=now + timedelta(days=opens),
                due_at=now + timedelta(days=opens + 14),
                closes_at=now + timedelta(days=opens + 21),
                rubric_version_id=version,
            )
        )
    if not course_id:
        for assignment in assignments:
            for capacity, may_mark in (("supervisor", False), ("coach", True)):
                db.session.add(
                    AssignmentCapacity(
                        assignment_id=assignment.id,
                        capacity_id=capacities[capacity].id,
                        may_mark=may_mark,
                    )
                )
    db.session.flush()
    essay, report = assignments
    IDS.update(
        {
            key: cohort.id,
            f"{key}_course": course.id,
            f"{key}_essay": essay.id,
            f"{key}_report": report.id,
        }
    )
    return cohort


def build_course(organisation, key: str) -> Course:
    now = clock.now()
    course = Course(
        organisation_id=organisation.id,
        code=f"PKP-{key}",
        title="Pelatihan PKP",
        description="Tentang pelatihan ini.",
        created_at=now,
    )
    db.session.add(course)
    db.session.flush()
    for number, lessons in ((1, 2), (2, 1)):
        module = Module(
            course_id=course.id, position=number, title=f"Modul {number}", agenda="Agenda 1"
        )
        db.session.add(module)
        db.session.flush()
        for place in range(1, lessons + 1):
            lesson = Lesson(
                module_id=module.id,
                position=place,
                title=f"Pelajaran {number}.{place}",
                body="Isi *pelajaran*.",
                html="<p>Isi <em>pelajaran</em>.</p>",
                search_text="Isi pelajaran.",
            )
            db.session.add(lesson)
            db.session.flush()
            IDS[f"{key}_lesson_{number}_{place}"] = lesson.id
        IDS[f"{key}_module_{number}"] = module.id
    blob = files.store(BytesIO(b"Lembar kerja."), "lembar.txt", COURSE)
    worksheet = CourseFile(course_id=course.id, path=f"{key}.txt", blob_id=blob.id)
    db.session.add(worksheet)
    db.session.flush()
    db.session.add(LessonDownload(lesson_id=IDS[f"{key}_lesson_1_1"], course_file_id=worksheet.id))
    rubric = Rubric(course_id=course.id, key="rap", title="Rubrik RAP")
    db.session.add(rubric)
    db.session.flush()
    IDS[f"{key}_rubric"] = rubric.id
    version = RubricVersion(rubric_id=rubric.id, number=1, created_at=now)
    db.session.add(version)
    db.session.flush()
    IDS[f"{key}_rubric_version"] = version.id
    for position, weight in ((1, Decimal(60)), (2, Decimal(40))):
        criterion = Criterion(
            rubric_version_id=version.id,
            position=position,
            weight=weight,
            title=f"Kriteria {position}",
            description="Apa yang dinilai.",
        )
        db.session.add(criterion)
        db.session.flush()
        IDS[f"{key}_criterion_{position}"] = criterion.id
        bands = (("Sangat baik", "80.01", "100"), ("Baik", "70.01", "80"), ("Kurang", "0", "70"))
        for place, (title, lowest, highest) in enumerate(bands, 1):
            level = Level(
                criterion_id=criterion.id,
                position=place,
                title=title,
                description=f"{title} sekali.",
                lowest=Decimal(lowest),
                highest=Decimal(highest),
            )
            db.session.add(level)
            db.session.flush()
            IDS[f"{key}_level_{position}_{place}"] = level.id
    for position, title, text in ((1, "Esai", True), (2, "Laporan", False)):
        db.session.add(
            Assignment(
                course_id=course.id,
                position=position,
                title=title,
                brief="Tulislah.",
                html="<p>Tulislah.</p>",
                rubric_id=rubric.id,
                accepts_text=text,
                accepts_files=True,
                file_types=["pdf", "docx", "png", "jpg"],
                max_files=3,
                weight=Decimal(50),
                module_id=IDS[f"{key}_module_1"],
            )
        )
    db.session.flush()
    return course


def person_named(username: str) -> Person:
    return db.session.scalar(
        sa.select(Person).join(SignInName).where(SignInName.folded == username)
    )


def build_roster_import(key: str, cohort: Cohort, by: Person) -> None:
    """``<key>_roster_import``: a list with one new participant, checked and not yet imported."""
    data = b"Nama,NIP\nYuni Astuti,198503152010012012\n"
    blob = blob_of(storage.keep(BytesIO(data)), KINDS["csv"])
    roster = read_roster(data, "peserta.csv", date(2026, 11, 23))
    row = check_roster(cohort, roster, blob, "peserta.csv", by.id)
    IDS[f"{key}_roster_import"] = row.id


# What stands for each parameter of a route, here and elsewhere. Features add theirs.
PARAMETERS = {
    "cohort_id": "{place}",
    "organisation_id": "organisation",
    "course_id": "{place}_course",
    "module_id": "{place}_module_1",
    "lesson_id": "{place}_lesson_1_1",
    "rubric_id": "{place}_rubric",
    "assignment_id": "{place}_essay",
    "submission_id": "{place}_submission",
    "submission_file_id": "{place}_submission_file",
    "picture_number": "=1",
    "draft_file_id": "{place}_draft_file",
    "draft_copy_id": "{place}_draft_copy",
    "code": "{place}_receipt",
    "action_item_id": "{place}_action_item",
    "participant_id": "participant",
    "person_id": "participant",
    "roster_import_id": "{place}_roster_import",
    "token": "welcome_token",
    "sign_in_id": "sign_in",
    "kept_text_id": "kept_text",
    "mail_id": "kept_mail",
    "job_id": "=1",
    "path": "={place}.txt",
    "mentorship_id": "{place}_mentorship",
    "mentor_id": "mentor",
    "announcement_id": "{place}_announcement",
    "meeting_id": "{place}_meeting",
    "extension_id": "{place}_extension",
    "archive_id": "{place}_archive",
    "release_set_id": "{place}_release_set",
    "snippet_id": "{place}_snippet",
    "extension_request_id": "{place}_extension_request",
}
ELSEWHERE = {"participant_id": "stranger", "person_id": "stranger", "mentor_id": "strange_mentor"}
PLACES = {"cohort_id", "organisation_id"}


def address_of(rule: str, world: World, children: str = "here") -> str | None:
    """The address of a route with ids of «here»; with ``children="elsewhere"`` only the place is
    here and every other id comes from elsewhere (None when the route has no other id)."""
    import re

    names = re.findall(r"<(?:\w+:)?(\w+)>", rule)
    if children == "elsewhere" and not (set(names) & PLACES and set(names) - PLACES):
        return None
    for name in names:
        place = "here" if name in PLACES else children
        key = PARAMETERS[name]
        if place == "elsewhere":
            key = ELSEWHERE.get(name, key)
        key = key.format(place=place)
        value = key[1:] if key.startswith("=") else getattr(world, key)
        rule = re.sub(rf"<(?:\w+:)?{name}>", str(value), rule)
    return rule
