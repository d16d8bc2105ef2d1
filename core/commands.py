"""``eveil migrate`` and ``eveil serve``."""

from __future__ import annotations

import click


@click.command()
@click.pass_obj
def migrate(create_app: object) -> None:
    """Bring the database up to date."""
    from core.database import Database
    from core.migrating import upgrade
    from core.settings import Settings

    del create_app
    upgrade(Database(Settings.from_environment()).engine)
    click.echo("The database is up to date.")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.pass_obj
def serve(create_app: object, port: int, host: str) -> None:
    """Serve the web application."""
    from waitress import serve as waitress_serve

    assert callable(create_app)  # noqa: S101 - set by app.py
    app = create_app()
    click.echo(f"Éveil is at http://{host}:{port} (stop it with Ctrl+C).")
    waitress_serve(
        app,
        host=host,
        port=port,
        threads=8,
        ident="eveil",
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1024 * 1024,
    )
