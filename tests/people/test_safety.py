"""Guessing is slowed down, nobody is locked out, and sign-ins end when they should."""

import contextlib
import sqlite3
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal import clock
from portal.database import db
from portal.journal.models import JournalEntry
from portal.people import passwords, throttling
from portal.people.models import Person, SignIn, SignInFailure
from tests.world import PASSWORD

HERE, AWAY = "198.51.100.7", "203.0.113.9"


def attempt(client, password: str, *, name="participant", address=AWAY):
    return client.post(
        "/sign-in",
        data={"name": name, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    ).status_code


def test_the_sixth_wrong_password_waits_and_waiting_tries_do_not_lengthen_it(visitor, world):
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        assert [attempt(visitor, "wrong") for _ in range(5)] == [422] * 5
        assert attempt(visitor, PASSWORD) == 429
        time.shift(timedelta(seconds=20))
        assert [attempt(visitor, PASSWORD) for _ in range(3)] == [429] * 3
        time.shift(timedelta(seconds=11))
        assert attempt(visitor, PASSWORD) == 303


def test_waits_grow_and_are_said_in_words(visitor, world):
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(5):
            attempt(visitor, "wrong")
        time.shift(timedelta(seconds=31))
        assert attempt(visitor, "wrong") == 422
        time.shift(timedelta(seconds=31))
        answer = visitor.post(
            "/sign-in",
            data={"name": "participant", "password": "x"},
            environ_overrides={"REMOTE_ADDR": AWAY},
        )
        assert answer.status_code == 429
        assert "1 menit" in answer.text
        assert 'value="participant"' in answer.text


def test_a_person_is_not_locked_out_at_a_device_they_know(portal, visitor, world):
    assert attempt(visitor, PASSWORD, address=HERE) == 303
    attacker = portal.test_client()
    for number in range(30):
        attempt(attacker, "wrong", address=f"203.0.113.{number}")
    assert attempt(attacker, PASSWORD, address="203.0.113.99") == 429
    assert attempt(portal.test_client(), PASSWORD, address=HERE) == 303


def test_one_account_is_one_account_by_whichever_name(visitor, world):
    for name in (
        "participant",
        "participant@example.org",
        "PARTICIPANT",
        " participant",
        "partIcipant",
    ):
        assert attempt(visitor, "wrong", name=name) == 422
    assert attempt(visitor, PASSWORD, name="participant@example.org") == 429


def test_an_address_that_tries_many_accounts_waits(portal, visitor, world):
    with portal.app_context(), db.engine.begin() as connection:
        key = throttling.key_of("address", AWAY)
        connection.execute(sa.insert(SignInFailure).values(key=key, count=60, last_at=clock.now()))
    assert attempt(visitor, PASSWORD, name="mentor") == 429
    assert attempt(visitor, PASSWORD, name="mentor", address=HERE) == 303


def test_an_unknown_name_waits_like_a_known_one(visitor, world):
    assert [attempt(visitor, "wrong", name="nobody") for _ in range(6)] == [422] * 5 + [429]


def test_a_ipv6_network_is_one_address(visitor, world):
    tries = [attempt(visitor, "wrong", address=f"2001:db8::{number}") for number in range(6)]
    assert tries == [422] * 5 + [429]


def is_write_locked(database: str) -> bool:
    """Does anybody hold SQLite's one write lock, or an open transaction on PostgreSQL?"""
    if database == "postgresql":
        with db.engine.connect() as connection:
            return bool(
                connection.scalar(
                    sa.text(
                        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE"
                        " 'idle in transaction%' AND datname = current_database()"
                    )
                )
            )
    with contextlib.closing(
        sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)
    ) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


def test_no_transaction_is_open_while_a_password_is_hashed(
    portal, database, visitor, world, monkeypatch
):
    seen = []
    verify = passwords._hasher.__class__.verify

    def watching(self, *args):
        with portal.app_context():
            seen.append(is_write_locked(database))
        return verify(self, *args)

    monkeypatch.setattr(passwords._hasher.__class__, "verify", watching)
    assert attempt(visitor, PASSWORD) == 303
    assert attempt(portal.test_client(), "wrong") == 422
    assert seen == [False, False]


def test_an_old_hash_is_renewed_at_sign_in(portal, visitor, world):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with portal.app_context(), db.engine.begin() as connection:
        connection.execute(
            sa.update(Person).where(Person.id == world.participant).values(password_hash=old)
        )
    assert attempt(visitor, PASSWORD) == 303
    with portal.app_context():
        new = db.session.get(Person, world.participant).password_hash
    assert (new != old, passwords.is_outdated(new), passwords.matches(new, PASSWORD)) == (
        True,
        False,
        True,
    )


def token_of(client) -> str:
    with client.session_transaction() as session:
        return session["_user_id"]


def use(client, token: str) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = token


def test_the_token_rotates_each_day_and_a_lost_answer_signs_nobody_out(sign_in):
    with time_machine.travel(clock.now(), tick=False) as time:
        client = sign_in("participant")
        first = token_of(client)
        client.get("/")
        assert token_of(client) == first
        time.shift(timedelta(days=1, minutes=1))
        client.get("/")
        second = token_of(client)
        assert second != first
        use(client, first)
        time.shift(timedelta(minutes=30))
        assert client.get("/").status_code == 200
        third = token_of(client)
        assert third not in (first, second)
        time.shift(timedelta(minutes=2))
        assert client.get("/").status_code == 200
        for old in (first, second):
            use(client, old)
            assert client.get("/").status_code == 303
        use(client, third)
        assert client.get("/").status_code == 200


def test_a_sign_in_ends_after_fourteen_days_of_silence(sign_in):
    with time_machine.travel(clock.now(), tick=False) as time:
        client = sign_in("participant")
        for _ in range(3):
            time.shift(timedelta(days=13))
            assert client.get("/").status_code == 200
        time.shift(timedelta(days=14, seconds=1))
        assert client.get("/").status_code == 303


def test_a_sign_in_ends_after_ninety_days_at_most(sign_in):
    with time_machine.travel(clock.now(), tick=False) as time:
        client = sign_in("participant")
        for _ in range(8):
            time.shift(timedelta(days=11))
            assert client.get("/").status_code == 200
        time.shift(timedelta(days=3))
        assert client.get("/").status_code == 303


def test_last_seen_is_written_every_few_minutes_only(portal, world, sign_in):
    def last_seen():
        with portal.app_context():
            return db.session.scalar(
                sa.select(sa.func.max(SignIn.last_seen_at)).where(
                    SignIn.person_id == world.classmate
                )
            )

    with time_machine.travel(clock.now(), tick=False) as time:
        client = sign_in("classmate")
        start = last_seen()
        time.shift(timedelta(minutes=4))
        client.get("/")
        assert last_seen() == start
        time.shift(timedelta(minutes=2))
        client.get("/")
        assert last_seen() - start == timedelta(minutes=6)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor, world):
    answer = visitor.post("/sign-in", data={"name": "participant", "password": PASSWORD})
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("sinau=")]
    flags = {part.strip().split("=")[0] for part in cookie.split(";")[1:]}
    assert flags == {"Expires", "HttpOnly", "Path", "SameSite"}


@pytest.mark.parametrize("address", ["https://sinau.example.go.id", "HTTPS://sinau.example.go.id"])
def test_behind_https_the_cookie_demands_it_and_so_do_the_headers(tmp_path, address):
    from portal import create_app
    from portal.config import Settings

    app = create_app(
        Settings.read(
            {
                "PORTAL_ENV": "production",
                "PORTAL_INSTANCE": str(tmp_path),
                "PORTAL_SECRET_KEY": "x" * 40,
                "PORTAL_PUBLIC_URL": address,
            }
        )
    )
    assert app.config["SESSION_COOKIE_SECURE"] is True
    answer = app.test_client().get("/healthz")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def verbs(portal, person_id: int | None) -> list[str]:
    with portal.app_context():
        return list(
            db.session.scalars(
                sa.select(JournalEntry.verb)
                .where(
                    sa.or_(
                        JournalEntry.person_id == person_id,
                        sa.and_(
                            JournalEntry.subject == "person", JournalEntry.subject_id == person_id
                        ),
                    )
                )
                .order_by(JournalEntry.id)
            )
        )


def test_sign_ins_failures_and_sign_outs_stand_in_the_record(portal, world, visitor):
    attempt(visitor, "wrong", name="classmate")
    attempt(visitor, PASSWORD, name="classmate")
    visitor.post("/sign-out")
    assert verbs(portal, world.classmate) == [
        "people.sign_in_failed",
        "people.sign_in",
        "people.sign_out",
    ]


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775808", "9" * 40])
def test_an_id_that_no_database_holds_is_no_page(sign_in, number):
    client = sign_in("participant")
    assert client.get(f"/kept/{number}").status_code == 404
    assert client.post(f"/profile/sign-ins/{number}/remove").status_code == 404
