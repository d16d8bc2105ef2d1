"""``eveil demo``: loads the demonstration campaign into an empty database and prints its sign-ins."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask import Flask


@click.command()
@click.pass_obj
def demo(create_app: Callable[[], Flask]) -> None:
    """Load a simulated campaign, when the database holds none."""
    from core import logs
    from core.commands import require_current_database
    from demonstration.loading import campaigns_there, known_sign_ins, load

    app = create_app()
    require_current_database(app)
    logs.configure("WARNING")  # a line for each simulated interview would hide the sign-ins
    if campaigns_there(app):
        sign_ins = known_sign_ins(app.config["EVEIL"].data_dir)
        if sign_ins is None:
            click.echo("The database holds campaigns already, so no demonstration was loaded.")
            return
    else:
        with click.progressbar(length=1, label="Loading the demonstration (simulated interviews)") as bar:

            def progress(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            sign_ins = load(app, progress)
    click.echo("The demonstration is simulated. Sign in as one of these, all with the same password:")
    for name in sign_ins.user_names:
        click.echo(f"  {name}")
    click.echo(f"Password: {sign_ins.password}")
