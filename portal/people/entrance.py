"""Flask-Login wired to our own sign-in rows: the cookie holds a token, its row decides.

The token changes once a day. The one before stays good until the browser has shown the new one,
and for a minute more, so that an answer lost on the way signs nobody out.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, Response, after_this_request, current_app, g, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.database import db
from portal.journal.actions import record
from portal.notices.actions import tell
from portal.people import actions, queries, tokens
from portal.people.devices import device_name
from portal.people.models import Person, SignIn
from portal.people.queries import LiveSignIn, Shown
from portal.web.htmx import htmx, is_prefetch

ROTATED_EVERY = timedelta(days=1)
OVERLAP = timedelta(minutes=1)
SEEN_EVERY = timedelta(minutes=5)
DEVICE_COOKIE = "device"
DEVICE_KEPT = timedelta(days=365)
MOST_KNOWN = 20

login_manager = LoginManager()
login_manager.session_protection = None


class Visitor(UserMixin):
    """The signed-in person as Flask-Login wants it, and as pages show them."""

    def __init__(self, sign_in: LiveSignIn, token: str):
        self.sign_in = sign_in
        self.id = sign_in.person_id
        self.token = token

    def __getattr__(self, name: str):
        return getattr(self.sign_in, name)

    @property
    def person(self) -> Person:
        """The row itself, for who changes something in it. It is there in a request that writes."""
        assert self.sign_in.person is not None
        return self.sign_in.person

    def get_id(self) -> str:
        return self.token

    @property
    def shows_newest_token(self) -> bool:
        return self.sign_in.token_hash == tokens.hash_of(self.token)


def spans() -> dict[str, timedelta]:
    """How long a sign-in lives: ``idle`` in silence, ``most`` in all."""
    settings = current_app.config["SETTINGS"]
    return {
        "idle": timedelta(days=settings.idle_days),
        "most": timedelta(days=settings.sign_in_days),
    }


class Arrival:
    """How it is found out who asks for a page."""

    find: Callable[[Shown], LiveSignIn | None] = staticmethod(queries.live_sign_in)
    """The navigation finds the place of the page in the same select."""


@login_manager.user_loader
def load(token: str) -> Visitor | None:
    db.session.info["readonly"] = True
    find = queries.live_sign_in if request.method == "POST" else Arrival.find
    sign_in = find(queries.shown(token, now=clock.now(), **spans()))
    return Visitor(sign_in, token) if sign_in else None


def enter(person: Person) -> None:
    """Sign the person in on this device and give their browser its cookie.

    They are told when they, or somebody else, never signed in on this device before.
    """
    _note_device(person)
    token = actions.open_sign_in(
        person, address=request.remote_addr or "", device=request.user_agent.string
    )
    db.session.flush()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    live = queries.live_sign_in(queries.shown(token, now=clock.now(), **spans()))
    assert live is not None
    record("people.sign_in", queries.sign_in_of(person.id, live.id), by=person.id)
    login_user(Visitor(live, token))
    session.permanent = True


def _device_serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="people.device")


def _known_here() -> list[int]:
    """Who signed in on this device before, as the cookie that it keeps says."""
    try:
        return list(_device_serializer().loads(request.cookies.get(DEVICE_COOKIE, "")))
    except (BadSignature, TypeError):
        return []


def _note_device(person: Person) -> None:
    known = _known_here()
    now = clock.now()
    if person.first_entered_at is not None and person.id not in known:
        tell(
            person.id,
            "new_device",
            f"device-{now.isoformat()}",
            "/profile/sign-ins",
            device=device_name(request.user_agent.string[:200]),
            at=now.isoformat(),
        )
    known = [person.id, *(one for one in known if one != person.id)][:MOST_KNOWN]
    value = str(_device_serializer().dumps(known))
    settings = current_app.config["SETTINGS"]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            DEVICE_COOKIE,
            value,
            max_age=DEVICE_KEPT,
            httponly=True,
            samesite="Lax",
            secure=settings.is_secure,
        )
        return response


def leave() -> None:
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def cookie_token() -> str | None:
    """The token in the visitor's cookie, live or ended."""
    return session.get("_user_id")


def keep_alive(response: Response) -> Response:
    """Note now and then that the person was here, and rotate the token once a day."""
    visitor = g.get("_login_user")
    if not isinstance(visitor, Visitor) or response.status_code >= 500:
        return response
    sign_in, now = visitor.sign_in, clock.now()
    if _is_page(response) and _wants_new_token(visitor, now) and (token := _rotate(visitor, now)):
        session["_user_id"] = visitor.token = token
        return response
    changes: dict[str, datetime | None] = {}
    if now - sign_in.last_seen_at > SEEN_EVERY:
        changes["last_seen_at"] = now
    if (
        sign_in.previous_token_hash
        and visitor.shows_newest_token
        and now - sign_in.rotated_at > OVERLAP
    ):
        changes["previous_token_hash"] = None
    if changes and not is_prefetch():
        app = current_app._get_current_object()  # type: ignore[attr-defined]

        def later() -> None:
            with app.app_context():
                _update(sign_in, changes)

        response.call_on_close(later)
    return response


def _is_page(response: Response) -> bool:
    """A page that a person opened: the one answer whose cookie surely replaces the old."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.mimetype == "text/html"
        and not htmx
        and not is_prefetch()
    )


def _wants_new_token(visitor: Visitor, now: datetime) -> bool:
    age = now - visitor.sign_in.rotated_at
    return age > (ROTATED_EVERY if visitor.shows_newest_token else OVERLAP)


def _rotate(visitor: Visitor, now: datetime) -> str | None:
    """A new token, committed before the cookie leaves; None when another request was faster."""
    token = tokens.new_token()
    is_mine = _update(
        visitor.sign_in,
        {
            "previous_token_hash": tokens.hash_of(visitor.token),
            "token_hash": tokens.hash_of(token),
            "rotated_at": now,
            "last_seen_at": now,
        },
    )
    return token if is_mine else None


def _update(sign_in: LiveSignIn, values: Mapping[str, object]) -> bool:
    """Change the row in a short transaction of its own, unless it was rotated meanwhile."""
    statement = (
        sa.update(SignIn)
        .where(
            SignIn.id == sign_in.id,
            SignIn.token_hash == sign_in.token_hash,
            SignIn.ended_at.is_(None),
        )
        .values(**values)
    )
    try:
        with db.engine.begin() as connection:
            return connection.execute(statement).rowcount == 1
    except SQLAlchemyError:
        current_app.logger.exception("A sign-in was not brought up to date")
        return False


def init(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config.update(
        SESSION_COOKIE_NAME="sinau",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.sign_in_days),
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    login_manager.init_app(app)
    app.after_request(keep_alive)

    @app.teardown_request
    def forget(_error) -> None:
        g.pop("_login_user", None)
