"""Remarks on passages of a document that was handed in: by paragraph, by selected words, once it is
shown as text; before that its file is named as others are."""

import hashlib

import pytest
import sqlalchemy as sa

from portal import clock
from portal.files.models import Blob
from portal.markdown import clean_document
from portal.previews import storage
from portal.previews.models import Preview
from portal.previews.rules import MOST_MARKED
from portal.reviews.models import MarkedCopy
from portal.submissions.models import SubmissionFile
from tests.reviews.scene import hand_in, judged, seen_by
from tests.reviews.test_placing import row, saved

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = (
    "<h1>Latar &amp; belakang</h1><p>Antrean <strong>😀 lama</strong> sekali.</p>"
    '<p><img src="sinau:1"></p>'
    "<table><tr><td><p>Sebelum</p></td><td><p>90 menit</p></td></tr></table>"
)


@pytest.fixture
def document(scene, world):
    """A version with a document: its file's id, the review, the page with the remarks released."""
    with scene() as session:
        submission = hand_in(number=50, text="")
        blob = Blob(
            sha256=hashlib.sha256(b"docx").hexdigest(),
            size=4,
            media_type=DOCX,
            stored_at=clock.now(),
        )
        session.add(blob)
        session.flush()
        storage.folder_of(blob).mkdir(parents=True, exist_ok=True)
        file = SubmissionFile(
            submission_id=submission.id, blob_id=blob.id, position=1,
            name="laporan.docx", size=4, sha256=blob.sha256,
        )  # fmt: skip
        session.add(file)
        session.flush()
        ids = submission.id, file.id, blob.id
    version = f"/cohorts/{world.here}/assignments/{world.here_essay}/versions/{ids[0]}"
    return ids[1], ids[2], f"/cohorts/{world.here}/submissions/{ids[0]}/review", version


@pytest.fixture
def shown(scene, document):
    """Draw the document's preview with this HTML."""

    def draw(html: str = HTML) -> None:
        with scene() as session:
            html = clean_document(html)
            session.add(Preview(blob_id=document[1], state="done", html=html, asked_at=clock.now()))

    return draw


def places(scene) -> list[tuple]:
    return [
        (one.submission_file_id, one.page, one.paragraph, one.start, one.stop, one.quote)
        for one in saved(scene)
    ]


def test_a_paragraph_or_selected_words_are_marked_and_released(sign_in, document, shown, scene):
    file_id, _blob, review, version = document
    shown()
    coach = sign_in("coach")
    page = coach.get(review).text
    assert '<span class="paragraph-number" data-aside data-start="0">1</span>Latar' in page
    assert 'alt="Gambar di dalam dokumen"' in page, "its pictures are still there"
    where = f"file-{file_id}"
    data = judged() | row(0, "Sejak kapan?", where, "2")
    data |= row(1, "Ukur apa?", where, "2", exact=f"d:{file_id}:24-32", quote="😀 lama s")
    data |= row(2, "Sumber?", where, "4", exact=f"t:{0}-{4}", quote="Lata")
    data |= row(3, "Seluruhnya", where)
    assert coach.post(review, data=data).status_code == 303
    assert places(scene) == [
        (file_id, None, None, None, None, ""),
        (file_id, None, 2, 16, 38, "Antrean 😀 lama sekali."),
        (file_id, None, 2, 24, 32, "😀 lama s"),
        (file_id, None, 4, 45, 53, "90 menit"),
    ]
    assert "Paragraf 4 dari laporan.docx: Sumber?" in coach.get(review).text
    # What the form holds is saved again as it is: nothing moves.
    again = {**data, **seen_by(coach, review), "feedback": "Lagi."}
    again |= {"placed_2_exact": f"d:{file_id}:45-53", "placed_2_quote": "90 menit"}
    before = places(scene)
    assert coach.post(review, data=again).status_code == 303
    assert places(scene) == before
    coach.post(f"{review}/release", data=seen_by(coach, f"{review}/release"))
    page = sign_in("participant").get(f"{version}/remarks").text
    assert '<strong><mark class="passage">😀 lama</mark></strong>' in page
    assert '<mark class="passage">90 menit</mark>' in page
    assert page.count('class="remark-mark"') == 3
    key = saved(scene)[3].key
    assert f'id="place-{key}" href="#remark-{key}"' in page
    assert f'<a href="#place-{key}">Paragraf 4 dari laporan.docx</a>' in page
    fragment = {"HX-Request": "true", "HX-Target": f"preview-{file_id}"}
    alone = sign_in("participant").get(f"{version}/remarks/files/{file_id}", headers=fragment)
    assert f'id="place-{key}" href="#remark-{key}"' in alone.text
    with scene() as session:
        assert session.scalars(sa.select(MarkedCopy.id)).all() == [], "only a PDF has a copy"


def test_a_paragraph_that_is_not_there_is_told_with_what_was_typed(sign_in, document, shown, scene):
    file_id, _blob, review, _version = document
    shown()
    answer = sign_in("coach").post(review, data=judged() | row(0, "Kata", f"file-{file_id}", "9"))
    assert answer.status_code == 422
    told = answer.text.split('id="error-summary"')[1]
    assert "Paragraf atau halaman: Berkas ini berisi 4 paragraf." in told.split('class="panes"')[0]
    assert ">Kata</textarea>" in answer.text.replace("\r\n", "")
    assert saved(scene) == []


@pytest.mark.parametrize("is_long", [False, True])
def test_what_was_named_before_it_is_shown_stays_as_it_was_named(
    sign_in, document, shown, scene, is_long
):
    file_id, _blob, review, _version = document
    coach = sign_in("coach")
    if is_long:
        shown("<p>Kata</p>" * (MOST_MARKED // 10))
    assert coach.post(review, data=judged() | row(0, "Kata", f"file-{file_id}", "3")).location
    assert places(scene) == [(file_id, 3, None, None, None, "")]
    if is_long:
        return
    shown()
    page = coach.get(review).text
    assert f'name="placed_0_exact" value="p:{file_id}:3"' in page
    again = judged(**seen_by(coach, review)) | {"feedback": "Lagi."}
    same = row(0, "Kata", f"file-{file_id}", "3", exact=f"p:{file_id}:3")
    coach.post(review, data=again | same)
    assert places(scene) == [(file_id, 3, None, None, None, "")]
    changed = again | seen_by(coach, review) | same | {"placed_0_number": "2"}
    coach.post(review, data=changed)
    assert [one[2] for one in places(scene)] == [2], "another number is a paragraph"
