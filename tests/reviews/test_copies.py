"""The marked-up copy of a PDF: made after the release, for both sides, beside an untouched file."""

import pypdfium2
import pytest
import sqlalchemy as sa
from pypdfium2 import raw

from portal.files import storage
from portal.files.models import Blob
from portal.jobs.models import Job
from portal.jobs.worker import run_free_jobs
from portal.reviews import copies
from portal.reviews.models import MarkedCopy
from portal.submissions.models import Submission, SubmissionFile
from tests.previews.made import pdf
from tests.reviews.scene import judged, seen_by
from tests.submissions.work import Desk


def words_of(annotation, name: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, name, None, 0)
    buffer = (raw.FPDF_WCHAR * (size // 2))()
    raw.FPDFAnnot_GetStringValue(annotation, name, buffer, size)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


def annotations(content: bytes) -> list[list[tuple]]:
    """What is drawn on each page: (author, text, left, bottom, right, top)."""
    found = []
    for page in pypdfium2.PdfDocument(content):
        here = []
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            box = raw.FS_RECTF()
            raw.FPDFAnnot_GetRect(annotation, box)
            place = [round(one) for one in (box.left, box.bottom, box.right, box.top)]
            here.append((words_of(annotation, b"T"), words_of(annotation, b"Contents"), *place))
            raw.FPDFPage_CloseAnnot(annotation)
        found.append(here)
    return found


@pytest.fixture
def released(portal, sign_in, world, scene):
    """``released(content, *remarks)``: hand a file in, remark on its pages, release; the address of
    the work with the remarks, and of the copy."""

    def go(content: bytes, *remarks: dict) -> tuple[str, str]:
        desk = Desk(sign_in("participant"), world.here, world.here_essay)
        assert desk.upload(content, "laporan.pdf").status_code == 303
        version = desk.hand_in().location.removesuffix("/receipt")
        id_ = int(version.rsplit("/", 1)[1])
        with scene() as session:
            session.execute(sa.delete(Job))
            file_id = session.scalar(
                sa.select(SubmissionFile.id)
                .join(Submission)
                .where(Submission.id == id_, SubmissionFile.name == "laporan.pdf")
            )
        coach = sign_in("coach")
        review = f"/cohorts/{world.here}/submissions/{id_}/review"
        data = judged() | seen_by(coach, review)
        for index, one in enumerate(remarks):
            row = {"where": f"file-{file_id}", "key": f"{index:022}"} | one
            if "area" in row:
                row["exact"] = f"f:{file_id}:{row['number']}:{row.pop('area')}"
            data |= {f"placed_{index}_{name}": value for name, value in row.items()}
        assert coach.post(review, data=data).status_code == 303
        preview = seen_by(coach, f"{review}/release")
        assert coach.post(f"{review}/release", data=preview).status_code == 303
        return f"{version}/remarks", f"{version}/remarks/files/{file_id}/copy"

    return go


def test_both_sides_download_the_pdf_with_the_remarks(portal, sign_in, released, scene):
    original = pdf(2)
    page, copy = released(
        original,
        {"text": "Sumbernya? 😀", "number": "1", "area": "1000,2000,5000,2500"},
        {"text": "Baik.", "number": "2"},
        {"text": "Seluruhnya."},
    )
    own, coach = sign_in("participant"), sign_in("coach")
    assert own.get(copy).status_code == 404
    assert "Salinan dengan catatan sedang dibuat" in own.get(page).text
    assert run_free_jobs(portal) >= 1
    assert f'href="{copy}"' in own.get(page).text
    answer = own.get(copy)
    assert answer.data.startswith(original), "the remarks stand behind the bytes handed in"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert annotations(answer.data) == [
        [
            ("Sri Mulyani Kusuma", "1. Seluruhnya.", 184, 115, 192, 120),
            ("Sri Mulyani Kusuma", "2. Sumbernya? 😀", 20, 66, 120, 96),
        ],
        [("Sri Mulyani Kusuma", "3. Baik.", 184, 115, 192, 120)],
    ]
    assert coach.get(copy).data == answer.data
    assert sign_in("classmate").get(copy).status_code == 404
    with scene() as session:
        blob = session.scalars(sa.select(Blob).order_by(Blob.id.desc())).first()
        assert storage.path_of(blob).read_bytes() == original


def test_a_file_that_cannot_be_marked_says_so_and_can_be_tried_again(
    portal, sign_in, released, scene
):
    page, copy = released(pdf(1, locked=True), {"text": "Terkunci", "number": "1"})
    run_free_jobs(portal)
    own = sign_in("participant")
    text = own.get(page).text
    assert "dikunci dengan kata sandi" in text
    assert "Terkunci" in text
    assert own.get(copy).status_code == 404
    assert own.post(copy).status_code == 303
    with scene() as session:
        assert session.scalars(sa.select(MarkedCopy.state)).all() == ["waiting"]
    run_free_jobs(portal)
    assert "dikunci dengan kata sandi" in own.get(page).text


def test_a_copy_that_got_lost_is_made_anew(portal, sign_in, released, scene):
    page, copy = released(pdf(1), {"text": "Baik", "number": "1"})
    run_free_jobs(portal)
    own = sign_in("participant")
    first = annotations(own.get(copy).data)
    own.post(copy)
    with scene() as session:
        made = session.scalars(sa.select(MarkedCopy)).one()
        assert made.state == "done", "what is there is not made again"
        copies.path_of(made).unlink()
    assert "perlu dibuat ulang" in own.get(page).text
    own.post(copy)
    run_free_jobs(portal)
    assert annotations(own.get(copy).data) == first


def test_a_correction_has_a_copy_of_its_own(portal, sign_in, released, scene):
    page, copy = released(pdf(1), {"text": "Pertama", "number": "1"})
    run_free_jobs(portal)
    coach = sign_in("coach")
    review = f"{page.split('/assignments/')[0]}/submissions/{page.split('/')[-2]}/review"
    correcting = f"{review}?correct=1"
    file_id = copy.split("/")[-2]
    row = {"where": f"file-{file_id}", "number": "1", "key": f"{0:022}", "text": "Kedua"}
    data = judged() | seen_by(coach, correcting)
    data |= {f"placed_0_{name}": value for name, value in row.items()}
    assert coach.post(review, data=data).status_code == 303
    own = sign_in("participant")
    assert "Pertama" in annotations(own.get(copy).data)[0][0][1]
    coach.post(f"{review}/release", data=seen_by(coach, f"{review}/release"))
    assert own.get(copy).status_code == 404
    run_free_jobs(portal)
    assert "Kedua" in annotations(own.get(copy).data)[0][0][1]
