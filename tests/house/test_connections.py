"""How connections to the database begin."""

import contextlib
import multiprocessing
import sqlite3

import pytest
import sqlalchemy as sa

from portal.database import listen

TURNS = 40


def _connect_in_turns(folder: str, together, answers) -> None:
    modes = []
    for turn in range(TURNS):
        engine = sa.create_engine(f"sqlite:///{folder}/{turn}.sqlite3")
        listen(engine)
        together.wait(60)
        try:
            with engine.connect() as connection:
                modes.append(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        except sa.exc.OperationalError as error:
            modes.append(str(error.orig))
        together.wait(60)
        engine.dispose()
    answers.put(modes)


@pytest.mark.alike_on_either_database
def test_the_first_connections_to_a_new_sqlite_file_do_not_stand_in_each_others_way(tmp_path):
    """A file that was copied there has no write-ahead log yet, and the web processes and the worker
    open it in the same moment."""
    for turn in range(TURNS):
        with contextlib.closing(sqlite3.connect(tmp_path / f"{turn}.sqlite3")) as connection:
            connection.execute("CREATE TABLE something (id INTEGER)")
    context = multiprocessing.get_context("spawn")
    together, answers = context.Barrier(4), context.Queue()
    processes = [
        context.Process(target=_connect_in_turns, args=(str(tmp_path), together, answers))
        for _ in range(4)
    ]
    for one in processes:
        one.start()
    modes = [answers.get(timeout=120) for _ in processes]
    for one in processes:
        one.join()
    assert modes == [["wal"] * TURNS] * 4
