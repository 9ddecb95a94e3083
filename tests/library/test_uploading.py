"""Importing a course in the browser: choose, check, done."""

import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.courses.models import Course
from tests.files.made import zipped

OWN = Path(__file__).with_name("folders") / "own"


@pytest.fixture
def administrator(sign_in, world):
    client = sign_in("administrator")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.place = f"/organisations/{world.organisation}/course-imports"
    return client


def own_zip() -> bytes:
    files = (one for one in OWN.rglob("*") if one.is_file())
    return zipped({f"kursus/{one.relative_to(OWN).as_posix()}": one.read_bytes() for one in files})


def send(client, content: bytes, name: str = "kursus.zip"):
    return client.post(
        client.place, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def test_nothing_is_written_before_it_was_checked(administrator, scene):
    assert administrator.get(f"{administrator.place}/new").status_code == 200
    check = send(administrator, own_zip()).headers["Location"]
    page = administrator.get(check)
    assert "A link leads nowhere: hilang.md" in page.text
    assert "Import this course" in page.text
    code = sa.select(Course.title).where(Course.code == "CONTOH")
    with scene() as session:
        assert session.scalars(code).all() == []
    done = administrator.post(f"{check}/application")
    assert "The course is imported." in done.text
    with scene() as session:
        assert session.scalars(code).all() == ["Kursus contoh"]
    again = administrator.get(check)
    assert "Nothing would change" in again.text
    assert administrator.post(f"{check}/application").status_code == 200


def test_what_is_no_course_is_refused_beside_the_field(administrator):
    for content, sentence in (
        (b"", "Choose a ZIP file first."),
        (b"%PDF-1.4", "This is not a ZIP file"),
        (zipped({"../x.md": b"x"}), None),
    ):
        answer = send(administrator, content, "x.zip" if content else "")
        if sentence:
            assert answer.status_code == 422
            assert sentence in answer.text
        else:
            page = administrator.get(answer.headers["Location"])
            assert "its name leads out of the folder" in page.text


def test_a_check_belongs_to_the_organisation_and_is_not_made_up(administrator, sign_in, world):
    check = send(administrator, own_zip()).headers["Location"]
    token = check.rsplit("/", 1)[1]
    stranger = sign_in("strange_administrator")
    assert stranger.get(check).status_code == 404
    theirs = f"/organisations/{world.strange_organisation}/course-imports"
    assert stranger.get(f"{theirs}/{token}").status_code == 404
    assert administrator.get(f"{administrator.place}/{token}x").status_code == 404
    assert re.match(r"^[\w.-]+$", token)


def test_a_file_without_any_lesson_is_not_offered_for_import(administrator, scene):
    content = zipped({"kursus/gambar.png": b"x", "../x.md": b"x", "kursus/rubrics/r.yaml": b"x"})
    check = send(administrator, content).headers["Location"]
    page = administrator.get(check)
    assert "There is nothing to import" in page.text
    assert "Import this course" not in page.text
    assert "Missing" not in page.text
    with scene() as session:
        before = session.scalars(sa.select(Course.title)).all()
    refused = administrator.post(f"{check}/application")
    assert refused.status_code == 422
    assert "There is nothing to import" in refused.text
    with scene() as session:
        assert session.scalars(sa.select(Course.title)).all() == before
