"""Selects of pages are built once and asked with other values."""

import pytest
import sqlalchemy as sa

from portal.database import db, prepared
from portal.people.models import Person


@prepared
def _names(ids, person_id):
    return (
        sa.select(Person.name).where(Person.id.in_(ids), Person.id != person_id).order_by(Person.id)
    )


def test_the_same_select_answers_for_other_values(world, database_session):
    mentor, participant = world.mentor, world.participant
    both = [participant, mentor]
    first = database_session.scalars(*_names(ids=both, person_id=mentor)).all()
    second = database_session.scalars(*_names(ids=both, person_id=participant)).all()
    none = database_session.scalars(*_names(ids=[], person_id=0)).all()
    assert first == [database_session.get(Person, participant).name]
    assert second == [database_session.get(Person, mentor).name]
    assert none == []
    assert _names(ids=[], person_id=0)[0] is _names(ids=[1], person_id=1)[0]


@prepared
def _people(ids, but=None):
    found = sa.select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)
    return found if but is None else found.where(Person.id != but)


def test_an_argument_with_a_default_may_be_left_out(world, database_session):
    both = sorted([world.participant, world.mentor])
    assert database_session.scalars(*_people(ids=both)).all() == both
    assert database_session.scalars(*_people(ids=both, but=None)).all() == both
    assert database_session.scalars(*_people(ids=both, but=both[0])).all() == both[1:]


def test_rows_hold_what_the_transaction_has_changed(world, database_session):
    database_session.get(Person, world.mentor).name = "Nama Baru"
    assert _names.rows(ids=[world.mentor], person_id=0) == [("Nama Baru",)]


@pytest.mark.parametrize("values", [{"ids": []}, {"ids": [], "person_id": 1, "more": 2}])
def test_a_missing_or_unknown_value_is_refused(values):
    with pytest.raises(TypeError, match="person_id"):
        _names(**values)


def test_postgresql_keeps_what_pages_prepared(sign_in, portal, database):
    if database != "postgresql":
        pytest.skip("only PostgreSQL's driver forgets prepared statements, at a rollback")
    with portal.app_context():
        db.engine.dispose()  # of several connections each would take its turn
    client = sign_in("mentor")
    for _ in range(7):
        client.get("/reviews")
    with portal.app_context():
        kept = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%claim%'")
        assert db.session.scalar(kept) > 0
