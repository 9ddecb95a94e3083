"""Importing people over HTTP: three steps, every verdict, once and twice, alone and in a crowd."""

import threading

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Enrolment, Mentorship, RosterImport
from portal.cohorts.sheets import read_sheets
from portal.journal.models import JournalEntry
from portal.people.models import Person, SignInName
from tests.cohorts import rosters
from tests.cohorts.rosters import apply, run_jobs

HEADER = "Nama;NIP;E-mail;Jabatan;No HP;NDH;Mentor;NIP Mentor\r\n"
LIST = (
    HEADER
    + "Siti Aminah;19850315 201001 1 012;siti@malang.go.id;Kasi;0812;7;Budi;197901012005011003\r\n"
    + "Anwar;198003152010011013;;;;8;Dwi Santoso;\r\n"
    + "Ratna Wulandari;;participant@example.org;Kepala Bidang;;1;;\r\n"
    + "Joko;1.98503E+17;;;;;;\r\n"
)


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


def upload(client, world, text=LIST, name="peserta.csv", cohort="here"):
    return rosters.upload(client, world, text, name, cohort)


def count(look, model):
    return look(sa.select(sa.func.count()).select_from(model))[0]


def test_checking_a_list_writes_nothing_about_people(administrator, world, look):
    before = [count(look, m) for m in (Person, Enrolment, Mentorship, SignInName)]
    answer = upload(administrator, world)
    assert answer.status_code == 303
    page = administrator.get(answer.location)
    assert "Import 3 rows" in page.text or "Impor" in page.text
    assert [count(look, m) for m in (Person, Enrolment, Mentorship, SignInName)] == (before)
    kinds = [
        v["kind"]
        for v in look(sa.select(RosterImport.verdicts).order_by(RosterImport.id.desc()).limit(1))[0]
    ]
    assert kinds == ["new", "new", "new", "changed", "refused"]


def test_importing_does_what_was_shown_and_leaves_a_journal_line(administrator, world, look, look1):
    location = upload(administrator, world).location
    assert apply(administrator, location).location == location
    siti = look1(
        sa.select(Person)
        .join(SignInName)
        .where(SignInName.folded == "198503152010011012", SignInName.kind == "nip")
    )
    assert (siti.name, siti.position, siti.phone) == ("Siti Aminah", "Kasi", "0812")
    place = look1(sa.select(Enrolment).filter_by(person_id=siti.id))
    assert (place.cohort_id, place.role, place.list_number) == (world.here, "participant", 7)
    mentors = look(
        sa.select(Mentorship.participant_id, Person.name)
        .join(Person, Person.id == Mentorship.mentor_id)
        .order_by(Mentorship.id.desc())
        .limit(2)
    )
    assert sorted(name for _, name in mentors) == ["Budi", "Dwi Santoso"]
    ratna = look(sa.select(Person).filter_by(id=world.participant))[0]
    assert ratna.position == "Kepala Bidang"
    entry = look1(sa.select(JournalEntry).order_by(JournalEntry.id.desc()))
    assert (entry.verb, entry.person_id) == ("cohorts.import_roster", world.administrator)
    assert entry.details["counts"] == {"new": 3, "changed": 1, "same": 0, "refused": 1}


def test_importing_twice_changes_nothing(administrator, world, look):
    apply(administrator, upload(administrator, world).location)
    before = [count(look, m) for m in (Person, Enrolment, Mentorship, SignInName)]
    second = upload(administrator, world).location
    verdicts = look(sa.select(RosterImport.verdicts).order_by(RosterImport.id.desc()).limit(1))[0]
    assert [v["kind"] for v in verdicts] == ["same", "same", "same", "refused"]
    assert "application" not in administrator.get(second).text
    apply(administrator, second)
    apply(administrator, second)
    assert [count(look, m) for m in (Person, Enrolment, Mentorship, SignInName)] == (before)


def test_pressing_import_again_is_the_same_import(administrator, world, look):
    location = upload(administrator, world).location
    assert [apply(administrator, location).status_code for _ in range(2)] == [303, 303]
    verbs = look(sa.select(JournalEntry.verb))
    assert verbs.count("cohorts.import_roster") == 1


def test_what_changed_meanwhile_is_shown_instead_of_imported(administrator, world, look):
    location = upload(administrator, world).location
    other = upload(administrator, world, HEADER + "Anwar;198003152010011013;;;;8;;\r\n").location
    apply(administrator, other)
    before = count(look, Person)
    assert apply(administrator, location).status_code == 303
    assert "sejak Anda memeriksa daftar ini" in administrator.get(location).text
    assert count(look, Person) == before
    apply(administrator, location)
    assert "sejak Anda memeriksa daftar ini" not in administrator.get(location).text
    assert count(look, Person) == before + 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "kosong"),
        (b"a\n1\n", "judul kolom"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "sandi"),
    ],
)
def test_a_file_that_is_no_list_is_refused_beside_its_field(
    administrator, world, look, data, words
):
    before = count(look, RosterImport)
    answer = upload(administrator, world, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert count(look, RosterImport) == before


def test_no_file_at_all_is_said(administrator, world):
    answer = administrator.post(f"/cohorts/{world.here}/imports")
    assert (answer.status_code, "Pilih berkas" in answer.text) == (422, True)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_verdicts_can_be_downloaded(administrator, world, form):
    location = upload(
        administrator, world, HEADER + "\"=cmd|' /C calc'!A0\";198503152010011012;;;;;;\r\n"
    ).location
    answer = administrator.get(f"{location}/verdicts.{form}")
    [sheet] = read_sheets(answer.data, f"v.{form}")
    assert len(sheet.rows) == 2
    assert sheet.rows[1].cells[5] == "=cmd|' /C calc'!A0"
    if form == "csv":
        assert "\"'=cmd" in answer.get_data().decode("utf-8-sig")


def test_passwords_in_a_list_are_not_read_and_the_page_says_so(administrator, world):
    location = upload(administrator, world, "Nama,E-mail,Password\nSiti,s@x.id,rahasia1\n").location
    text = administrator.get(location).text
    assert "Kolom “Password” berisi kata sandi" in text
    assert "rahasia1" not in text


def test_verdicts_can_be_filtered(administrator, world):
    location = upload(administrator, world).location
    for kind, rows in [("new", 3), ("changed", 1), ("same", 0), ("refused", 1), ("x", 5)]:
        text = administrator.get(f"{location}?verdict={kind}").text
        assert text.count('<th scope="row">') == rows


def test_somebody_of_another_organisation_is_enrolled_and_not_edited(
    administrator, world, look, look1
):
    text = HEADER + "Nama Lain;;stranger@example.org;Jabatan Lain;;;;\r\n"
    location = upload(administrator, world, text).location
    assert "Made Suardana" not in administrator.get(location).text
    apply(administrator, location)
    person = look(sa.select(Person).filter_by(id=world.stranger))[0]
    assert (person.name, person.position) == ("Made Suardana", "Kepala Seksi")
    assert look1(
        sa.select(Enrolment.role).filter_by(person_id=person.id, cohort_id=world.here)
    ) == ("participant")


def test_a_roster_lowers_no_role(administrator, world, look):
    text = (
        "Nama,E-mail,Peran\nDwi,mentor@example.org,Peserta\nRatna,participant@example.org,Coach\n"
    )
    location = upload(administrator, world, text).location
    apply(administrator, location)
    roles = look(
        sa.select(Enrolment.person_id, Enrolment.role).where(
            Enrolment.cohort_id == world.here,
            Enrolment.person_id.in_([world.mentor, world.participant]),
        )
    )
    assert dict(roles) == {world.mentor: "mentor", world.participant: "participant"}


@pytest.mark.parametrize("rows", [1, 3, 35, 350])
def test_checking_takes_the_same_queries_for_any_number_of_rows(
    administrator, world, queries, rows, database
):
    text = HEADER + "".join(
        f"Peserta {n};1985031520100110{n // 100:01}{n % 100:02};p{n}@x.id;Kasi;;{n + 10};"
        f"Mentor {n};1979010120050110{n // 100:01}{n % 100:02}\r\n"
        for n in range(1, rows + 1)
    )
    text = text.replace("1985031520100110", "198503152010011").replace(
        "1979010120050110", "197901012005011"
    )
    with queries() as seen:
        location = upload(administrator, world, text).location
    checking = len(seen)
    with queries() as seen:
        administrator.get(location)
    assert (checking, len(seen)) == (CHECKING, 2)
    with queries() as seen:
        assert administrator.post(f"{location}/application").status_code == 303
    assert len(seen) == 10
    with queries() as seen:
        run_jobs(administrator)
    # SQLite makes each new person in a statement of their own, to know who got which id.
    assert len(seen) == (47 + 2 * rows if database == "sqlite" else 48)


CHECKING = 20


def test_two_administrators_import_the_same_list_at_once(portal, world, sign_in, look):
    """Two lists, checked apart, imported in the same moment: everybody exists once."""
    clients = [sign_in("administrator"), sign_in("chief")]
    locations = [upload(client, world).location for client in clients]
    for client, location in zip(clients, locations, strict=True):
        assert client.post(f"{location}/application").status_code == 303
    barrier = threading.Barrier(2)

    def work(place):
        barrier.wait()
        run_jobs(clients[place])

    threads = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = look(
        sa.select(RosterImport.state, RosterImport.outcome)
        .order_by(RosterImport.id.desc())
        .limit(2)
    )
    assert sorted(state for state, _ in states) == ["applied", "checked"]
    assert {outcome for state, outcome in states if state == "checked"} <= {"changed", "conflict"}
    nips = look(sa.select(SignInName.folded).where(SignInName.kind == "nip"))
    assert len(nips) == len(set(nips)) == 3


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("who", ["administrator", "chief"])
def test_our_own_list_imports_as_no_change(sign_in, world, look, form, who):
    client = sign_in(who)
    apply(client, upload(client, world).location)
    data = client.get(f"/cohorts/{world.here}/roster.{form}").data
    upload(client, world, data, name=f"roster.{form}")
    [verdicts] = look(sa.select(RosterImport.verdicts).order_by(RosterImport.id.desc()).limit(1))
    kinds = {v["name"]: v["kind"] for v in verdicts}
    assert kinds.pop("Lestari Handayani") == "refused"  # she has left
    assert set(kinds.values()) == {"same"}
    assert len(kinds) == 8
