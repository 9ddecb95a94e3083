"""The migrations build exactly the tables that the models describe."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import configure_mappers

from portal.database import Base, db


def described(engine: sa.Engine) -> dict[str, dict]:
    """Each table's columns, checks, keys and what happens on delete, as the database tells them."""
    inspector = sa.inspect(engine)
    return {
        table: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"])
                for one in inspector.get_columns(table)
            },
            "checks": {one["name"] for one in inspector.get_check_constraints(table)},
            "uniques": {one["name"] for one in inspector.get_unique_constraints(table)},
            "indexes": {one["name"] for one in inspector.get_indexes(table)},
            "foreign": {
                (one["name"], one["options"].get("ondelete"))
                for one in inspector.get_foreign_keys(table)
            },
        }
        for table in inspector.get_table_names()
        if not table.startswith(("world_", "alembic_", "huey"))
    }


def test_the_migrated_schema_equals_the_models(portal, tmp_path, database):
    with portal.app_context():
        migrated = described(db.engine)
        if database == "sqlite":
            fresh = sa.create_engine(f"sqlite:///{tmp_path}/fresh.sqlite3")
            Base.metadata.create_all(fresh)
            assert migrated == described(fresh)
            fresh.dispose()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "compare_type": True,
                    "include_object": lambda o, name, kind, *_: (
                        not (kind == "table" and name.startswith(("world_", "huey")))
                    ),
                },
            )
            assert compare_metadata(context, Base.metadata) == []


def test_no_relationship_loads_by_itself():
    configure_mappers()
    lazy = {
        f"{mapper.class_.__name__}.{one.key}": one.lazy
        for mapper in Base.registry.mappers
        for one in mapper.relationships
        if one.lazy not in {"raise", "raise_on_sql"}
    }
    assert lazy == {}


def test_every_constraint_has_a_name_and_every_foreign_key_says_what_a_delete_does():
    silent = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.ondelete is None
    }
    unnamed = {
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    }
    assert (silent, unnamed) == (set(), set())
