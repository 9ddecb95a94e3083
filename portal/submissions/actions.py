"""What changes drafts and makes submission versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.assignments import rules as dates
from portal.assignments.queries import Task, reviewers_of
from portal.database import action, db, is_postgresql
from portal.files.actions import blob_of
from portal.files.kinds import Kind
from portal.files.names import display_name
from portal.files.storage import Kept
from portal.holidays.rules import WorkingDays
from portal.journal.actions import record
from portal.notices.actions import tell, tell_all
from portal.people.queries import person_by_id
from portal.previews.actions import ask
from portal.submissions import queries, rules
from portal.submissions.models import Draft, DraftCopy, DraftFile, Submission, SubmissionFile
from portal.submissions.queries import Place
from portal.texts import Refused, lazy

NO_REVISION = -1


@dataclass(frozen=True)
class Saved:
    """What a save came to. ``collided``: somebody else had saved, so the text lies beside it."""

    draft: Draft
    collided: bool = False


def _held_draft(place: Place) -> Draft:
    """The draft, held until the commit; made when the person has none yet."""
    draft = queries.draft_to_change(place)
    if draft is None:
        insert = postgresql.insert if is_postgresql() else sqlite.insert
        db.session.execute(
            insert(Draft)
            .values(
                **place._asdict(),
                text="",
                revision=0,
                changed_at=clock.now(),
                hand_in_key=rules.new_key(),
                page_key="",
                page_revision=NO_REVISION,
            )
            .on_conflict_do_nothing(index_elements=["cohort_id", "assignment_id", "person_id"])
        )
        draft = queries.draft_to_change(place)
    assert draft is not None
    return draft


def _keep_beside(draft: Draft, text: str, based_on: int, *, is_settled: bool) -> None:
    """Keep a text beside the draft, unless every word of it lies there or in the draft already."""
    if not text.strip() or (is_settled and rules.holds(draft.text, text)):
        return
    queries.load_copies(draft)
    for copy in list(draft.copies):
        if rules.holds(copy.text, text) and (is_settled or copy.settled_at is None):
            return
        if rules.holds(text, copy.text) and copy.settled_at is None and not is_settled:
            draft.copies.remove(copy)
            db.session.delete(copy)
    now = clock.now()
    draft.copies.append(
        DraftCopy(
            draft_id=draft.id,
            text=text,
            based_on=based_on,
            kept_at=now,
            settled_at=now if is_settled else None,
        )
    )
    db.session.flush()


@action
def save_text(place: Place, text: str, based_on: int, page_key: str = "") -> Saved:
    """Store the text that was written upon revision ``based_on``. Never refuses, never overwrites.

    When another page saved meanwhile the text is kept beside the draft and both are shown. A page
    that never got the answer to its own last save is recognised by its ``page_key``.
    """
    draft = _held_draft(place)
    if text == draft.text:
        return Saved(draft)
    is_own_again = bool(page_key) and (draft.page_key, draft.page_revision) == (page_key, based_on)
    if based_on != draft.revision and not is_own_again:
        _keep_beside(draft, text, based_on, is_settled=False)
        return Saved(draft, collided=True)
    before = draft.text
    _put_text(draft, text, page_key[:43], based_on)
    if is_own_again:
        _keep_beside(draft, before, based_on, is_settled=True)
    return Saved(draft)


def _put_text(
    draft: Draft, text: str, page_key: str = "", page_revision: int = NO_REVISION
) -> None:
    """Make this the draft's text, as the next revision."""
    draft.text, draft.revision, draft.changed_at = text, draft.revision + 1, clock.now()
    draft.page_key, draft.page_revision = page_key, page_revision
    db.session.flush()


CHOICES = ("use", "keep", "join")


@action
def settle_collision(place: Place, copy: DraftCopy, choice: str, based_on: int) -> Draft:
    """End a collision: ``use`` the other text, ``keep`` the present one, or ``join`` both.

    Whatever is not chosen stays beside the draft, put aside. Refuses, as a conflict, when the
    draft has changed since the person saw both texts.
    """
    draft = _held_draft(place)
    if based_on != draft.revision:
        raise Refused(
            lazy("The draft has changed since. Look at both texts once more."), conflict=True
        )
    before, other = draft.text, copy.text
    copy.settled_at = clock.now()
    if choice == "use":
        _put_text(draft, other)
        _keep_beside(draft, before, based_on, is_settled=True)
    elif choice == "join":
        _put_text(draft, f"{before.rstrip()}\n\n{other}" if before.strip() else other)
    record(
        "submissions.settle_collision",
        draft,
        by=place.person_id,
        choice=choice,
        cohort_id=place.cohort_id,
    )
    return draft


@action
def add_file(place: Place, task: Task, kept: Kept, kind: Kind, name: str) -> DraftFile:
    """Attach a kept file to the draft. The same file under the same name is attached once."""
    draft = _held_draft(place)
    queries.load_files(draft)
    blob = blob_of(kept, kind)
    name = display_name(name)
    for file in draft.files:
        if (file.blob_id, file.name) == (blob.id, name):
            return file
    if not task.assignment.accepts_files:
        raise Refused(lazy("This assignment takes a text only."), field="file")
    if len(draft.files) >= task.assignment.max_files:
        raise Refused(
            lazy(
                "There are %(most)s files already, and no more are taken. Take one out first.",
                most=task.assignment.max_files,
            ),
            field="file",
        )
    file = DraftFile(draft_id=draft.id, blob_id=blob.id, blob=blob, name=name, added_at=clock.now())
    draft.files.append(file)
    draft.changed_at = clock.now()
    db.session.flush()
    record("submissions.add_file", file, by=place.person_id, cohort_id=place.cohort_id, name=name)
    return file


@action
def remove_file(place: Place, file: DraftFile) -> None:
    """Take a file out of the draft. What was handed in with it stays as it is."""
    draft = _held_draft(place)
    record(
        "submissions.remove_file",
        file,
        by=place.person_id,
        cohort_id=place.cohort_id,
        name=file.name,
    )
    db.session.delete(file)
    draft.changed_at = clock.now()
    db.session.flush()


def contents(draft: Draft) -> str:
    """What a hand-in is about, in one word: it differs as soon as the draft differs."""
    files = ",".join(str(file.id) for file in draft.files)
    return f"{draft.revision}:{files}"


def is_same(draft: Draft, submission: Submission) -> bool:
    """Whether handing this draft in would only repeat a submission version."""
    of_draft = [(file.name, file.blob_id) for file in draft.files]
    of_submission = [(file.name, file.blob_id) for file in submission.files]
    return draft.text == submission.text and of_draft == of_submission


def limits_of(task: Task) -> rules.Limits:
    assignment = task.assignment
    return rules.Limits(
        accepts_text=assignment.accepts_text,
        accepts_files=assignment.accepts_files,
        max_characters=assignment.max_characters,
        max_files=assignment.max_files,
    )


@action
def hand_in(
    place: Place,
    task: Task,
    *,
    key: str,
    seen: str,
    hashes: Mapping[int, str],
    arrived_at: datetime,
    zone: tzinfo,
    calendar: WorkingDays = dates.WEEKDAYS,
) -> Submission:
    """Make the draft an immutable submission version; the same ``key`` again gives the same one.

    ``seen`` is the ``contents`` the person saw, ``hashes`` maps a blob's id to the hash of its
    bytes read back just now, ``arrived_at`` is when the request came in, ``zone`` and ``calendar``
    (by which feedback is promised) are the organisation's. Refuses when nothing may or can be
    handed in; as a conflict when the draft differs from what the person saw.
    """
    draft = queries.draft_to_change(place)
    # A draft's present key has made nothing yet: each hand-in gives the draft a new one.
    may_be_used = key and (draft is None or key != draft.hand_in_key)
    if may_be_used and (already := queries.submission_with_key(place, key)):
        return already
    if draft is None:
        raise Refused(lazy("There is nothing in the draft yet."))
    queries.load_files(draft)
    if key != draft.hand_in_key or seen != contents(draft):
        raise Refused(
            lazy(
                "The draft has changed since you opened this page. This is it now: look once more."
            ),
            conflict=True,
        )
    _refuse_damaged(draft, hashes)
    if found := rules.obstacles(limits_of(task), draft.text, len(draft.files)):
        raise Refused(" ".join(found))
    if not task.deadline.accepts(draft.changed_at, arrived_at):
        if arrived_at < task.deadline.opens_at:
            raise Refused(lazy("This assignment is not open yet. Your draft is kept."))
        raise Refused(
            lazy(
                "This assignment has closed. Your draft is kept and can still be changed; ask for "
                "more time, or ask the organiser."
            )
        )
    submission = _made(place, task, draft, key, hashes, arrived_at, zone, calendar)
    draft.hand_in_key = rules.new_key()
    db.session.flush()
    record(
        "submissions.hand_in",
        submission,
        by=place.person_id,
        cohort_id=place.cohort_id,
        assignment_id=place.assignment_id,
        number=submission.number,
        punctuality=submission.punctuality,
    )
    for file in draft.files:
        ask(file.blob)
    _tell(submission, task)
    return submission


def _refuse_damaged(draft: Draft, hashes: Mapping[int, str]) -> None:
    for file in draft.files:
        if hashes.get(file.blob_id) != file.blob.sha256:
            raise Refused(
                lazy(
                    "The stored file %(name)s could not be read back whole. Take it out and add "
                    "it again; everything else is kept.",
                    name=file.name,
                )
            )


def _made(
    place: Place,
    task: Task,
    draft: Draft,
    key: str,
    hashes: Mapping[int, str],
    arrived_at: datetime,
    zone: tzinfo,
    calendar: WorkingDays,
) -> Submission:
    deadline = task.deadline
    submission = Submission(
        **place._asdict(),
        number=queries.last_number(place) + 1,
        text=draft.text,
        text_sha256=rules.hash_of_text(draft.text),
        hand_in_key=key,
        receipt_code=rules.new_code(),
        received_at=arrived_at,
        draft_changed_at=draft.changed_at,
        due_at=deadline.due_at,
        deadline=deadline.as_data(),
        punctuality=deadline.punctuality(draft.changed_at, arrived_at),
        feedback_by=dates.feedback_by(arrived_at, task.schedule.feedback_days, zone, calendar),
        rubric_version_id=task.schedule.rubric_version_id,
        files=[
            SubmissionFile(
                blob_id=file.blob_id,
                position=position,
                name=file.name,
                size=file.blob.size,
                sha256=hashes[file.blob_id],
            )
            for position, file in enumerate(draft.files, 1)
        ],
    )
    db.session.add(submission)
    db.session.flush()
    return submission


def review_path(submission: Submission) -> str:
    """Where mentors review a submission version, for notices (actions know no URL map)."""
    return f"/cohorts/{submission.cohort_id}/submissions/{submission.id}/review"


def _tell(submission: Submission, task: Task) -> None:
    """Confirm to the participant that it is here, and tell the mentors."""
    tell(
        submission.person_id,
        "hand_in_received",
        f"receipt-{submission.id}",
        f"{dates.assignment_path(submission.cohort_id, submission.assignment_id)}"
        f"/versions/{submission.id}/receipt",
        assignment=task.assignment.title,
        number=submission.number,
        at=submission.received_at.isoformat(),
        receipt_code=rules.shown_code(submission.receipt_code),
    )
    person = person_by_id(submission.person_id)
    mentors = reviewers_of(submission.cohort_id, submission.assignment_id, submission.person_id)
    tell_all(
        {one.mentor_id for one in mentors},
        "submission_received",
        f"submission-{submission.id}",
        review_path(submission),
        who=person.name if person else "",
        assignment=task.assignment.title,
        number=submission.number,
    )
