"""The signed cookie in which Flask keeps what it knows of a visitor."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own, which would make what signs and checks anew for every request."""

    def __init__(self, app: Flask) -> None:
        self.signing = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self.signing


def init(app: Flask) -> None:
    app.session_interface = SignedCookies(app)
