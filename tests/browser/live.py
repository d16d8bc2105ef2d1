"""A server in a process of its own, which can be killed and started again on the same data and port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from flask import Flask

from app import create_app
from core.database import database
from core.settings import ROOT, Settings
from tests.conftest import TEST_KEY

START_SECONDS = 30


class LiveServer:
    def __init__(self, data_dir: Path) -> None:
        self.settings = Settings(
            data_dir=data_dir, database_url=f"sqlite:///{data_dir / 'eveil.sqlite'}", secret_key=TEST_KEY
        )
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        command = Path(sys.executable).with_name("eveil")
        environment = os.environ | {
            "EVEIL_DATA_DIR": str(self.settings.data_dir),
            "EVEIL_DATABASE_URL": self.settings.database_url,
            "EVEIL_SECRET_KEY": self.settings.secret_key,
            "EVEIL_LOG_LEVEL": "WARNING",
        }
        arguments = [str(command), "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        self._wait_until_it_answers()

    def stop(self) -> None:
        """As when the power fails: no time to tidy anything up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def application(self) -> Iterator[Flask]:
        """The same application on the same database, to arrange and to look from inside a test."""
        with self._app.app_context():
            yield self._app

    def close(self) -> None:
        self.stop()
        with self.application():
            database().engine.dispose()

    @cached_property
    def _app(self) -> Flask:
        return create_app(self.settings)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, "eveil serve ended at once; its words stand above"
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)  # the one place that waits: there is no event to wait for
        raise AssertionError(f"eveil serve did not answer within {START_SECONDS} seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
