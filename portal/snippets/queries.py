"""Every select on snippets."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.cohorts.lists import administers
from portal.cohorts.models import Cohort, Enrolment, Organisation
from portal.database import db, locked
from portal.selects import prepared
from portal.snippets.models import Snippet
from portal.snippets.rules import Kept


def offered_to(person_id: int, organisation_id: int) -> list[Kept]:
    """Everything a mentor may put into a remark in this organisation: their own and what it
    shares. One query."""
    return [
        Kept(*row) for row in _offered.rows(person_id=person_id, organisation_id=organisation_id)
    ]


@prepared
def _offered(person_id, organisation_id):
    return (
        sa.select(Snippet.id, Snippet.text, Snippet.criterion, Snippet.level, Snippet.uses)
        .where(
            sa.or_(Snippet.owner_id == person_id, Snippet.organisation_id == organisation_id),
        )
        .order_by(Snippet.id)
    )


def _mentors_in(person_id: Any) -> sa.ColumnElement[bool]:
    """Whether the person mentors in the organisation of the enclosing select."""
    return (
        sa.select(Enrolment.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Cohort.organisation_id == Organisation.id,
            Enrolment.person_id == person_id,
            Enrolment.role == "mentor",
            Enrolment.left_at.is_(None),
        )
        .correlate(Organisation)
        .exists()
    )


def snippets_of(person_id: int) -> list[Snippet]:
    """A person's own snippets, then those of the organisations in which they mentor or that they
    administer; by criterion, the most used first. One query."""
    return list(db.session.scalars(*_snippets(person_id=person_id)))


@prepared
def _snippets(person_id):
    return (
        sa.select(Snippet)
        .outerjoin(Organisation, Organisation.id == Snippet.organisation_id)
        .where(
            sa.or_(
                Snippet.owner_id == person_id,
                sa.and_(
                    Organisation.id.is_not(None),
                    sa.or_(_mentors_in(person_id), administers(person_id)),
                ),
            )
        )
        .options(joinedload(Snippet.organisation))
        .order_by(
            sa.case((Snippet.owner_id.is_not(None), 0), else_=1),
            Organisation.name,
            Snippet.criterion,
            Snippet.uses.desc(),
            Snippet.id,
        )
    )


def snippet_for(person_id: int, snippet_id: int, *, to_change: bool = False) -> Snippet | None:
    """A snippet that the person may use: their own, or one shared with them. ``to_change``: only
    their own or one of an organisation they administer, its row held until the commit."""
    may = administers(person_id)
    statement = (
        sa.select(Snippet)
        .outerjoin(Organisation, Organisation.id == Snippet.organisation_id)
        .where(
            Snippet.id == snippet_id,
            sa.or_(
                Snippet.owner_id == person_id,
                sa.and_(
                    Organisation.id.is_not(None),
                    may if to_change else sa.or_(may, _mentors_in(person_id)),
                ),
            ),
        )
    )
    return db.session.scalar(statement)


def held(snippet: Snippet) -> Snippet | None:
    """The snippet as it is now, held until the commit; None when it is gone."""
    statement = locked(sa.select(Snippet).where(Snippet.id == snippet.id))
    return db.session.scalar(statement.execution_options(populate_existing=True))


def organisations_of(person_id: int) -> list[Organisation]:
    """The organisations that the person administers, and so may share snippets in."""
    return list(
        db.session.scalars(
            sa.select(Organisation)
            .where(administers(person_id))
            .order_by(Organisation.name, Organisation.id)
        )
    )


def kept_count(owner_id: int | None, organisation_id: int | None) -> int:
    """How many snippets somebody, or an organisation, has."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(Snippet.id)).where(_belongs(owner_id, organisation_id))
        )
        or 0
    )


def same_text(owner_id: int | None, organisation_id: int | None, text: str) -> Snippet | None:
    """What they keep already with these very words."""
    return db.session.scalar(
        sa.select(Snippet)
        .where(_belongs(owner_id, organisation_id), Snippet.text == text)
        .order_by(Snippet.id)
        .limit(1)
    )


def _belongs(owner_id: int | None, organisation_id: int | None) -> sa.ColumnElement[bool]:
    if organisation_id is not None:
        return Snippet.organisation_id == organisation_id
    return Snippet.owner_id == owner_id
