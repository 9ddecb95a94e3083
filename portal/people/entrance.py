"""Flask-Login wired to our own sign-in rows: the cookie holds a token, its row decides."""

from datetime import timedelta

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from portal import clock
from portal.database import db
from portal.people import actions, queries
from portal.people.models import Person, SignIn

login_manager = LoginManager()
login_manager.session_protection = None


class Visitor(UserMixin):
    """The signed-in person as Flask-Login wants it: everything else is the person's."""

    def __init__(self, sign_in: SignIn, token: str):
        self.sign_in = sign_in
        self.person = sign_in.person
        self.token = token

    def __getattr__(self, name: str):
        return getattr(self.person, name)

    def get_id(self) -> str:
        return self.token


@login_manager.user_loader
def load(token: str) -> Visitor | None:
    settings = current_app.config["SETTINGS"]
    db.session.info["readonly"] = True
    sign_in = queries.live_sign_in(
        token,
        now=clock.now(),
        idle=timedelta(days=settings.idle_days),
        most=timedelta(days=settings.sign_in_days),
    )
    return Visitor(sign_in, token) if sign_in else None


def enter(person: Person) -> None:
    """Sign the person in on this device and give their browser its cookie."""
    token = actions.open_sign_in(
        person, address=request.remote_addr or "", device=request.user_agent.string
    )
    db.session.flush()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    sign_in = queries.live_sign_in(
        token, now=clock.now(), idle=timedelta(days=1), most=timedelta(days=1)
    )
    assert sign_in is not None
    login_user(Visitor(sign_in, token))
    session.permanent = True


def leave() -> None:
    logout_user()
    session.clear()


def cookie_token() -> str | None:
    """The token in the visitor's cookie, live or ended."""
    return session.get("_user_id")


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

    @app.teardown_request
    def forget(_error) -> None:
        g.pop("_login_user", None)
