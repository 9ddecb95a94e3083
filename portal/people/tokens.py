"""Secrets that we hand out and store only as a hash."""

import hashlib
import secrets


def new_token() -> str:
    """43 URL-safe characters, 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
