"""Long files: a scan of sixty pages and a text of three hundred. The first page is there while the
rest is made, and what a web process needs does not grow with the file."""

import io
import re
import tracemalloc

import pytest
from PIL import Image, ImageDraw

from portal.assignments.models import Assignment
from portal.database import db
from portal.jobs.worker import run_free_jobs
from portal.previews import jobs, queries
from tests.previews.made import pdf
from tests.previews.test_previews import blob_at, handed_in

__all__ = ["handed_in"]
pytestmark = pytest.mark.alike_on_either_database
A4 = (827, 1169)
SLACK = 256 * 2**10


def scan(pages: int) -> bytes:
    """A PDF of pictures alone, as a scanner makes it."""
    pictures = []
    for number in range(pages):
        picture = Image.new("L", A4, 245)
        draw = ImageDraw.Draw(picture)
        for line in range(60, A4[1] - 60, 24):
            draw.line((80, line, 740 - (line * number) % 200, line), fill=40, width=3)
        pictures.append(picture)
    file = io.BytesIO()
    pictures[0].save(file, "PDF", save_all=True, append_images=pictures[1:], resolution=100)
    return file.getvalue()


FILES = {"scan": lambda: scan(60), "text": lambda: pdf(300)}
PAGES = {"scan": 60, "text": 300}


def one_slice(portal, scene, preview: str) -> int:
    """Let the worker draw for the shortest time; how many pages are there then."""
    with scene() as session:
        blob_id = blob_at(session, preview).id
    with portal.app_context():
        db.session.info["readonly"] = False
        jobs.render(blob_id)
        db.session.commit()
        return queries.preview_of(blob_id).ready


@pytest.mark.parametrize("kind", FILES)
def test_the_first_page_is_there_while_the_rest_is_made(
    portal, sign_in, handed_in, scene, monkeypatch, kind
):
    version, preview = handed_in(FILES[kind](), "panjang.pdf")
    monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.0)
    ready = one_slice(portal, scene, preview)
    assert 1 <= ready < PAGES[kind]
    mentor = sign_in("mentor")
    page = mentor.get(preview).text
    assert f'src="{preview}/1"' in page
    assert mentor.get(f"{preview}/1").mimetype == "image/webp"
    assert f'src="{preview}/1"' in mentor.get(version).text
    assert mentor.get(preview.removesuffix("/preview")).status_code == 200
    monkeypatch.undo()
    run_free_jobs(portal)
    last = PAGES[kind]
    page = mentor.get(f"{preview}?page={last}").text
    assert re.findall(r'id="page-\d+-(\d+)"', page) == [str(last - 9 + one) for one in range(10)]
    assert mentor.get(f"{preview}/{last}").status_code == 200


def needed(client, *addresses: str) -> int:
    """The most bytes these requests needed at once; asked before, so that nothing is new."""
    for address in addresses:
        assert client.get(address).status_code == 200
    tracemalloc.start()
    try:
        for address in addresses:
            response = client.get(address, buffered=False)
            for _part in response.iter_encoded():
                pass
            response.close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_web_process_needs_no_more_for_a_long_file(portal, sign_in, handed_in, world, scene):
    with scene() as session:
        session.get(Assignment, world.here_essay).max_files = 10
    mentor, peaks = sign_in("mentor"), []
    for pages in (12, 60):
        content = scan(pages)
        version, preview = handed_in(content, f"pindaian-{pages}.pdf")
        run_free_jobs(portal)
        file = preview.removesuffix("/preview")
        peaks.append(needed(mentor, version, preview, f"{preview}?page=11", f"{preview}/11", file))
    assert len(content) > 1_000_000
    assert peaks[1] <= peaks[0] + SLACK
