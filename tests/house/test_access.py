"""Who may enter what: every route of the URL map, as everybody of the cast.

``access.txt`` is written by hand and reviewed; expectations come from it, never from the code.
A cell is ``ok``, ``403``, ``404``, or ``in`` for «sent to the sign-in page».
"""

from pathlib import Path

import pytest

from portal.web.routes import undeclared_routes
from tests.world import address_of

TABLE = Path(__file__).with_name("access.txt")
SIGNED_OUT_AFTER = {"POST /sign-out"}


def table() -> tuple[list[str], dict[str, list[str]]]:
    lines = [line.split("#")[0].split() for line in TABLE.read_text().splitlines()]
    head, *rows = [line for line in lines if line]
    people = head[2:]
    return people, {f"{row[0]} {row[1]}": row[2:] for row in rows}


PEOPLE, ROWS = table()


def routes_of(app) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


def test_every_route_stands_in_the_table_and_nothing_else(app):
    assert sorted(routes_of(app)) == sorted(ROWS)


def test_every_row_has_a_cell_for_everybody():
    assert {route for route, cells in ROWS.items() if len(cells) != len(PEOPLE)} == set()


def test_a_route_without_a_declaration_stops_the_start(app):
    from flask import Flask

    careless = Flask("careless")
    careless.add_url_rule("/open", "open", lambda: "")
    assert "open" in undeclared_routes(careless)


def verdict(answer) -> str:
    if answer.status_code == 303 and (answer.location or "").startswith("/sign-in?next="):
        return "in"
    if answer.status_code in {403, 404}:
        return str(answer.status_code)
    return (
        "ok"
        if answer.status_code in {200, 204, 303, 302, 409, 422, 429}
        else str(answer.status_code)
    )


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_where_the_table_says_and_no_further(portal, world, sign_in, who):
    client = sign_in(None if who == "visitor" else who)
    seen = {}
    for route in sorted(ROWS, key=lambda one: (one in SIGNED_OUT_AFTER, one)):
        method, rule = route.split()
        address = address_of(rule, world)
        answer = client.get(address) if method == "GET" else client.post(address, data={})
        seen[route] = verdict(answer)
    place = PEOPLE.index(who)
    assert seen == {route: cells[place] for route, cells in ROWS.items()}


@pytest.mark.parametrize("who", ["participant", "mentor", "administrator"])
def test_ids_from_elsewhere_open_nothing_here(portal, world, sign_in, who):
    client = sign_in(who)
    opened = {}
    for route in sorted(ROWS):
        method, rule = route.split()
        address = address_of(rule, world, children="elsewhere")
        if address is None:
            continue
        answer = client.get(address) if method == "GET" else client.post(address, data={})
        if verdict(answer) not in {"403", "404"}:
            opened[route] = answer.status_code
    assert opened == {}
