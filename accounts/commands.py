"""``eveil user``: accounts from the command line, above all the first administrator."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import ROLES


@click.group()
def user() -> None:
    """People who may sign in."""


@user.command()
@click.argument("user_name")
@click.option("--name", "display_name", help="The name that others see; the user name unless given.")
@click.option("--administrator", is_flag=True, help="May add people and give roles.")
@click.option("--campaign", "slug", help="The campaign of the roles, as it stands in its address.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="May be given several times.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@click.pass_obj
def add(
    create_app: Callable[[], Flask],
    user_name: str,
    display_name: str | None,
    administrator: bool,
    slug: str | None,
    roles: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """Add a person; the password is asked for and not shown."""
    from accounts import people
    from core.database import transaction
    from core.errors import EveilError

    if bool(slug) != bool(roles):
        raise click.UsageError("--campaign and --role go together: give both or neither.")
    app = create_app()
    with app.app_context():
        _check_database()
        password = _read_password(password_stdin)
        try:
            with transaction() as session:
                person = people.add_person(session, user_name, display_name or user_name, password, administrator)
                for role in roles:
                    people.grant(session, person.id, _campaign_id(session, str(slug)), role)
        except EveilError as error:
            raise click.ClickException(str(error.message)) from None
    click.echo(f"{person.user_name} can sign in now.")


def _check_database() -> None:
    from core.database import database
    from core.migrating import is_current

    with database().engine.connect() as connection:
        if not is_current(connection):
            raise click.ClickException("The database is not up to date. Run `eveil migrate` first.")


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


def _campaign_id(session: Session, slug: str) -> int:
    from core.database import Base

    table = Base.metadata.tables["campaign"]
    found = session.scalar(select(table.c.id).where(table.c.slug == slug))
    if found is None:
        raise click.ClickException(f"There is no campaign “{slug}”. Give the name that stands in its address.")
    return int(found)
