"""Passwords: Argon2id with OWASP's parameters, few at a time so that memory stays bounded."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few = threading.BoundedSemaphore(4)
_nobody = _hasher.hash("the password of nobody")


def hash_of(password: str) -> str:
    """The hash to store. Slow on purpose: call it while no write transaction is open."""
    with _few:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """True when the password is right. Takes as long for a person who does not exist."""
    with _few:
        try:
            _hasher.verify(password_hash or _nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)
