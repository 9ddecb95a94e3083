"""Signed-in people who use a served portal over HTTP, as browsers without JavaScript do."""

import html
import re
import secrets
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from portal.cohorts import actions as cohorts
from portal.cohorts.models import Cohort
from portal.database import db
from portal.people.actions import create_person, open_sign_in
from portal.people.queries import person_by_id
from tests.world import World

JSON = {"Accept": "application/json"}


class Lost(Exception):
    """No whole answer came. What was asked for may have been done or not."""


class Answer:
    """A whole answer."""

    def __init__(self, status: int, text: str, location: str) -> None:
        self.status = status
        self.text = text
        self.location = location


class Visitor:
    """One person's browser."""

    def __init__(self, port: int, cookie: str, person_id: int) -> None:
        self.port = port
        self.cookie = cookie
        self.person_id = person_id
        self.connection: HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, form: dict[str, str], headers=None) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(form).encode(), {**kind, **(headers or {})})

    def upload(self, path: str, form: dict[str, str], name: str, content: bytes) -> Answer:
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in form.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n".encode()
            + content
            + b"\r\n"
        )
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self._ask(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"}
        )

    def hidden(self, page: str, *names: str) -> dict[str, str]:
        """Hidden fields of a page, as they stand there; the token is always among them."""
        found = {}
        for name in ("csrf_token", *names):
            field = re.search(rf'name="{name}"(?: type="hidden")? value="([^"]*)"', page)
            assert field, f"no field {name}"
            found[name] = html.unescape(field[1])
        return found

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        headers = {"Cookie": self.cookie, "Accept-Language": "en", **headers}
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException) as error:
            self.close()
            raise Lost(f"{method} {path}: {error!r}") from error
        for line in response.headers.get_all("Set-Cookie") or ():
            if line.startswith(self.cookie.partition("=")[0] + "="):
                self.cookie = line.partition(";")[0]
        return Answer(response.status, text, response.getheader("Location") or "")

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def visitor_for(app, port: int, person_id: int) -> Visitor:
    """The person, signed in on a browser of their own."""
    with app.app_context():
        token = open_sign_in(person_by_id(person_id), address="127.0.0.1", device="drill")
        db.session.commit()
    serializer = app.session_interface.get_signing_serializer(app)
    value = serializer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
    return Visitor(port, f"{app.config['SESSION_COOKIE_NAME']}={value}", person_id)


def enrol_many(app, world: World, count: int) -> list[int]:
    """So many new participants of the cohort here, each with the mentor; their ids."""
    with app.app_context():
        cohort = db.session.get(Cohort, world.here)
        mentor = person_by_id(world.mentor)
        supervisor = cohorts.ensure_capacities()["supervisor"]
        people = [
            create_person(f"Peserta {number}", {"username": f"drill{number}"})
            for number in range(count)
        ]
        for person in people:
            cohorts.enrol(person, cohort, "participant")
            cohorts.pair(cohort, person, mentor, supervisor)
        ids = [person.id for person in people]
        db.session.commit()
    return ids
