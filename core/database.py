"""The database: engine, one session a request, and the one way to write."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g, has_app_context
from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from core.settings import Settings

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables; their constraints have stable names so that migrations can speak of them."""

    metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime]):
    """A time with its zone, kept as UTC: SQLite has no zones of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


class Database:
    """An engine and its sessions; lives at ``app.extensions["database"]``."""

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings.database_url)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        # SQLite: sixteen direct writers stall each other for seconds, so writes queue here instead
        self._writer = threading.RLock() if settings.embedded else None

    @contextmanager
    def writing(self) -> Iterator[None]:
        if self._writer is None:
            yield
        else:
            with self._writer:
                yield


def make_engine(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # IMMEDIATE for writers: a lock is taken at the start or not at all, never half-way through
    immediate = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def session() -> Session:
    """The session of this request (or application context)."""
    if "session" not in g:
        g.session = database().sessions()
    opened: Session = g.session
    return opened


@contextmanager
def transaction() -> Iterator[Session]:
    """The one way to write: commits at the end, rolls back on an error, one writer at a time on SQLite."""
    opened = session()
    with database().writing():
        # reads made so far hold an older snapshot: SQLite would refuse to write from it
        opened.rollback()
        opened.connection(execution_options={"writing": True})
        try:
            yield opened
            opened.commit()
        except BaseException:
            opened.rollback()
            raise


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions["database"] = Database(settings)
    app.teardown_appcontext(_close_session)


def _close_session(_error: BaseException | None) -> None:
    if has_app_context() and (opened := g.pop("session", None)) is not None:
        opened.close()
