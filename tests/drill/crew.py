"""People at work on a served portal, who insist on an answer and remember what was acknowledged."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from portal.cohorts import actions as cohorts
from portal.cohorts.models import Cohort
from portal.database import db
from portal.files import storage
from portal.files.models import Blob
from portal.journal.models import JournalEntry
from portal.notices.models import Notice
from portal.people.queries import person_by_id
from portal.reviews.models import Judgement, Review, ReviewSave
from portal.submissions.models import Draft, DraftCopy, Submission, SubmissionFile
from tests.drill.visitors import JSON, Answer, Lost, Visitor, enrol_many, visitor_for

WRITERS = 3
SUBMITTERS = 3
REVIEWERS = 2
PATIENCE = 60
"""For so many seconds somebody asks the same again before they give up."""


class Actor(threading.Thread):
    """Somebody who works until told to stop, and insists on an answer to everything."""

    def __init__(self, visitor: Visitor, act: Callable[["Actor"], None]) -> None:
        super().__init__()
        self.visitor = visitor
        self.act = act
        self.stop = threading.Event()
        self.acknowledged = 0
        self.lost = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.act(self)
                self.acknowledged += 1
        except BaseException as error:
            self.error = error

    def insist(self, ask: Callable[[], Answer]) -> Answer:
        """Ask the same until a whole answer comes."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            try:
                return ask()
            except Lost:
                self.lost += 1
                time.sleep(0.05)
        raise AssertionError("the portal does not come back")

    def page(self, path: str) -> str:
        answer = self.insist(lambda: self.visitor.get(path))
        assert answer.status == 200, f"{path}: {answer.status}"
        return answer.text


class Writer:
    """Saves a growing text as the autosave does, each save based on the one before."""

    def __init__(self, work: str) -> None:
        self.address = f"{work}/draft"
        self.fields: dict[str, str] = {}
        self.count = 0

    def __call__(self, actor: Actor) -> None:
        if not self.fields:
            page = actor.page(self.address)
            self.fields = actor.visitor.hidden(page, "revision", "page_key")
        self.count += 1
        form = {**self.fields, "text": f"Kalimat ke-{self.count}. " * 50}
        answer = actor.insist(lambda: actor.visitor.post(self.address, form, JSON))
        assert answer.status == 200, answer.text
        revision = int(answer.text.split('"revision":')[1].split(",")[0])
        assert revision > int(self.fields["revision"])
        self.fields["revision"] = str(revision)

    def check(self, person_id: int) -> None:
        [draft] = db.session.scalars(sa.select(Draft).filter_by(person_id=person_id)).all()
        assert draft.text == f"Kalimat ke-{self.count}. " * 50
        assert draft.revision == int(self.fields["revision"])
        copies = sa.select(sa.func.count(DraftCopy.id)).filter_by(draft_id=draft.id)
        assert db.session.scalar(copies) == 0


class Submitter:
    """Hands in one version after the other; a lost answer is asked for again with the same key."""

    def __init__(self, work: str) -> None:
        self.work = work
        self.receipts: list[str] = []
        self.has_file = False

    def __call__(self, actor: Actor) -> None:
        visitor, number = actor.visitor, len(self.receipts) + 1
        if not self.has_file:
            self._attach(actor)
        page = actor.page(f"{self.work}/draft")
        form = {**visitor.hidden(page, "revision", "page_key"), "text": f"Versi {number}"}
        saved = actor.insist(lambda: visitor.post(f"{self.work}/draft", form))
        assert saved.status == 303, saved.text
        key = visitor.hidden(actor.page(f"{self.work}/versions/new"), "key", "seen")
        handed_in = actor.insist(lambda: visitor.post(f"{self.work}/versions", key))
        assert handed_in.status == 303, handed_in.text
        again = actor.insist(lambda: visitor.post(f"{self.work}/versions", key))
        assert again.location == handed_in.location
        self.receipts.append(handed_in.location)

    def _attach(self, actor: Actor) -> None:
        """Until the page shows the file: a lost answer may have left it there already."""
        content = b"%PDF-1.7\n" + os.urandom(50_000) + b"\n%%EOF"
        while "rap.pdf" not in (page := actor.page(f"{self.work}/draft")):
            token = actor.visitor.hidden(page)
            try:
                actor.visitor.upload(f"{self.work}/draft/files", token, "rap.pdf", content)
            except Lost:
                actor.lost += 1
        assert page.count('class="file-name"') == 1
        self.has_file = True

    def check(self, person_id: int) -> None:
        rows = db.session.scalars(
            sa.select(Submission).filter_by(person_id=person_id).order_by(Submission.number)
        ).all()
        assert [row.number for row in rows] == list(range(1, len(self.receipts) + 1))
        assert [row.text for row in rows] == [f"Versi {row.number}" for row in rows]
        for row, receipt in zip(rows, self.receipts, strict=True):
            assert receipt.endswith(f"/{row.id}/receipt")
        ids = [row.id for row in rows]
        assert counted(SubmissionFile.submission_id, ids) == dict.fromkeys(ids, 1)
        entries = sa.select(JournalEntry.subject_id).where(
            JournalEntry.verb == "submissions.hand_in", JournalEntry.subject_id.in_(ids)
        )
        assert sorted(db.session.scalars(entries)) == ids
        assert len(ids) == db.session.scalar(
            sa.select(sa.func.count(Notice.id)).where(
                Notice.key.in_([f"submission-{row.id}" for row in rows])
            )
        )


class Reviewer:
    """Judges one submission version: saves, releases, corrects what was released, and so on."""

    saves = 4

    def __init__(self, world, submission_id: int) -> None:
        self.address = f"/cohorts/{world.here}/submissions/{submission_id}/review"
        self.submission_id = submission_id
        self.judged = {"decision": "accepted"}
        for number in (1, 2):
            criterion = getattr(world, f"here_criterion_{number}")
            level = getattr(world, f"here_level_{number}_2")
            self.judged |= {f"level_{criterion}": str(level), f"value_{criterion}": "75"}
        self.count = 0
        self.released: list[tuple[str, int]] = []

    def __call__(self, actor: Actor) -> None:
        page = actor.page(f"{self.address}?correct=1")
        fields = actor.visitor.hidden(page, "number", "revision", "newest", "rubric", "page_key")
        for _ in range(self.saves):
            self.count += 1
            form = {**fields, **self.judged, "feedback": self.feedback()}
            saved = actor.insist(lambda form=form: actor.visitor.post(self.address, form, JSON))
            assert saved.status == 200, saved.text
            fields["revision"] = saved.text.split('"revision":')[1].split(",")[0]
        released = actor.insist(lambda: actor.visitor.post(f"{self.address}/release", fields))
        assert released.status == 303, released.text
        self.released.append((self.feedback(), int(fields["revision"])))

    def feedback(self) -> str:
        return f"Umpan balik ke-{self.count}"

    def check(self, person_id: int) -> None:
        rows = db.session.scalars(
            sa.select(Review).filter_by(submission_id=self.submission_id).order_by(Review.number)
        ).all()
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert all(row.released_at for row in rows)
        assert [(row.feedback, row.revision) for row in rows] == self.released
        ids = [row.id for row in rows]
        assert counted(ReviewSave.review_id, ids) == {row.id: row.revision for row in rows}
        assert counted(Judgement.review_id, ids) == dict.fromkeys(ids, 2)
        entries = sa.select(JournalEntry.subject_id).where(JournalEntry.verb == "reviews.release")
        assert set(ids) <= set(db.session.scalars(entries))
        told = sa.select(Notice.key).where(Notice.key.in_([f"review:{one}" for one in ids]))
        assert sorted(db.session.scalars(told)) == sorted(f"review:{one}" for one in ids)


def counted(column, ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(column, sa.func.count()).where(column.in_(ids)).group_by(column)
    )
    return dict(rows.all())


def crew(portal, world, served) -> list[Actor]:
    """Some who write, some who hand in, and a coach on several pages who judges."""
    work = f"/cohorts/{world.here}/assignments/{world.here_essay}"
    ids = enrol_many(portal, world, WRITERS + SUBMITTERS + REVIEWERS)
    give_a_coach(portal, world, ids[-REVIEWERS:])
    acts = [Writer(work) for _ in range(WRITERS)] + [Submitter(work) for _ in range(SUBMITTERS)]
    actors = [
        Actor(visitor_for(portal, served.port, person_id), act)
        for person_id, act in zip(ids, acts, strict=False)
    ]
    for person_id in ids[len(acts) :]:
        submission_id = hand_in_once(portal, served, work, person_id)
        mentor = visitor_for(portal, served.port, world.coach)
        actors.append(Actor(mentor, Reviewer(world, submission_id)))
    return actors


@contextlib.contextmanager
def at_work(actors: list[Actor]) -> Iterator[None]:
    """They work meanwhile; afterwards none has failed and each has got something done."""
    for actor in actors:
        actor.start()
    try:
        yield
    finally:
        for actor in actors:
            actor.stop.set()
        for actor in actors:
            actor.join()
            actor.visitor.close()
    for actor in actors:
        if actor.error:
            raise actor.error
    assert all(actor.acknowledged for actor in actors)


def check(portal, actors: list[Actor]) -> None:
    """All that was acknowledged is there, and nothing is half done."""
    done, lost = (sum(getattr(one, name) for one in actors) for name in ("acknowledged", "lost"))
    print(f"\n{done} acts acknowledged, {lost} answers lost")
    with portal.app_context():
        for actor in actors:
            actor.act.check(actor.visitor.person_id)
        check_files()


def give_a_coach(portal, world, ids: list[int]) -> None:
    """A coach, who marks, for those whose work is judged."""
    with portal.app_context():
        cohort = db.session.get(Cohort, world.here)
        coach, capacity = person_by_id(world.coach), cohorts.ensure_capacities()["coach"]
        for person_id in ids:
            cohorts.pair(cohort, person_by_id(person_id), coach, capacity)
        db.session.commit()


def hand_in_once(portal, served, work: str, person_id: int) -> int:
    """Work that waits for a mentor; the submission version's id."""
    submitter = Submitter(work)
    actor = Actor(visitor_for(portal, served.port, person_id), submitter)
    submitter(actor)
    actor.visitor.close()
    return int(submitter.receipts[0].split("/")[-2])


def check_files() -> None:
    """No row without its bytes, and no bytes that are not what their name says."""
    for blob in db.session.scalars(sa.select(Blob)):
        assert storage.hash_of(blob) == blob.sha256
    for sha256 in storage.all_hashes():
        assert storage.hash_of(Blob(sha256=sha256)) == sha256
    assert Path(storage.folder()).is_dir()
