"""From an empty draft to a receipt, and what a hand-in promises."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.assignments import actions as assignments
from portal.assignments import queries
from portal.assignments.queries import schedule_in
from portal.files import storage
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.submissions.models import Draft
from tests.files.made import PDF
from tests.submissions.work import drafts, submissions

TEXT = "Antrean di loket *lama*.\n\nWarga menunggu 47 menit."


def test_the_whole_way_from_an_empty_draft_to_a_receipt(desk, scene, world):
    work = desk()
    assert work.save(TEXT).status_code == 303
    assert work.upload().status_code == 303
    answer = work.save(TEXT, then="hand_in")
    assert answer.location == f"{work.versions}/new"
    shown = work.client.get(answer.location).text
    assert "<em>lama</em>" in shown
    assert "rap.pdf" in shown

    before = clock.now()
    answer = work.hand_in()
    assert answer.status_code == 303
    receipt = work.client.get(answer.location).text
    (one,) = submissions(scene, world.classmate)
    assert (one.number, one.text, one.punctuality) == (1, TEXT, "in_time")
    assert before <= one.received_at <= clock.now()
    assert one.text_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    (file,) = one.files
    assert (file.name, file.size, file.sha256) == (
        "rap.pdf",
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
    )
    hashes = re.sub(r"\s", "", receipt)
    assert one.text_sha256 in hashes
    assert file.sha256 in hashes
    code = "-".join(one.receipt_code[place : place + 4] for place in (0, 4, 8))
    assert code in receipt
    assert "Tenggat" in receipt


def test_the_draft_goes_on_after_a_hand_in_and_the_version_stays(desk, scene, world):
    work = desk()
    work.save(TEXT)
    work.hand_in()
    work.save("Versi baru")
    assert work.hand_in().status_code == 303
    found = submissions(scene, world.classmate)
    assert [(one.number, one.text) for one in found] == [(1, TEXT), (2, "Versi baru")]
    assert (
        len({one.hand_in_key for one in found} | {drafts(scene, world.classmate)[0].hand_in_key})
        == 3
    )


def test_the_same_key_again_answers_with_the_same_receipt(desk, scene, world, set_dates):
    work = desk()
    work.save(TEXT)
    new = f"{work.versions}/new"
    data = {"key": work.hidden("key", new), "seen": work.hidden("seen", new)}
    first = work.client.post(work.versions, data=data)
    again = work.client.post(work.versions, data=data)
    set_dates(opens=-30, due=-20, closes=-10)
    much_later = work.client.post(work.versions, data=data)
    assert first.status_code == again.status_code == much_later.status_code == 303
    assert first.location == again.location == much_later.location
    assert len(submissions(scene, world.classmate)) == 1


@pytest.mark.parametrize("key", ["", "never-given", "x" * 5000])
def test_an_unknown_key_hands_nothing_in(desk, scene, world, key):
    work = desk()
    work.save(TEXT)
    answer = work.hand_in(key=key)
    assert answer.status_code == 409
    assert submissions(scene, world.classmate) == []
    assert drafts(scene, world.classmate)[0].text == TEXT


def test_a_draft_that_was_handed_in_already_says_so(desk):
    work = desk()
    work.save(TEXT)
    new = f"{work.versions}/new"
    assert "sama dengan versi" not in work.client.get(new).text
    work.hand_in()
    assert "sama dengan versi 1" in work.client.get(new).text
    work.upload()
    assert "sama dengan versi" not in work.client.get(new).text


def test_nobody_hands_in_with_somebody_elses_key(desk, scene, world):
    mine, other = desk("classmate"), desk("participant")
    mine.save(TEXT)
    other.hand_in()
    theirs = submissions(scene, world.participant)
    for key in [one.hand_in_key for one in theirs]:
        assert mine.hand_in(key=key).status_code == 409
    assert submissions(scene, world.classmate) == []


def test_a_draft_that_changed_since_is_shown_again_before_it_is_handed_in(desk, scene, world):
    work = desk()
    work.save(TEXT)
    seen = work.hidden("seen", f"{work.versions}/new")
    work.save("Dari telepon")
    answer = work.hand_in(seen=seen)
    assert answer.status_code == 409
    assert "Dari telepon" in answer.text
    assert submissions(scene, world.classmate) == []


def test_a_file_added_since_is_shown_again_too(desk, scene, world):
    work = desk()
    work.save(TEXT)
    seen = work.hidden("seen", f"{work.versions}/new")
    work.upload()
    assert work.hand_in(seen=seen).status_code == 409
    assert submissions(scene, world.classmate) == []


@pytest.mark.parametrize(
    ("due", "closes", "punctuality"),
    [(4, 11, "in_time"), (-1 / 86400, 5, "grace"), (-1, 5, "late")],
)
def test_in_time_in_grace_late(desk, scene, world, set_dates, due, closes, punctuality):
    work = desk()
    work.save(TEXT)
    with scene() as session:
        draft = session.scalars(sa.select(Draft).where(Draft.person_id == world.classmate)).one()
        draft.changed_at = clock.now() - timedelta(hours=2)
    set_dates(due=due, closes=closes)
    assert work.hand_in().status_code == 303
    (one,) = submissions(scene, world.classmate)
    assert one.punctuality == punctuality


@pytest.mark.parametrize(
    ("due", "closes", "says", "is_late"),
    [
        (-1 / 86400, 5, "dihitung tepat waktu", False),
        (-10, -1 / 86400, "masih diterima sampai", True),
        (-1 / 86400, -1 / 86400, "dihitung tepat waktu", False),
    ],
)
def test_within_the_grace_the_pages_say_so_and_offer_the_button(
    desk, scene, world, set_dates, due, closes, says, is_late
):
    work = desk()
    work.save(TEXT)
    with scene() as session:
        draft = session.scalars(sa.select(Draft).where(Draft.person_id == world.classmate)).one()
        draft.changed_at = clock.now() - timedelta(hours=2)
    set_dates(opens=-30, due=due, closes=closes)
    for page in (work.page(), work.client.get(f"{work.versions}/new").text):
        assert says in page
        assert ("catatan terlambat" in page) == is_late
        assert "Lanjut untuk mengumpulkan" in page or "Kumpulkan versi 1" in page
    assert work.hand_in().status_code == 303


def test_before_handing_in_it_says_that_another_text_lies_beside(desk, world):
    work = desk()
    work.save("Dari kantor", revision=0)
    work.save("Dari telepon", revision=0)
    page = work.client.get(f"{work.versions}/new").text
    assert "Naskah lain dari draf ini" in page
    assert f'href="{work.draft}"' in page


def test_after_the_closing_the_draft_is_kept_and_the_page_says_whom_to_ask(
    desk, scene, world, set_dates
):
    work = desk()
    work.save(TEXT)
    set_dates(opens=-30, due=-20, closes=-10)
    answer = work.hand_in()
    assert answer.status_code == 422
    assert "WA 0812 0000 0000" in answer.text
    assert f"{work.work}/extension-requests" in answer.text
    assert submissions(scene, world.classmate) == []
    assert work.save("Setelah ditutup").status_code == 303
    assert work.shown_text() == "Setelah ditutup"
    assert "WA 0812 0000 0000" in work.page()


def test_an_extension_opens_the_door_again_and_its_reason_stands_on_the_receipt(
    desk, scene, world, set_dates
):
    work = desk()
    work.save(TEXT)
    schedule = set_dates(opens=-30, due=-20, closes=-10)
    with scene():
        assignments.give_extension(
            schedule_in(world.here, world.here_essay),
            due_at=schedule.due_at + timedelta(days=25),
            reason="Tugas luar kota",
            by=world.administrator,
            person_id=world.classmate,
        )
    answer = work.hand_in()
    assert answer.status_code == 303
    receipt = work.client.get(answer.location).text
    assert "diperpanjang oleh Indah Permatasari: Tugas luar kota" in receipt
    (one,) = submissions(scene, world.classmate)
    assert (one.punctuality, one.deadline["kind"]) == ("in_time", "extension")


def test_a_mentor_who_asks_for_a_new_version_opens_the_door_again(
    desk, scene, world, set_dates, monkeypatch
):
    work = desk()
    work.save(TEXT)
    set_dates(opens=-30, due=-20, closes=-10)
    until = clock.now() + timedelta(days=3)
    asked = {(world.classmate, world.here_essay): until}
    monkeypatch.setattr(queries.Revisions, "asked", staticmethod(lambda *_: asked))
    assert work.hand_in().status_code == 303
    (one,) = submissions(scene, world.classmate)
    assert (one.deadline["kind"], one.due_at, one.punctuality) == ("revision", until, "in_time")


def test_nothing_is_handed_in_before_the_opening(desk, scene, world, set_dates):
    work = desk()
    work.save(TEXT)
    set_dates(opens=1, due=4, closes=11)
    assert work.hand_in().status_code == 422
    assert submissions(scene, world.classmate) == []
    assert drafts(scene, world.classmate)[0].text == TEXT


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 20_001])
def test_what_cannot_be_handed_in_stays_in_the_draft(desk, scene, world, text):
    work = desk()
    work.save(text)
    assert work.hand_in().status_code in {409, 422}
    assert submissions(scene, world.classmate) == []
    assert [one.text for one in drafts(scene, world.classmate)] == ([text] if text else [""])


def test_a_file_whose_bytes_were_damaged_is_never_vouched_for(desk, scene, world):
    work = desk()
    work.upload(b"%PDF-1.4 soon damaged\n%%EOF\n")
    sha256 = hashlib.sha256(b"%PDF-1.4 soon damaged\n%%EOF\n").hexdigest()
    with scene():
        path = storage.folder() / sha256[:2] / sha256[2:4] / sha256
    whole = path.read_bytes()
    path.write_bytes(b"something else")
    assert work.hand_in().status_code == 422
    path.unlink()
    assert work.hand_in().status_code == 422
    assert submissions(scene, world.classmate) == []
    path.write_bytes(whole)
    assert work.hand_in().status_code == 303


def test_what_was_handed_in_outlives_its_draft_file(desk, scene, world):
    work = desk()
    work.save(TEXT)
    work.upload()
    work.hand_in()
    address = re.search(rf'action="({work.draft}/files/\d+/removal)"', work.page())[1]
    assert work.client.post(address).status_code == 303
    assert drafts(scene, world.classmate)[0].files == []
    (one,) = submissions(scene, world.classmate)
    show = work.client.get(f"{work.versions}/{one.id}").text
    address = re.search(r'href="([^"]*/files/\d+)"', show)[1]
    answer = work.client.get(address)
    assert (answer.data, answer.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_hand_in_is_told_to_the_mentors_who_review_and_journaled(desk, scene, world):
    work = desk()
    work.save(TEXT)
    work.hand_in()
    (one,) = submissions(scene, world.classmate)
    with scene() as session:
        told = session.scalars(
            sa.select(Notice).where(Notice.key == f"submission-{one.id}").order_by(Notice.person_id)
        ).all()
        journaled = session.scalars(
            sa.select(JournalEntry.verb)
            .where(JournalEntry.person_id == world.classmate)
            .order_by(JournalEntry.id)
        ).all()
    assert [(one.person_id, one.kind, one.values["number"]) for one in told] == sorted(
        (person, "submission_received", 1) for person in (world.coach, world.other_mentor)
    )
    assert journaled == ["submissions.save_draft", "submissions.hand_in"]


def test_the_notice_leads_a_mentor_to_the_review(desk, sign_in, scene, world):
    work = desk()
    work.save(TEXT)
    work.hand_in()
    (one,) = submissions(scene, world.classmate)
    with scene() as session:
        told = session.scalars(sa.select(Notice).where(Notice.key == f"submission-{one.id}"))
        paths = {notice.path for notice in told}
    assert {sign_in("other_mentor").get(path).status_code for path in paths} == {200}
    assert "Bayu Prasetyo" in sign_in("other_mentor").get("/notices").text
