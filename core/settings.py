"""Settings: every environment variable is read here, once, and checked before anything starts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is wrong; the message names it and the remedy."""


@dataclass(frozen=True)
class Settings:
    """What the environment decides. The table in docs/settings.md describes each variable."""

    data_dir: Path
    database_url: str
    secret_key: str
    secure_cookies: bool = False
    session_idle_minutes: int = 60
    session_hours: int = 12
    max_submission_mb: int = 20
    log_level: str = "INFO"
    testing: bool = False

    @property
    def embedded(self) -> bool:
        """One process on one machine: SQLite, writes through one writer."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        env = os.environ if environment is None else environment
        data_dir = _data_dir(env.get("EVEIL_DATA_DIR") or str(ROOT / "var"))
        return cls(
            data_dir=data_dir,
            database_url=_database_url(env.get("EVEIL_DATABASE_URL") or f"sqlite:///{data_dir / 'eveil.sqlite'}"),
            secret_key=_secret_key(env.get("EVEIL_SECRET_KEY"), data_dir),
            secure_cookies=_boolean(env, "EVEIL_SECURE_COOKIES", default=False),
            session_idle_minutes=_whole_number(env, "EVEIL_SESSION_IDLE_MINUTES", 60, 1, 24 * 60),
            session_hours=_whole_number(env, "EVEIL_SESSION_HOURS", 12, 1, 24 * 14),
            max_submission_mb=_whole_number(env, "EVEIL_MAX_SUBMISSION_MB", 20, 1, 200),
            log_level=_log_level(env.get("EVEIL_LOG_LEVEL", "INFO")),
        )


def _data_dir(value: str) -> Path:
    path = Path(value).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"EVEIL_DATA_DIR names {path}, which cannot be made ({error.strerror}). Name a folder that may be written."
        ) from None
    if not os.access(path, os.W_OK):
        raise SettingsError(f"EVEIL_DATA_DIR names {path}, which cannot be written. Name another folder.")
    return path


def _database_url(value: str) -> str:
    scheme = value.split(":", 1)[0]
    if scheme in {"postgres", "postgresql"}:
        return "postgresql+psycopg:" + value.split(":", 1)[1]
    if scheme not in {"sqlite", "postgresql+psycopg"}:
        raise SettingsError(
            f"EVEIL_DATABASE_URL begins with “{scheme}:”. Begin it with sqlite:/// or with postgresql://."
        )
    return value


def _secret_key(value: str | None, data_dir: Path) -> str:
    if value is not None:
        if len(value) < 32:
            raise SettingsError("EVEIL_SECRET_KEY is too short. Give at least 32 characters, or leave it out.")
        return value
    path = data_dir / "secret.key"
    try:
        # O_EXCL: two processes that start together must agree on one key
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key


def _boolean(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name)
    if value is None or value == "":
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise SettingsError(f"{name} is “{value}”. Write yes or no.")


def _whole_number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name)
    if value is None or value == "":
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise SettingsError(f"{name} is “{value}”. Write a whole number from {low} to {high}.")
    return int(value)


def _log_level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise SettingsError(f"EVEIL_LOG_LEVEL is “{value}”. Write DEBUG, INFO, WARNING or ERROR.")
    return value.upper()
