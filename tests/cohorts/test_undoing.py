"""What the columns of a list mean, an import in the background, and taking it back."""

import re
import threading
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts import imports
from portal.cohorts.models import Cohort, Enrolment, Mentorship, RosterColumn, RosterImport
from portal.jobs.models import Job
from portal.jobs.worker import run_free_jobs
from portal.learning.models import LessonCompletion
from portal.notices.models import Delivery, Mail, Notice
from portal.people.models import Person, SignInName
from tests.cohorts.rosters import apply, run_jobs, upload

HEADER = "Nama;NIP;E-mail;Jabatan;No HP;NDH;Mentor;NIP Mentor\r\n"
LIST = (
    HEADER
    + "Siti Aminah;198503152010011012;siti@malang.go.id;Kasi;0812;7;Budi;197901012005011003\r\n"
    + "Ratna Wulandari Baru;198003152010011014;participant@example.org;Kepala Bidang;08;1;;\r\n"
    + "Bayu Prasetyo;;classmate@example.org;;;2;Dwi Santoso;\r\n"
)
STRANGE = (
    "Daftar peserta\n\nUrutan,Siapa dia,Kode pegawai,Pos elektronik kantor\n"
    "1,Siti Aminah,198503152010011012,siti@malang.go.id\n"
)


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


def everything(look):
    """All rows that an import may touch, whole."""
    return {
        model.__tablename__: look(sa.select(*model.__table__.columns).order_by(model.id))
        for model in (Person, SignInName, Enrolment, Mentorship)
    }


def imported(administrator, world, text=LIST):
    location = upload(administrator, world, text).location
    apply(administrator, location)
    return location


# Columns


def test_columns_that_are_not_known_are_asked_for_once_and_remembered(administrator, world, look):
    location = upload(administrator, world, STRANGE).location
    columns = administrator.get(location)
    assert (columns.status_code, columns.location) == (303, f"{location}/columns")
    page = administrator.get(columns.location).text
    assert "Siapa dia" in page
    assert "Siti Aminah" in page
    # What the cells look like is chosen already; the number says nothing.
    chosen = re.findall(r'<option selected value="([^"]*)"', page)
    assert [one for one in chosen if "." in one] == ["person.name", "person.nip", "person.email"]
    said = {"column_1": "person.name", "column_2": "person.nip", "column_3": "person.email"}
    answer = administrator.post(f"{location}/columns", data={"sheet": 0, "row": 1, **said})
    assert (answer.status_code, answer.location) == (303, location)
    assert "Siti Aminah" in administrator.get(location).text
    [verdicts] = look(sa.select(RosterImport.verdicts).order_by(RosterImport.id.desc()).limit(1))
    assert [(v["kind"], v["identity"]) for v in verdicts] == [("new", "19850315 201001 1 012")]
    # The next list with these headers is read at once, in every cohort of the organisation.
    again = upload(administrator, world, STRANGE, cohort="sibling").location
    assert administrator.get(again).status_code == 200


def test_what_one_organisation_says_of_headers_is_unknown_to_another(administrator, sign_in, world):
    location = upload(administrator, world, STRANGE).location
    said = {"column_1": "person.name", "column_2": "person.nip"}
    administrator.post(f"{location}/columns", data={"sheet": 0, "row": 1, **said})
    theirs = sign_in("strange_administrator")
    location = upload(theirs, world, STRANGE, cohort="elsewhere").location
    assert theirs.get(location).status_code == 303


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "berisi nama"),
        ({"column_1": "person.name"}, "berisi NIP"),
        ({"column_1": "person.name", "column_2": "person.name"}, "arti yang sama"),
        ({"column_1": "person.everything"}, "Periksa"),
    ],
)
def test_columns_that_make_no_list_are_refused_and_kept(administrator, world, look, said, words):
    location = upload(administrator, world, STRANGE).location
    answer = administrator.post(f"{location}/columns", data={"sheet": 0, "row": 1, **said})
    assert answer.status_code == 422
    assert words in answer.text
    assert not look(sa.select(RosterColumn.id))
    if said.get("column_1") == "person.name":
        assert '<option selected value="person.name">' in answer.text


def test_what_was_recognised_can_be_corrected_and_corrected_back(administrator, world, look):
    location = upload(
        administrator, world, "Nama,NIP,Unit\nSiti,198503152010011012,Kasi\n"
    ).location
    before = {"column_0": "person.name", "column_1": "person.nip", "column_2": "person.unit"}
    after = {**before, "column_2": "person.position"}
    administrator.post(f"{location}/columns", data={"sheet": 0, "row": 0, **after})
    assert look(sa.select(RosterColumn.header, RosterColumn.meaning)) == [
        ("unit", "person.position")
    ]
    apply(administrator, location)
    assert look(sa.select(Person.position, Person.unit).filter_by(name="Siti")) == [("Kasi", "")]
    assert administrator.get(f"{location}/columns").location == location
    again = administrator.post(f"{location}/columns", data={"sheet": 0, "row": 0, **before})
    assert again.location == location
    other = upload(administrator, world, "Nama,NIP,Unit\nAnwar,198503152010011013,Kasi\n").location
    administrator.post(f"{other}/columns", data={"sheet": 0, "row": 0, **before})
    assert not look(sa.select(RosterColumn.id))


# In the background


def test_the_page_tells_how_far_the_worker_is(administrator, world, look, scene):
    location = upload(administrator, world, LIST).location
    for _ in range(2):
        assert administrator.post(f"{location}/application").status_code == 303
    assert look(sa.select(sa.func.count()).select_from(Job).filter_by(kind=KIND)) == [1]
    page = administrator.get(location).text
    assert "Menunggu giliran" in page
    assert "application" not in page
    for state, words in (("reading", "Membaca berkas"), ("writing", "Menulis")):
        with scene() as session:
            session.execute(sa.update(RosterImport).values(state=state))
        fragment = administrator.get(
            location, headers={"HX-Request": "true", "HX-Target": "import-progress"}
        ).text
        step = fragment.index('aria-current="step"')
        assert words in fragment[step : step + 120]
    run_jobs(administrator)
    fragment = administrator.get(
        location, headers={"HX-Request": "true", "HX-Target": "import-progress"}
    ).text
    assert "Impor sudah berakhir" in fragment
    assert "every 2s" not in fragment


KIND = "cohorts.import_roster"


def test_an_import_that_breaks_changes_nothing_and_says_so(
    administrator, world, look, monkeypatch, caplog
):
    location = upload(administrator, world, LIST).location
    before = everything(look)
    monkeypatch.setattr(imports, "_renumber", lambda *_: 1 / 0)
    apply(administrator, location)
    assert everything(look) == before
    assert "Impor tidak dapat dijalankan" in administrator.get(location).text
    monkeypatch.undo()
    apply(administrator, location)
    assert look(sa.select(RosterImport.state).order_by(RosterImport.id.desc()).limit(1)) == [
        "applied"
    ]


def test_people_known_from_other_cohorts_are_recognised(administrator, world):
    text = HEADER + "Made;;stranger@example.org;;;;;\r\nRatna;;participant@example.org;;;;;\r\n"
    location = upload(administrator, world, text, cohort="sibling").location
    page = administrator.get(location).text
    assert "Dikenal dari Angkatan here" in page
    assert "Angkatan elsewhere" not in page
    assert "Made Suardana" not in page


# Taking it back


def test_an_import_is_undone_exactly(administrator, world, look):
    before = everything(look)
    location = imported(administrator, world)
    assert everything(look) != before
    for _ in range(2):
        assert administrator.post(f"{location}/undoing").status_code == 303
        assert everything(look) == before
    page = administrator.get(location).text
    assert "dibatalkan" in page
    assert administrator.post(f"{location}/application").status_code == 409
    assert everything(look) == before
    imported(administrator, world)
    assert everything(look) != before


def test_what_people_were_told_meanwhile_is_no_hindrance(portal, administrator, world, look, scene):
    before = everything(look)
    location = imported(administrator, world)
    sent = {"title": "Selamat datang", "body": "Isi."}
    administrator.post(f"/cohorts/{world.here}/announcements", data=sent)
    siti = sa.select(Person.id).filter_by(name="Siti Aminah").scalar_subquery()
    assert look(sa.select(sa.func.count(Delivery.id)).filter_by(person_id=siti)) == [1]
    with clock.at(clock.now() + timedelta(days=1)):
        run_free_jobs(portal)
    assert look(sa.select(sa.func.count(Mail.id)).filter_by(person_id=siti)) == [1]
    assert administrator.post(f"{location}/undoing").status_code == 303
    assert everything(look) == before


# Who is told


# When everybody's e-mail waits for the morning.
NIGHT = clock.now().astimezone(ZoneInfo("Asia/Jakarta")).replace(hour=22) + timedelta(days=1)


def told(look, *kinds):
    return look(
        sa.select(Person.name, Notice.kind, Notice.values)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.key.like("roster-%") if not kinds else Notice.kind.in_(kinds))
        .order_by(Person.name, Notice.kind)
    )


def test_whom_a_list_gives_a_place_or_a_mentor_is_told_once_and_nobody_else(
    administrator, world, look
):
    text = (
        "Nama;NIP;E-mail;Coach;E-mail Coach;Mentor;E-mail Mentor;Penguji;E-mail Penguji\r\n"
        "Siti Aminah;198503152010011012;siti@malang.go.id;Sri;coach@example.org;Dwi;"
        "mentor@example.org\r\n"
        "Made Suardana;;stranger@example.org;;;;\r\n"
        "Ratna Wulandari;;participant@example.org;;;;;Agus;other_mentor@example.org\r\n"
        "Bayu Prasetyo;;classmate@example.org;Sri;coach@example.org;;\r\n"
    )
    location = imported(administrator, world, text)
    assert administrator.post(f"{location}/application").status_code == 303
    run_jobs(administrator)
    rows = [(name, kind, values["who"]) for name, kind, values in told(look)]
    assert rows == [
        ("Agus Hermawan", "mentees_assigned", "Ratna Wulandari"),
        ("Dwi Santoso", "mentees_assigned", "Siti Aminah"),
        ("Made Suardana", "enrolled_as_participant", ""),
        ("Ratna Wulandari", "mentors_assigned", "Agus Hermawan"),
        ("Siti Aminah", "enrolled_as_participant", "Dwi Santoso; Sri Mulyani Kusuma"),
        ("Sri Mulyani Kusuma", "mentees_assigned", "Siti Aminah"),
    ]
    # An e-mail goes to whoever can sign in; Siti has no invitation yet.
    by_mail = look(sa.select(Person.name).join(Delivery, Delivery.person_id == Person.id))
    assert sorted(by_mail) == [name for name, _, _ in rows if name != "Siti Aminah"]
    # So it is when she is given a mentor by hand.
    [siti] = look(sa.select(Person.id).filter_by(name="Siti Aminah"))
    fields = {"participant_id": siti, "mentor_id": world.other_mentor, "capacity_id": 3}
    administrator.post(f"/cohorts/{world.here}/mentorships", data=fields)
    assert len(look(sa.select(Notice.id).filter_by(person_id=siti, kind="mentorship_begun"))) == 1
    assert not look(sa.select(Delivery.id).filter_by(person_id=siti))


def test_a_sentence_that_ends_with_a_title_ends_with_one_full_stop(
    administrator, sign_in, world, look
):
    text = (
        "Nama;NIP;Coach;E-mail Coach\r\n"
        "Siti Aminah, S.Sos.;198503152010011012;Sri;coach@example.org\r\n"
    )
    imported(administrator, world, text)
    shown = sign_in("coach").get("/notices").text
    assert "Siti Aminah, S.Sos." in shown
    assert "S.Sos.." not in shown


def test_a_person_enrolled_by_hand_is_told_too(administrator, world, look):
    fields = {"name": "Made Suardana", "email": "stranger@example.org", "role": "mentor"}
    assert administrator.post(f"/cohorts/{world.here}/people", data=fields).status_code == 303
    assert [one[:2] for one in told(look, "enrolled_as_mentor")] == [
        ("Made Suardana", "enrolled_as_mentor")
    ]


def imported_by_night(portal, administrator, world, text):
    location = upload(administrator, world, text).location
    administrator.post(f"{location}/application")
    run_free_jobs(portal)
    return location


def test_undoing_takes_back_what_was_told_and_not_sent(
    portal, administrator, sign_in, world, look, mail
):
    stranger = sign_in("stranger")
    with clock.at(NIGHT):
        location = imported_by_night(
            portal, administrator, world, HEADER + "Made;;stranger@example.org;;;;;\r\n"
        )
        assert "Anda menjadi peserta Angkatan here" in stranger.get("/notices").text
        assert len(look(sa.select(Delivery.id).filter_by(person_id=world.stranger))) == 1
        for _ in range(2):
            assert administrator.post(f"{location}/undoing").status_code == 303
    assert told(look) == []
    assert look(sa.select(Delivery.id).filter_by(person_id=world.stranger)) == []
    with clock.at(NIGHT + timedelta(hours=12)):
        run_free_jobs(portal)
    assert [one for one in mail.received if one.to == ["stranger@example.org"]] == []
    assert "Angkatan here" not in stranger.get("/notices").text


def test_who_knew_already_is_told_that_it_holds_no_longer(
    portal, administrator, sign_in, world, look, mail
):
    text = HEADER + "Made;;stranger@example.org;;;;;\r\nWayan;;strange_mentor@example.org;;;;;\r\n"
    with clock.at(NIGHT):
        location = imported_by_night(portal, administrator, world, text)
        sign_in("strange_mentor").post("/notices/readings")
    with clock.at(NIGHT + timedelta(hours=12)):
        run_free_jobs(portal)
    told_by_mail = [one.to[0] for one in mail.received if "peserta" in one.text]
    assert sorted(told_by_mail) == ["strange_mentor@example.org", "stranger@example.org"]
    assert administrator.post(f"{location}/undoing").status_code == 303
    assert [one[:2] for one in told(look)] == [
        ("Made Suardana", "places_taken_back"),
        ("Wayan Artha", "places_taken_back"),
    ]


def test_an_e_mail_that_tells_other_things_too_goes_out_without_it(
    portal, administrator, world, look, mail
):
    mail.refusal = "451 Later"
    with clock.at(NIGHT):
        location = imported_by_night(
            portal, administrator, world, HEADER + "Made;;stranger@example.org;;;;;\r\n"
        )
        sent = {"title": "Selamat datang", "body": "Isi."}
        administrator.post(f"/cohorts/{world.here}/announcements", data=sent)
    with clock.at(NIGHT + timedelta(hours=8)):
        run_free_jobs(portal)
    assert look(sa.select(sa.func.count(Mail.id)).filter_by(person_id=world.stranger)) == [1]
    assert administrator.post(f"{location}/undoing").status_code == 303
    mail.refusal = ""
    with clock.at(NIGHT + timedelta(hours=20)):
        run_free_jobs(portal)
    [arrived] = [one for one in mail.received if one.to == ["stranger@example.org"]]
    assert "Selamat datang" in arrived.subject
    assert "peserta" not in arrived.text


def test_undoing_while_the_e_mail_goes_out_leaves_no_half_of_it(
    portal, administrator, world, look, mail
):
    """Either it went out before, and they are told that it holds no longer, or it never does."""
    with clock.at(NIGHT):
        text = HEADER + "Made;;stranger@example.org;;;;;\r\n"
        location = imported_by_night(portal, administrator, world, text)
        run_free_jobs(portal)
    barrier = threading.Barrier(2)

    def undo():
        with clock.at(NIGHT + timedelta(hours=12)):
            barrier.wait()
            administrator.post(f"{location}/undoing")

    def send():
        with clock.at(NIGHT + timedelta(hours=12)):
            barrier.wait()
            run_free_jobs(portal)

    threads = [threading.Thread(target=one) for one in (undo, send)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with clock.at(NIGHT + timedelta(hours=14)):
        run_free_jobs(portal)
    stranger = sa.select(Notice.kind).filter_by(person_id=world.stranger)
    arrived = [one.text for one in mail.received if one.to == ["stranger@example.org"]]
    was_told = any("Anda menjadi peserta" in text for text in arrived)
    assert look(stranger.where(Notice.key.like("roster-%"))) == ["places_taken_back"] * was_told
    unsent = sa.select(Mail.id).where(Mail.sent_at.is_(None), Mail.person_id == world.stranger)
    assert look(unsent) == []
    assert look(sa.select(Job.id).where(Job.failed_at.is_not(None))) == []


# Closing


def test_a_list_under_way_writes_nothing_into_a_closed_cohort(administrator, world, look):
    location = upload(administrator, world, LIST).location
    administrator.post(f"{location}/application")
    before = everything(look)
    administrator.post(f"/cohorts/{world.here}/closing", data={"sure": "yes"})
    run_jobs(administrator)
    assert everything(look) == before
    assert told(look) == []
    newest = sa.select(RosterImport.state, RosterImport.outcome).order_by(RosterImport.id.desc())
    assert look(newest.limit(1)) == [("checked", "closed")]
    assert "Angkatan ditutup sebelum" in administrator.get(location).text
    assert administrator.post(f"{location}/application").status_code == 423
    administrator.post(f"/cohorts/{world.here}/reopening")
    apply(administrator, location)
    assert look(newest.limit(1)) == [("applied", "")]


def test_closing_and_importing_in_one_moment_is_one_after_the_other(
    portal, administrator, sign_in, world, look
):
    location = upload(administrator, world, LIST).location
    administrator.post(f"{location}/application")
    places, chief, barrier = sa.select(Enrolment.id), sign_in("chief"), threading.Barrier(2)
    before = look(places)
    chief.get(f"/cohorts/{world.here}/edit")

    def close():
        barrier.wait()
        chief.post(f"/cohorts/{world.here}/closing", data={"sure": "yes"})

    def work():
        barrier.wait()
        run_jobs(administrator)

    threads = [threading.Thread(target=one) for one in (close, work)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    newest = sa.select(RosterImport.state, RosterImport.applied_at).order_by(RosterImport.id.desc())
    [(state, applied_at)] = look(newest.limit(1))
    assert look(sa.select(Cohort.closed_at).filter_by(id=world.here)) != [None]
    is_applied = state == "applied"
    assert (applied_at is not None, look(places) != before) == (is_applied, is_applied)


def enter(session, world):
    session.execute(
        sa.update(Person).where(Person.name == "Siti Aminah").values(first_entered_at=clock.now())
    )


def read(session, world):
    session.add(
        LessonCompletion(
            cohort_id=world.here,
            person_id=session.scalar(sa.select(Person.id).filter_by(name="Siti Aminah")),
            lesson_id=world.here_lesson_1_1,
            done_at=clock.now(),
        )
    )


def rename(session, world):
    session.execute(
        sa.update(Person).where(Person.id == world.participant).values(position="Camat")
    )


def go(session, world):
    siti = sa.select(Person.id).filter_by(name="Siti Aminah").scalar_subquery()
    session.execute(
        sa.update(Enrolment).where(Enrolment.person_id == siti).values(left_at=clock.now())
    )


def stay(session, world):
    siti = session.scalar(sa.select(Person.id).filter_by(name="Siti Aminah"))
    session.add(
        Enrolment(
            cohort_id=world.sibling, person_id=siti, role="participant", joined_at=clock.now()
        )
    )


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (enter, "Sudah masuk ke portal sejak itu: Siti Aminah"),
        (read, "Sudah bekerja di angkatan ini sejak itu: Siti Aminah"),
        (rename, "Sudah diubah seseorang sejak itu: Ratna Wulandari Baru"),
        (go, "Sudah diubah seseorang sejak itu: Siti Aminah"),
        (stay, "tempat lain atau tambahan waktu: Siti Aminah"),
    ],
)
def test_undoing_is_refused_with_its_reason(administrator, world, look, scene, happens, words):
    location = imported(administrator, world)
    with scene() as session:
        happens(session, world)
    before = everything(look)
    answer = administrator.post(f"{location}/undoing")
    assert answer.status_code == 409
    assert words in answer.text
    assert everything(look) == before


def test_after_seven_days_an_import_stays(administrator, world, look):
    location = imported(administrator, world)
    assert "undoing" in administrator.get(location).text
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        assert "undoing" not in administrator.get(location).text
        before = everything(look)
        assert administrator.post(f"{location}/undoing").status_code == 409
        assert everything(look) == before


def test_undoing_and_working_in_the_same_moment_lose_nothing(administrator, sign_in, world, look):
    """A known person enrolled by the list reads a lesson while the import is taken back."""
    location = imported(administrator, world, "Nama;E-mail\nDwi;coach@example.org\n")
    del location
    text = "Nama;E-mail\nMade;stranger@example.org\n"
    location = imported(administrator, world, text)
    reader = sign_in("stranger")
    for client in (administrator, reader):
        client.token()
    barrier = threading.Barrier(2)
    answers = {}

    def press(name, client, address):
        barrier.wait()
        answers[name] = client.post(address).status_code

    done = f"/cohorts/{world.here}/lessons/{world.here_lesson_1_1}/done"
    threads = [
        threading.Thread(target=press, args=one)
        for one in (("undo", administrator, f"{location}/undoing"), ("read", reader, done))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = look(sa.select(LessonCompletion.person_id).filter_by(cohort_id=world.here))
    enrolled = look(sa.select(Enrolment.person_id).filter_by(cohort_id=world.here))
    # Either the work stands and the import with it, or neither.
    if answers["undo"] == 409:
        assert world.stranger in read
        assert world.stranger in enrolled
    else:
        assert answers["undo"] == 303
        assert world.stranger not in enrolled
