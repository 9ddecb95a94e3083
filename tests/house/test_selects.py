"""Selects of pages are built once and asked with other values."""

import pytest
import sqlalchemy as sa

from portal.database import Base, db
from portal.people.models import Person
from portal.selects import SPREAD_MOST, prepared, rows_of


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


@pytest.mark.parametrize("length", range(6))
def test_rows_are_those_of_every_id_whatever_the_length(database_session, world, length):
    ids = sorted(database_session.scalars(sa.select(Person.id)))[:length]
    assert [one.id for one in _people.rows(ids=ids)] == ids
    assert [one.id for one in _people.rows(ids=ids, but=world.mentor)] == [
        id_ for id_ in ids if id_ != world.mentor
    ]


def test_a_few_statements_serve_every_length(database_session, queries):
    with queries() as seen:
        for length in range(1, 17):
            _people.rows(ids=list(range(length)))
    assert len(seen) == 16
    assert len(set(seen)) == 5


def test_a_list_may_be_longer_than_any_statement_that_is_kept(database_session, world):
    ids = list(range(3 * SPREAD_MOST))
    everybody = sorted(database_session.scalars(sa.select(Person.id)))
    assert [one.id for one in _people.rows(ids=ids)] == everybody


def test_rows_read_every_column_as_the_session_does(database_session, world):
    read = 0
    for table in Base.metadata.sorted_tables:
        statement = sa.select(*table.c).order_by(*table.primary_key)
        usual = database_session.execute(statement).all()
        rows = rows_of(statement, {})
        assert rows == usual, table.name
        for row, other in zip(rows, usual, strict=True):
            assert [type(one) for one in row] == [type(one) for one in other]
            assert row._fields == other._fields
            read += 1
    assert read > 30


def test_a_value_that_a_select_brings_itself_is_asked_each_time(database_session):
    told = iter([1, 2])
    statement = sa.select(sa.bindparam("moment", callable_=lambda: next(told), type_=sa.Integer))
    assert [rows_of(statement, {}), rows_of(statement, {})] == [[(1,)], [(2,)]]


def test_an_error_is_told_as_the_session_tells_it(database_session):
    with pytest.raises(sa.exc.DBAPIError):
        rows_of(sa.select(sa.literal_column("nothing")), {})


def test_a_lost_connection_is_lost_once(portal, database, world):
    if database != "postgresql":
        pytest.skip("SQLite has no connection that could be lost")
    with portal.app_context():
        assert len(_people.rows(ids=[world.mentor])) == 1
        lost = db.session.connection().connection.driver_connection.info.backend_pid
        with db.engine.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": lost})
        with pytest.raises(sa.exc.OperationalError) as told:
            _people.rows(ids=[world.mentor])
        assert told.value.connection_invalidated
        db.session.rollback()
        assert len(_people.rows(ids=[world.mentor])) == 1


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
