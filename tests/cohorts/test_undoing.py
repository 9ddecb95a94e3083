"""What the columns of a list mean, an import in the background, and taking it back."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.cohorts import imports
from portal.cohorts.models import Enrolment, Mentorship, RosterColumn, RosterImport
from portal.jobs.models import Job
from portal.jobs.worker import run_free_jobs
from portal.learning.models import LessonCompletion
from portal.notices.models import Delivery, Mail
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
