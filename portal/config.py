"""Settings from the environment, typed, read once. A wrong or missing value refuses to start.

Each field is the environment variable ``PORTAL_<NAME>``; ``PORTAL_<NAME>_FILE`` names a file
that holds it. ``docs/configuration.md`` lists them all, and a test holds that page to this class.
"""

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024


class ConfigurationError(Exception):
    """A setting is missing or wrong. The message says which and what would be right."""


def setting(default: Any, says: str) -> Any:
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True)
class Settings:
    """Every setting of the portal, with its default and one sentence of explanation."""

    env: str = setting("development", "`development`, `test` or `production`")
    secret_key: str = setting(
        "", "Signs cookies. Made and kept in the instance folder outside production"
    )
    instance: Path = setting(ROOT / "instance", "Folder for the database, the files and the secret")
    database_url: str = setting("", "SQLite in the instance folder, or `postgresql+psycopg://...`")
    public_url: str = setting("", "The address people use, such as `https://sinau.example.go.id`")
    name: str = setting("Sinau", "The portal's name in titles and messages")
    trusted_proxies: int = setting(0, "How many proxies in front set `X-Forwarded-*`")
    max_upload_megabytes: int = setting(25, "Largest file a person may upload")
    processes: int = setting(0, "Web processes of `flask serve`; 0 means one per core")
    threads: int = setting(
        4, "Threads of each web process; the others help when a request has waited"
    )
    compress: bool = setting(True, "Compress pages; turn off behind a proxy that does it")
    default_language: str = setting("id", "`id` or `en`, when a person states no other")
    default_zone: str = setting("Asia/Jakarta", "Time zone of a new organisation")
    redis_url: str = setting(
        "", "`redis://host:6379/0`: nudges for the workers go by it instead of the database"
    )
    smtp_url: str = setting(
        "", "`smtp://user:password@host:587`; without it e-mail is kept at `/mail`"
    )
    mail_from: str = setting("", "Sender of e-mails, such as `Sinau <sinau@example.go.id>`")
    sign_in_days: int = setting(90, "A sign-in ends after this many days")
    idle_days: int = setting(14, "A sign-in ends after this many days of silence")
    invitation_days: int = setting(14, "A one-time link is good for this many days")
    outage_minutes: int = setting(
        10, "Silence of the portal that is noted as an outage, in minutes; 0 notes none"
    )
    outage_hours: int = setting(
        24, "An outage within so many hours before a deadline proposes an extension"
    )
    log_level: str = setting("INFO", "Level of the log on standard error")

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_secure(self) -> bool:
        """True when people reach the portal by https, so that cookies may demand it."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def files_folder(self) -> Path:
        return self.instance / "files"

    @property
    def previews_folder(self) -> Path:
        return self.instance / "previews"

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_megabytes * MEGABYTE

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of ``environ``; raises ConfigurationError on the first wrong one."""
        values = {one.name: _value_of(one, environ) for one in fields(cls)}
        return _completed(cls(**values))


def _value_of(one: Field[Any], environ: Mapping[str, str]) -> Any:
    variable = f"PORTAL_{one.name.upper()}"
    text = environ.get(variable)
    if text is None and (path := environ.get(f"{variable}_FILE")):
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"{variable}_FILE: {path} cannot be read: {error}") from error
    if text is None:
        return one.default
    try:
        return _parsed(text, type(one.default))
    except ValueError as error:
        raise ConfigurationError(f"{variable}: {error}") from error


def _parsed(text: str, kind: type) -> Any:
    if kind is bool:
        if text.lower() not in {"true", "false"}:
            raise ValueError(f"expected true or false, not {text!r}")
        return text.lower() == "true"
    if kind is int:
        number = int(text)
        if number < 0:
            raise ValueError("expected a number of 0 or more")
        return number
    return Path(text).resolve() if issubclass(kind, Path) else text


def _completed(settings: Settings) -> Settings:
    if settings.env not in {"development", "test", "production"}:
        raise ConfigurationError("PORTAL_ENV: expected development, test or production")
    if settings.default_language not in {"id", "en"}:
        raise ConfigurationError("PORTAL_DEFAULT_LANGUAGE: expected id or en")
    if settings.public_url and urlsplit(settings.public_url).scheme not in {"http", "https"}:
        raise ConfigurationError("PORTAL_PUBLIC_URL: expected an http or https address")
    if settings.smtp_url and "@" not in settings.mail_from:
        raise ConfigurationError("PORTAL_MAIL_FROM: with PORTAL_SMTP_URL a sender is needed")
    if settings.redis_url and urlsplit(settings.redis_url).scheme not in {"redis", "rediss"}:
        raise ConfigurationError("PORTAL_REDIS_URL: expected a redis or rediss address")
    if settings.threads < 1:
        raise ConfigurationError("PORTAL_THREADS: expected at least 1")
    if settings.log_level.upper() not in logging.getLevelNamesMapping():
        raise ConfigurationError("PORTAL_LOG_LEVEL: expected DEBUG, INFO, WARNING or ERROR")
    settings.instance.mkdir(parents=True, exist_ok=True)
    changes = {}
    if settings.is_production:
        if len(settings.secret_key) < 32 or settings.secret_key.startswith("change-me"):
            raise ConfigurationError(
                "PORTAL_SECRET_KEY: production needs a secret of at least 32 characters of its own"
            )
        if not settings.public_url:
            raise ConfigurationError("PORTAL_PUBLIC_URL: production must know its own address")
    elif not settings.secret_key:
        changes["secret_key"] = _kept_secret(settings.instance / "secret-key")
    if not settings.database_url:
        changes["database_url"] = f"sqlite:///{settings.instance / 'portal.sqlite3'}"
    return Settings(**{one.name: getattr(settings, one.name) for one in fields(settings)} | changes)


def _kept_secret(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w") as file:
        file.write(secret := secrets.token_hex(32))
    return secret
