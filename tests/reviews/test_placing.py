"""Remarks on places in the work: through the form, past other mentors, to the participant."""

import re

import pytest
import sqlalchemy as sa

from portal.reviews.models import ActionItem, PlacedRemark, ReviewSave
from portal.submissions.models import SubmissionFile
from tests.reviews.scene import hand_in, judged, seen

THEIRS = {"feedback": "Kerja yang rapi.", "decision": "accepted"}
TEXT = "Pendahuluan yang *singkat*.\n\nTujuan kegiatan ini jelas."


@pytest.fixture
def work(scene, world):
    """A version with two paragraphs and the world's PDF: (id, review, the page with remarks)."""
    with scene() as session:
        submission = hand_in(number=50, text=TEXT)
        session.flush()
        file = session.scalars(
            sa.select(SubmissionFile).filter_by(submission_id=world.here_submission)
        ).first()
        copy = SubmissionFile(
            submission_id=submission.id, blob_id=file.blob_id, position=1,
            name="laporan.pdf", size=file.size, sha256=file.sha256,
        )  # fmt: skip
        session.add(copy)
        session.flush()
        ids = submission.id, copy.id
    place = f"/cohorts/{world.here}/assignments/{world.here_essay}/versions/{ids[0]}"
    return ids[0], ids[1], f"/cohorts/{world.here}/submissions/{ids[0]}/review", place


def row(index: int, text: str, where: str = "text", number: str = "", **more: str) -> dict:
    """The fields of one row, as the form sends them."""
    filled = {"where": where, "number": number, "text": text, "key": f"{index:022}"} | more
    return {f"placed_{index}_{name}": value for name, value in filled.items()}


def saved(scene) -> list[PlacedRemark]:
    with scene() as session:
        return session.scalars(
            sa.select(PlacedRemark).where(PlacedRemark.key.like("0000%")).order_by(PlacedRemark.id)
        ).all()


def test_a_remark_names_a_paragraph_or_a_page_without_scripts(sign_in, work, scene):
    _id, file_id, review, _place = work
    coach = sign_in("coach")
    page = coach.get(review).text
    assert ">1</span>Pendahuluan" in page, "paragraphs show their numbers"
    data = judged() | row(0, "Terlalu pendek", number="2")
    data |= row(1, "Tabel ini", f"file-{file_id}", "1") | row(2, "Seluruhnya")
    assert coach.post(review, data=data).status_code == 303
    found = saved(scene)
    assert [(one.paragraph, one.quote, one.page) for one in found] == [
        (None, "", None), (2, "Tujuan kegiatan ini jelas.", None), (None, "", 1),
    ]  # fmt: skip
    assert len({one.author_id for one in found}) == 1
    page = coach.get(review).text
    assert page.count('class="details placed-row"') == 4, "each in a row, and an empty one"
    assert "halaman 1 dari laporan.pdf" in page.lower()


def test_selected_words_and_a_drawn_area_are_kept_exactly(sign_in, work, scene):
    _id, file_id, review, _place = work
    start = len("Pendahuluan yang ")
    data = judged() | row(
        0, "Mengapa?", number="1", exact=f"t:{start}-{start + 7}", quote="singkat"
    )
    data |= row(1, "Sumber?", f"file-{file_id}", "1", exact=f"f:{file_id}:1:1000,2000,3000,500")
    coach = sign_in("coach")
    assert coach.post(review, data=data).status_code == 303
    passage, area = saved(scene)
    assert (passage.start, passage.stop, passage.quote) == (start, start + 7, "singkat")
    assert (area.x, area.y, area.width, area.height) == (1000, 2000, 3000, 500)
    page = coach.get(review).text
    assert '<em><mark class="passage">singkat</mark>' in page
    assert re.search(rf'href="#remark-{passage.key}"[^>]*>1</a>', page)
    assert re.search(rf'id="place-{area.key}".*?<rect class="area" x="62"', page)
    assert f'id="remark-{area.key}"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        row(0, "Kata saya", number="9"),
        row(0, "Kata saya", number="dua"),
        row(0, "Kata saya", "file-999999", "1"),
        row(0, "Kata saya", number="1", due="besok"),
        row(0, "panjang " * 300, number="1"),
    ],
)
def test_a_place_that_is_not_there_is_told_and_the_words_come_back(sign_in, work, scene, wrong):
    answer = sign_in("coach").post(work[2], data=judged() | wrong)
    assert answer.status_code == 422
    assert wrong["placed_0_text"].strip() in answer.text
    assert 'class="error-summary"' in answer.text
    assert saved(scene) == []


def test_a_page_beyond_the_end_of_a_pdf_is_told(sign_in, work):
    answer = sign_in("coach").post(work[2], data=judged() | row(0, "x", f"file-{work[1]}", "2"))
    assert answer.status_code == 422
    assert "Berkas ini memiliki 1 halaman" in answer.text


def test_each_mentor_has_their_own_and_both_are_seen(sign_in, work, scene, world):
    _id, _file, review, _place = work
    coach, mentor = sign_in("coach"), sign_in("mentor")
    coach.post(review, data=judged() | row(0, "Dari pelatih", number="1"))
    assert (
        mentor.post(review, data=THEIRS | seen() | row(0, "Dari atasan", number="1")).status_code
        == 303
    )
    with scene() as session:
        both = session.execute(
            sa.select(PlacedRemark.author_id, PlacedRemark.text)
            .where(PlacedRemark.text.like("Dari %"))
            .order_by(PlacedRemark.id)
        ).all()
        assert [tuple(one) for one in both] == [
            (world.coach, "Dari pelatih"), (world.mentor, "Dari atasan"),
        ]  # fmt: skip
    assert 'name="placed_0_text"' in mentor.get(review).text
    page = coach.get(review).text
    assert "Dari atasan" in page
    assert page.count("Dari pelatih") > page.count("Dari atasan"), "only one's own can be edited"


def test_two_pages_of_one_mentor_conflict_and_both_remarks_can_be_kept(sign_in, work, scene):
    _id, _file, review, _place = work
    coach = sign_in("coach")
    coach.post(review, data=judged() | row(0, "Pertama", number="1"))
    stale = judged() | row(1, "Kedua", number="2")
    answer = coach.post(review, data=stale)
    assert answer.status_code == 409
    assert "Pertama" in answer.text
    assert "Kedua" in answer.text
    with scene() as session:
        kept = session.scalars(sa.select(ReviewSave.content).order_by(ReviewSave.id.desc())).first()
    assert [one["text"] for one in kept["placed"]] == ["Kedua"], "kept aside as it was typed"
    chosen = stale | {"revision": "1", "settle": "1", "choice_placed": "both"}
    assert coach.post(review, data=chosen).status_code == 303
    assert [one.text for one in saved(scene)] == ["Pertama", "Kedua"]


def test_a_remark_is_removed_by_its_button_and_stays_in_the_history(sign_in, work, scene):
    review = work[2]
    coach = sign_in("coach")
    data = judged() | row(0, "Dihapus", number="1")
    coach.post(review, data=data)
    coach.post(review, data=data | {"revision": "1", "remove_placed": "0"})
    assert saved(scene) == []
    assert "Dihapus" in coach.get(f"{review}/saves").text


def test_another_mentors_remark_is_not_taken_over_by_its_name(sign_in, work, scene, world):
    review = work[2]
    sign_in("coach").post(review, data=judged() | row(0, "Milik pelatih", number="1"))
    sign_in("mentor").post(review, data=THEIRS | seen() | row(0, "Milik atasan", number="1"))
    with scene() as session:
        rows = session.execute(
            sa.select(PlacedRemark.author_id, PlacedRemark.text).where(
                PlacedRemark.text.like("Milik %")
            )
        ).all()
    assert sorted(map(tuple, rows)) == sorted(
        [(world.coach, "Milik pelatih"), (world.mentor, "Milik atasan")]
    )


def test_a_remark_becomes_an_action_item_with_its_day(sign_in, work, scene):
    _id, _file, review, _place = work
    coach = sign_in("coach")
    data = judged(decision="revise", revise_by="2031-05-06")
    data |= row(0, "Lengkapi datanya", number="1", item="y", due="2031-05-01")
    coach.post(review, data=data)
    assert 'name="item_1_text"' not in coach.get(review).text, "not a second time among the items"
    coach.post(f"{review}/release", data=seen())
    with scene() as session:
        item = session.scalars(sa.select(ActionItem).filter_by(text="Lengkapi datanya")).one()
        assert (item.thread, item.due_on.isoformat()) == (f"{0:022}", "2031-05-01")
    page = sign_in("participant").get(
        review.split("/submissions")[0] + f"/assignments/{work[3].split('/')[4]}"
    )
    assert page.text.count(f"/action-items/{item.id}/steps") == 1


def test_the_participant_sees_remarks_beside_the_work_after_the_release_only(sign_in, work, scene):
    _id, file_id, review, place = work
    coach, own = sign_in("coach"), sign_in("participant")
    data = judged() | row(0, "kenari-satu", number="1")
    data |= row(1, "kenari-dua", f"file-{file_id}", "1", exact=f"f:{file_id}:1:0,0,500,500")
    coach.post(review, data=data)
    pages = [f"{place}/remarks", f"{place}/remarks/files/{file_id}", place, place.split("/ver")[0]]
    for page in pages:
        assert "kenari" not in own.get(page).text
        assert "kenari" not in coach.get(page).text, "the draft stands in the review alone"
    assert "kenari-dua" in coach.get(f"{place}/review/files/{file_id}").text
    coach.post(f"{review}/release", data=seen())
    for page in pages[:2]:
        assert "kenari-dua" in own.get(page).text
    beside = own.get(f"{place}/remarks").text
    assert '<mark class="passage">Pendahuluan yang ' in beside
    assert beside.count("kenari-satu") == 1
    assert f"{place}/remarks" in own.get(pages[3]).text, "the feedback leads there"


def test_the_pages_of_a_file_keep_their_remarks_when_they_are_exchanged(sign_in, work):
    _id, file_id, review, place = work
    coach = sign_in("coach")
    coach.post(review, data=judged() | row(0, "Di sini", f"file-{file_id}", "1"))
    answer = coach.get(
        f"{place}/review/files/{file_id}",
        headers={"HX-Request": "true", "HX-Target": f"preview-{file_id}"},
    )
    assert answer.text.lstrip().startswith("<div")
    assert 'class="page-marks"' in answer.text
    whole = coach.get(f"{place}/review/files/{file_id}").text
    assert re.search(r'<p class="page-lead">[^<]+, Esai, versi \d+</p>', whole)
