"""What changes snippets: keeping, changing, taking out, and counting how often one is used."""

import sqlalchemy as sa

from portal import clock
from portal.cohorts.models import Organisation
from portal.database import action, db
from portal.journal.actions import record
from portal.people.models import Person
from portal.snippets import queries
from portal.snippets.models import MOST_SNIPPETS, MOST_TEXT, Snippet
from portal.texts import Refused, lazy
from portal.web.formats import number


@action
def keep(
    by: int, text: str, *, criterion: str = "", level: str = "", organisation_id: int | None = None
) -> Snippet:
    """Keep a text as one's own, or share it in an organisation. The very same text again is the
    snippet that is there already."""
    text = _whole(text)
    owner_id = by if organisation_id is None else None
    _one_at_a_time(by, organisation_id)
    known = queries.same_text(owner_id, organisation_id, text)
    if known is not None:
        return known
    _refuse_too_many(owner_id, organisation_id)
    snippet = Snippet(
        owner_id=owner_id,
        organisation_id=organisation_id,
        text=text,
        criterion=criterion.strip()[:200],
        level=level.strip()[:200],
        changed_at=clock.now(),
    )
    db.session.add(snippet)
    record("snippets.keep", snippet, by=by, organisation_id=organisation_id)
    return snippet


def _one_at_a_time(by: int, organisation_id: int | None) -> None:
    """Two who keep the same at the same time keep it once."""
    place = (
        sa.select(Person.id).where(Person.id == by)
        if organisation_id is None
        else sa.select(Organisation.id).where(Organisation.id == organisation_id)
    )
    db.session.scalar(place.with_for_update(key_share=True))


def _refuse_too_many(owner_id: int | None, organisation_id: int | None) -> None:
    if queries.kept_count(owner_id, organisation_id) >= MOST_SNIPPETS:
        raise Refused(
            lazy(
                "There are %(most)s snippets already. Take out one that is not used.",
                most=MOST_SNIPPETS,
            )
        )


def _whole(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(lazy("Write something first."), field="text")
    if len(text) > MOST_TEXT:
        raise Refused(lazy("At most %(most)s characters.", most=number(MOST_TEXT)), field="text")
    return text


@action
def change(
    snippet: Snippet,
    by: int,
    *,
    text: str,
    criterion: str,
    level: str,
    organisation_id: int | None,
    revision: int,
) -> None:
    """Say it otherwise, file it elsewhere, share it or keep it for oneself."""
    text = _whole(text)
    now = _unchanged(snippet, revision)
    if now.organisation_id != organisation_id:
        _refuse_too_many(by, organisation_id)
        now.organisation_id = organisation_id
        now.owner_id = by if organisation_id is None else None
    before = now.text
    now.text, now.criterion, now.level = text, criterion.strip()[:200], level.strip()[:200]
    now.revision += 1
    now.changed_at = clock.now()
    record("snippets.change", now, by=by, organisation_id=organisation_id, before=before)


def _unchanged(snippet: Snippet, revision: int) -> Snippet:
    now = queries.held(snippet)
    if now is None or now.revision != revision:
        raise Refused(
            lazy("Somebody changed this snippet meanwhile. Look at it and save again."),
            conflict=True,
        )
    return now


@action
def remove(snippet: Snippet, by: int, *, revision: int) -> None:
    """Take it out of the bank. Remarks it was put into stay as they are."""
    now = _unchanged(snippet, revision)
    record("snippets.remove", now, by=by, organisation_id=now.organisation_id, text=now.text)
    db.session.delete(now)
    db.session.flush()


@action
def count_use(snippet: Snippet) -> None:
    """It was put into a remark once more."""
    db.session.execute(
        sa.update(Snippet)
        .where(Snippet.id == snippet.id)
        .values(uses=Snippet.uses + 1)
        .execution_options(synchronize_session=False)
    )
