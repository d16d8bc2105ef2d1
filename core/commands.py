"""``eveil migrate`` and ``eveil serve``, and what every command asks of the database first."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask


def require_current_database(app: Flask) -> None:
    """End in a sentence when the database cannot be reached or waits for migrations."""
    from sqlalchemy.exc import SQLAlchemyError

    from core.database import database
    from core.migrating import is_current

    try:
        with app.app_context(), database().engine.connect() as connection:
            current = is_current(connection)
    except SQLAlchemyError:
        raise click.ClickException(
            "The database cannot be reached. Check EVEIL_DATABASE_URL and that the database server runs."
        ) from None
    if not current:
        raise click.ClickException("The database is not up to date. Run: eveil migrate")


@click.command()
def migrate() -> None:
    """Bring the database up to date."""
    from sqlalchemy.exc import OperationalError

    from core.database import Database
    from core.migrating import upgrade
    from core.settings import Settings

    try:
        upgrade(Database(Settings.from_environment()).engine)
    except OperationalError:
        raise click.ClickException(
            "The database cannot be reached. Check EVEIL_DATABASE_URL and that the database server runs."
        ) from None
    click.echo("The database is up to date.")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.pass_obj
def serve(create_app: Callable[[], Flask], port: int, host: str) -> None:
    """Serve the web application."""
    from waitress import create_server

    app = create_app()
    require_current_database(app)
    largest = app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024
    try:
        server = create_server(app, host=host, port=port, threads=8, ident="eveil", max_request_body_size=largest)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.ClickException(f"Port {port} is in use. Choose another: eveil serve --port {port + 1}") from None
    threading.Thread(target=app.extensions["warm_up"], daemon=True).start()
    click.echo(f"Éveil is at http://{host}:{port} (stop it with Ctrl+C).")
    server.run()
