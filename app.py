"""create_app() and the ``eveil`` command. Imports all; imported by none."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask

    from core.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The web application; settings come from the environment unless given."""
    from datetime import timedelta

    from flask import Flask
    from flask_bootstrap import Bootstrap5

    from accounts import routes as accounts
    from accounts.access import check_routes
    from campaigns import routes as campaigns
    from core import database, errors, health, languages, logs, security
    from core.settings import ROOT
    from core.settings import Settings as SettingsClass
    from reports import routes as reports
    from surveys import routes as surveys

    settings = settings or SettingsClass.from_environment()
    logs.configure(settings.log_level)
    app = Flask("eveil", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="eveil",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.session_idle_minutes),
        MAX_CONTENT_LENGTH=settings.max_submission_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        BOOTSTRAP_SERVE_LOCAL=True,
        TESTING=settings.testing,
        EVEIL=settings,
    )
    Bootstrap5(app)
    for part in (security, errors, languages):
        part.init_app(app)
    database.init_app(app, settings)
    for part in (health, accounts, campaigns, surveys, reports):
        part.init_app(app)
    check_routes(app)
    return app


class LazyGroup(click.Group):
    """Commands import what they need only when they are called: ``eveil --help`` must be quick."""

    homes = {  # noqa: RUF012
        "analyse": "reports.analyse:analyse",
        "demo": "demonstration.command:demo",
        "migrate": "core.commands:migrate",
        "serve": "core.commands:serve",
        "user": "accounts.commands:user",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        home = self.homes.get(cmd_name)
        if home is None:
            return None
        module, name = home.split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"obj": create_app})
def eveil() -> None:
    """Éveil: from a design answer to a tested sentence."""


def cli() -> None:
    """The ``eveil`` command: wrong settings end in one sentence, never in a traceback."""
    from core.settings import SettingsError

    try:
        eveil()
    except SettingsError as error:
        click.echo(f"eveil: {error}", err=True)
        sys.exit(2)
