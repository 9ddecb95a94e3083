"""Five hundred participants (DRILL_PEOPLE) hand in at once, each with a file of 200 kB."""

import hashlib
import os
import threading
import time
from queue import Empty, Queue

import sqlalchemy as sa

from portal.database import db
from portal.notices.models import Notice
from portal.submissions.models import Submission, SubmissionFile
from tests.drill.visitors import Visitor, enrol_many, visitor_for

PEOPLE = int(os.environ.get("DRILL_PEOPLE", "500"))
AT_ONCE = 50
FILE_BYTES = 200_000


def test_five_hundred_hand_in(portal, world, served, record_property):
    ids = enrol_many(portal, world, PEOPLE)
    waiting: Queue[Visitor] = Queue()
    for person_id in ids:
        waiting.put(visitor_for(portal, served.port, person_id))
    work = f"/cohorts/{world.here}/assignments/{world.here_essay}"
    receipts, errors = {}, []

    def take_turns():
        while True:
            try:
                visitor = waiting.get_nowait()
            except Empty:
                return
            try:
                receipts[visitor.person_id] = hand_in(visitor, work)
            except Exception as error:
                errors.append(repr(error))
            finally:
                visitor.close()

    start, here, there = time.monotonic(), time.process_time(), served.cpu_seconds()
    threads = [threading.Thread(target=take_turns) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, here = time.monotonic() - start, time.process_time() - here
    there = served.cpu_seconds() - there
    print(
        f"\n{PEOPLE} handed in within {seconds:.1f} s; of the processors the portal used "
        f"{there:.1f} s ({1000 * there / PEOPLE:.0f} ms each), the visitors {here:.1f} s"
    )
    assert errors == []
    assert len(receipts) == PEOPLE
    with portal.app_context():
        rows = db.session.execute(
            sa.select(Submission.person_id, Submission.number, SubmissionFile.sha256)
            .join(SubmissionFile)
            .where(Submission.person_id.in_(ids))
        ).all()
        told = sa.select(sa.func.count()).where(
            Notice.person_id == world.mentor, Notice.kind == "submission_received"
        )
        assert db.session.scalar(told) == PEOPLE
    assert {row.person_id: (row.number, row.sha256) for row in rows} == {
        person_id: (1, sha256) for person_id, sha256 in receipts.items()
    }


def hand_in(visitor: Visitor, work: str) -> str:
    """Save a text, attach a file, hand in; the file's hash, which the receipt must show."""
    content = b"%PDF-1.7\n" + os.urandom(FILE_BYTES - 15) + b"\n%%EOF"
    page = visitor.get(f"{work}/draft")
    text = {"text": "Rencana aksi perubahan"}
    saved = visitor.post(f"{work}/draft", {**visitor.hidden(page.text, "revision"), **text})
    assert saved.status == 303, saved.text
    token = visitor.hidden(page.text)
    attached = visitor.upload(f"{work}/draft/files", token, "rap.pdf", content)
    assert attached.status == 303, attached.text
    new = visitor.get(f"{work}/versions/new")
    handed_in = visitor.post(f"{work}/versions", visitor.hidden(new.text, "key", "seen"))
    assert handed_in.status == 303, handed_in.text
    receipt = visitor.get(handed_in.location)
    sha256 = hashlib.sha256(content).hexdigest()
    shown = "".join(character for character in receipt.text if character.isalnum())
    assert receipt.status == 200
    assert sha256 in shown
    return sha256
