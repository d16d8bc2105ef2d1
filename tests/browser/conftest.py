"""Fixtures of the browser tests: a real server in a process of its own, a real Chromium, tablets, open fieldwork."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from core.database import make_engine
from core.migrating import upgrade
from core.settings import ROOT
from tests.browser.fieldwork import Fieldwork, open_fieldwork
from tests.browser.live import LiveServer
from tests.browser.tablet import TABLET, Tablet

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--no-first-run",
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this process; every tablet gets a context of its own."""
    path = os.environ.get("EVEIL_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        pytest.fail("There is no Chromium for the browser tests. Run them with: make test")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The application as ``eveil serve`` runs it, on an SQLite database of its own. It may be stopped and started."""
    if not (ROOT / "static" / "dist" / "client" / "index.html").is_file():
        pytest.fail("The collection client is not built. Run: make client")
    data_dir = tmp_path_factory.mktemp("live")
    server = LiveServer(data_dir)
    engine = make_engine(server.settings.database_url)
    upgrade(engine)
    engine.dispose()
    server.start()
    yield server
    server.close()


@pytest.fixture
def fieldwork(live: LiveServer) -> Iterator[Fieldwork]:
    """A campaign of its own for this test, with two questionnaires published and one device enrolled."""
    if not live.running:
        live.start()
    with live.application():
        yield open_fieldwork(next(_numbers))


_numbers = count(1)


@pytest.fixture
def new_tablet(browser: Browser, live: LiveServer, tmp_path: Path) -> Iterator[Callable[..., Tablet]]:
    """Makes tablets: ``new_tablet(locale="ar", viewport=PHONE)``. At the end each must be without complaints."""
    made: list[Tablet] = []

    def make(locale: str = "en", viewport: dict[str, int] = TABLET) -> Tablet:
        made.append(Tablet(browser, live.url, locale, viewport))
        return made[-1]

    yield make
    for tablet in made:
        tablet.put_away()
        assert not tablet.complaints


@pytest.fixture
def tablet(new_tablet: Callable[..., Tablet], fieldwork: Fieldwork) -> Tablet:
    """A tablet in English that is set up for the campaign and ready to work without a network."""
    ready = new_tablet()
    ready.enrol(fieldwork.token)
    return ready
