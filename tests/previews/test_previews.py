"""What a file that was handed in looks like: made by the worker, for whoever may see it."""

import re
import shutil

import pytest
import sqlalchemy as sa

from portal.assignments.models import Assignment
from portal.files.models import Blob
from portal.jobs.models import Job
from portal.jobs.worker import run_free_jobs
from portal.previews import jobs, storage
from portal.previews.models import Preview, PreviewPage
from portal.submissions.models import Submission, SubmissionFile
from tests.files.made import zipped
from tests.previews.made import docx, pdf
from tests.submissions.work import Desk


@pytest.fixture
def handed_in(portal, sign_in, world, scene):
    """``handed_in(content, name)``: hand a file in; the addresses of version and preview."""

    def hand_in(content: bytes, name: str) -> tuple[str, str]:
        desk = Desk(sign_in("participant"), world.here, world.here_essay)
        with scene() as session:
            session.execute(sa.delete(Job))
        assert desk.upload(content, name).status_code == 303
        answer = desk.hand_in()
        assert answer.status_code == 303, answer.text
        version = answer.location.removesuffix("/receipt")
        with scene() as session:
            file_id = session.scalar(
                sa.select(SubmissionFile.id)
                .join(Submission)
                .where(Submission.id == int(version.rsplit("/", 1)[1]))
                .order_by(SubmissionFile.id.desc())
                .limit(1)
            )
        return version, f"{version}/files/{file_id}/preview"

    return hand_in


def blob_at(session, preview: str) -> Blob:
    file_id = int(preview.split("/files/")[1].split("/")[0])
    return session.scalar(sa.select(Blob).join(SubmissionFile).where(SubmissionFile.id == file_id))


def test_a_pdf_is_shown_page_by_page_once_the_worker_has_made_it(portal, sign_in, handed_in):
    version, preview = handed_in(pdf(2), "rap.pdf")
    mentor = sign_in("mentor")
    waiting = mentor.get(preview)
    assert "Pratinjau sedang dibuat" in waiting.text
    assert f'href="{preview}?page=1"' in waiting.text
    assert run_free_jobs(portal) >= 1
    page = mentor.get(preview).text
    assert re.findall(r'<p class="preview-text">([^<]+)<', page) == ["Halaman 1", "Halaman 2"]
    picture = mentor.get(f"{preview}/2")
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert mentor.get(f"{preview}/3").status_code == 404
    for who in ("participant", "coach", "administrator"):
        assert f"{preview}/1" in sign_in(who).get(version).text
        assert sign_in(who).get(f"{preview}/1").status_code == 200
    for who in ("classmate", "other_mentor", "stranger"):
        assert sign_in(who).get(f"{preview}/1").status_code == 404


def test_the_review_shows_the_pages_beside_the_judgement(portal, sign_in, handed_in, world):
    version, preview = handed_in(pdf(1, words="Rencana"), "rap.pdf")
    run_free_jobs(portal)
    submission_id = version.rsplit("/", 1)[1]
    page = sign_in("coach").get(f"/cohorts/{world.here}/submissions/{submission_id}/review")
    assert f"{preview}/1" in page.text
    assert "Rencana 1" in page.text
    assert f'href="{preview.removesuffix("/preview")}" download' in page.text


def test_a_long_file_is_made_in_turns_and_shown_by_tens(portal, sign_in, handed_in, monkeypatch):
    monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(jobs, "MOST_PAGES", 12)
    _version, preview = handed_in(pdf(13), "panjang.pdf")
    assert run_free_jobs(portal) > 12
    client = sign_in("participant")
    first, rest = client.get(preview).text, client.get(f"{preview}?page=11").text
    assert re.findall(r'id="page-\d+-(\d+)"', first) == [str(one) for one in range(1, 11)]
    assert re.findall(r'id="page-\d+-(\d+)"', rest) == ["11", "12"]
    assert "13 halaman; 12 halaman pertama" in first
    fragment = client.get(
        f"{preview}?page=11",
        headers={"HX-Request": "true", "HX-Target": f"preview-{preview.split('/')[-2]}"},
    ).text
    assert "<html" not in fragment
    assert "page-" in fragment


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (pdf(1, locked=True), "terkunci.pdf", "dikunci dengan kata sandi"),
        (pdf(2)[:150], "terpotong.pdf", "tidak dapat dibaca"),
        (docx(**{"word/besar.bin": bytes(130 * 2**20)}), "bom.docx", "lebih banyak memori"),
        (zipped({"[Content_Types].xml": b"<T/>", "word/document.xml": b"<"}), "rusak.docx", "baca"),
    ],
)
def test_what_cannot_be_shown_says_so_and_is_still_downloaded(
    portal, sign_in, handed_in, content, name, sentence
):
    version, preview = handed_in(content, name)
    run_free_jobs(portal)
    client = sign_in("participant")
    assert sentence in client.get(version).text
    assert client.get(preview.removesuffix("/preview")).data == content


def test_a_document_is_shown_as_clean_html_with_its_pictures(portal, sign_in, handed_in):
    version, preview = handed_in(docx(), "rap.docx")
    run_free_jobs(portal)
    page = sign_in("mentor").get(version).text
    shown = page[page.index('class="prose preview-document"') :]
    assert "<h3>Latar belakang</h3>" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "javascript:" not in page
    assert f'src="{preview}/1"' in shown
    assert sign_in("mentor").get(f"{preview}/1").mimetype == "image/webp"


def test_other_kinds_offer_the_download_only(portal, sign_in, handed_in, scene, world):
    with scene() as session:
        session.get(Assignment, world.here_essay).file_types = ["xlsx"]
    content = zipped({"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"})
    version, preview = handed_in(content, "angka.xlsx")
    client = sign_in("participant")
    assert preview not in client.get(version).text
    assert client.get(preview).status_code == 404
    assert client.post(preview).status_code == 404


def test_pictures_that_are_gone_are_made_again_on_demand(portal, sign_in, handed_in, scene):
    _version, preview = handed_in(pdf(1), "rap.pdf")
    run_free_jobs(portal)
    with scene() as session:
        shutil.rmtree(storage.folder_of(blob_at(session, preview)))
    mentor = sign_in("mentor")
    assert f'action="{preview}"' in mentor.get(preview).text
    assert mentor.post(preview).status_code == 303
    assert mentor.post(preview).status_code == 303
    with scene() as session:
        open_jobs = session.scalars(
            sa.select(Job.kind).where(Job.done_at.is_(None), Job.kind == "previews.render")
        ).all()
    assert open_jobs == ["previews.render"]
    run_free_jobs(portal)
    assert mentor.get(f"{preview}/1").status_code == 200


def test_the_preview_goes_when_its_file_goes(portal, handed_in, scene):
    _version, preview = handed_in(pdf(1, words="Sementara"), "rap.pdf")
    run_free_jobs(portal)
    with scene() as session:
        blob = blob_at(session, preview)
        folder, blob_id = storage.folder_of(blob), blob.id
        jobs.sweep()
        assert folder.is_dir()
        session.execute(sa.delete(SubmissionFile).where(SubmissionFile.blob_id == blob_id))
        session.execute(sa.text("DELETE FROM draft_file WHERE blob_id = :id"), {"id": blob_id})
        session.execute(sa.delete(Blob).where(Blob.id == blob_id))
        jobs.sweep()
        assert not folder.exists()
        left = session.scalars(sa.select(Preview.id).where(Preview.blob_id == blob_id)).all()
        orphans = session.scalars(
            sa.select(PreviewPage.id).where(PreviewPage.preview_id.not_in(sa.select(Preview.id)))
        ).all()
    assert (left, orphans) == ([], [])


@pytest.mark.parametrize("pages", [1, 3, 35])
def test_a_preview_costs_the_same_whatever_its_length(portal, sign_in, handed_in, queries, pages):
    _version, preview = handed_in(pdf(pages), "rap.pdf")
    run_free_jobs(portal)
    client = sign_in("participant")
    client.get(preview)
    with queries() as seen:
        assert client.get(preview).status_code == 200
    assert len([one for one in seen if not one.startswith(("INSERT", "UPDATE"))]) == 4
