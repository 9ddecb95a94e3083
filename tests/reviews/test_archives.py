"""What waits as one ZIP: readable safe names, only what is new since the last, never what is not
one's own, and never whole in memory."""

import csv
import hashlib
import io
import tracemalloc
import zipfile

import pytest
import sqlalchemy as sa

from portal.cohorts.models import Mentorship
from portal.files import storage
from portal.files.archives import Stream
from portal.files.models import Blob
from portal.reviews import archives
from portal.reviews.models import ArchiveEntry
from portal.reviews.waiting import ALL
from portal.submissions.models import SubmissionFile
from tests.reviews.scene import fill, hand_in
from tests.reviews.test_claims import at_once

PLACE = "/reviews/archives"


def opened(client, data=None) -> zipfile.ZipFile:
    """The archive that a press of the button leads to."""
    made = client.post(PLACE, data=data or {})
    assert made.status_code == 303
    answer = client.get(made.location)
    assert answer.mimetype == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    return archive


def listed(archive: zipfile.ZipFile) -> list[list[str]]:
    text = archive.read("daftar isi.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def first_blob(session) -> Blob:
    return session.scalar(sa.select(Blob).join(SubmissionFile).order_by(SubmissionFile.id).limit(1))


@pytest.fixture
def with_files(scene, world) -> int:
    """A version with two files of the same hostile name."""
    with scene() as session:
        submission = hand_in(number=60, text="Naskah.")
        blob = first_blob(session)
        for position in (1, 2):
            session.add(
                SubmissionFile(
                    submission_id=submission.id, blob_id=blob.id, position=position,
                    name="../..\\CON.pdf", sha256=blob.sha256, size=blob.size,
                )
            )  # fmt: skip
        return submission.id


def test_names_are_safe_and_say_whose_work_it_is(sign_in, world, with_files, scene):
    archive = opened(sign_in("coach"))
    names = archive.namelist()
    folder = "Angkatan here/Esai/Ratna Wulandari/versi 60"
    assert names[-1] == "daftar isi.csv"
    assert sorted(names[:-1]) == sorted(
        [f"{folder}/naskah.md", f"{folder}/berkas_CON.pdf", f"{folder}/berkas_CON (2).pdf"]
    )
    assert archive.read(f"{folder}/naskah.md") == b"Naskah."
    rows = listed(archive)
    assert [row[5] for row in rows] == names[:-1]
    for row in rows:
        content = archive.read(row[5])
        assert (row[6], row[7]) == (str(len(content)), hashlib.sha256(content).hexdigest())


def test_only_what_is_new_since_my_last(sign_in, world, scene):
    with scene():
        first = hand_in(number=60).id
    coach = sign_in("coach")
    assert len(listed(opened(coach))) == 1
    answer = coach.post(PLACE, data={"only_new": "1"})
    assert answer.status_code == 422
    assert "Tidak ada yang baru" in answer.text
    with scene():
        second = hand_in("classmate").id
    assert "Hanya yang baru (1" in coach.get(PLACE).text
    [row] = listed(opened(coach, {"only_new": "1"}))
    assert row[2] == "Bayu Prasetyo"
    assert len(listed(opened(coach))) == 2
    assert len(listed(opened(sign_in("mentor"), {"only_new": "1"}))) == 1, "each has their own"
    with scene() as session:
        ids = session.scalars(sa.select(ArchiveEntry.submission_id)).all()
    assert {first, second} <= set(ids)


def test_an_archive_is_its_makers_and_holds_what_they_may_still_review(sign_in, world, scene):
    with scene():
        hand_in(number=60)
        hand_in("classmate")
    coach = sign_in("coach")
    place = coach.post(PLACE).location
    assert sign_in("mentor").get(place).status_code == 404
    with scene() as session:
        session.execute(
            sa.update(Mentorship)
            .where(
                Mentorship.mentor_id == world.coach, Mentorship.participant_id == world.classmate
            )
            .values(ended_at=Mentorship.starts_at)
        )
    rows = listed(zipfile.ZipFile(io.BytesIO(coach.get(place).data)))
    assert [row[2] for row in rows] == ["Ratna Wulandari"]
    assert place in coach.get(PLACE).text


def test_the_archive_follows_the_choice_of_the_queue(sign_in, world, scene):
    with scene():
        hand_in(number=60)
        hand_in("classmate")
    coach = sign_in("coach")
    coach.post("/reviews/filter", data={"state": "revised"})
    assert len(listed(opened(coach))) == 1


def test_missing_bytes_are_named_and_stop_nothing(sign_in, world, with_files, scene):
    with scene() as session:
        blob = first_blob(session)
        path = storage.path_of(blob)
    path.rename(path.with_suffix(".away"))
    try:
        rows = listed(opened(sign_in("coach")))
    finally:
        path.with_suffix(".away").rename(path)
    assert [row[6] for row in rows] == ["7", "0", "0"]


@pytest.mark.parametrize("rows", [1, 35, 350])
def test_it_costs_the_same_number_of_queries_however_much_waits(
    sign_in, world, scene, queries, rows
):
    with scene() as session:
        fill(session, rows)
    coach = sign_in("coach")
    counts = []
    with queries() as seen:
        assert coach.get(PLACE).status_code == 200
    counts.append(len(seen))
    with queries() as seen:
        place = coach.post(PLACE).location
    counts.append(len([one for one in seen if not one.startswith(("SAVEPOINT", "RELEASE"))]))
    with queries() as seen:
        coach.get(place)
    counts.append(len(seen))
    assert counts == [4, 5, 3]


def test_a_large_file_is_never_whole_in_memory(portal, tmp_path):
    big = tmp_path / "besar.bin"
    with big.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    with portal.test_request_context():
        stream = Stream()
        stream.add(("Angkatan", "Tugas / 1"), "besar.bin", big)
        tracemalloc.start()
        size = sum(len(piece) for piece in stream.send("arsip.zip").response)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert size > 0
    assert peak < 4 * 1024 * 1024


def test_two_who_press_at_once_each_get_their_own(portal, world, scene):
    with scene():
        hand_in(number=60)

    def make(person_id: int) -> int:
        return archives.make(person_id, ALL, only_new=False)

    assert len(set(at_once(portal, make, [world.coach] * 4))) == 4
