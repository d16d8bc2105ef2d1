"""Passwords are kept as argon2id hashes only."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask

_CAREFUL = PasswordHasher()
# a test signs in hundreds of times; nobody's real password is hashed this way
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class _Hashing:
    hasher = _CAREFUL
    nobody = ""


def init_app(app: Flask) -> None:
    _Hashing.hasher = _QUICK if app.config["EVEIL"].testing else _CAREFUL
    _Hashing.nobody = _Hashing.hasher.hash("the password of nobody")


def hash_password(password: str) -> str:
    return _Hashing.hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash the same work is done, so that time tells nothing."""
    try:
        return _Hashing.hasher.verify(password_hash or _Hashing.nobody, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
