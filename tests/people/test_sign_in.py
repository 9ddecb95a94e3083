"""Signing in and out."""

import pytest

from tests.world import PASSWORD


@pytest.mark.parametrize("name", ["participant", " PARTICIPANT ", "participant@example.org"])
def test_a_person_signs_in_with_any_of_their_names(visitor, world, name):
    answer = visitor.post("/sign-in", data={"name": name, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert visitor.get("/").status_code == 200


def test_a_wrong_password_brings_the_name_back(visitor, world):
    answer = visitor.post("/sign-in", data={"name": "participant", "password": "wrong"})
    assert answer.status_code == 422
    assert 'value="participant"' in answer.text
    assert visitor.get("/").status_code == 303


def test_signing_out_ends_the_sign_in_even_for_a_stolen_cookie(sign_in):
    client = sign_in("participant")
    with client.session_transaction() as session:
        stolen = dict(session)
    assert client.post("/sign-out").status_code == 303
    with client.session_transaction() as session:
        session.update(stolen)
    assert client.get("/").location == "/sign-in?next=/"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(visitor, world, target):
    data = {"name": "participant", "password": PASSWORD, "next": target}
    assert visitor.post("/sign-in", data=data).location == "/"
