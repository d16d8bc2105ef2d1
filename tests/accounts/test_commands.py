"""``eveil user add``."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from accounts.commands import user
from accounts.models import Membership
from accounts.people import find_person
from core.database import database
from tests.builders import PASSWORD, add_campaign, sign_in
from tests.visitor import Visitor


def run(app: Flask, *arguments: str, typed: str = f"{PASSWORD}\n") -> Result:
    return CliRunner().invoke(user, ["add", *arguments], obj=lambda: app, input=typed)


def test_an_administrator_is_added_and_the_password_is_asked_for_twice(app: Flask, session: Session) -> None:
    result = run(app, "amina", "--name", "Amina Diallo", "--administrator", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0 and "amina can sign in now." in result.output
    assert PASSWORD not in result.output
    person = find_person(session, "amina")
    assert person is not None and person.administrator and person.display_name == "Amina Diallo"
    sign_in(Visitor(app), "amina")


def test_roles_can_be_given_at_once(app: Flask, session: Session) -> None:
    add_campaign(session)
    roles = ("--campaign", "harbour", "--role", "designer", "--role", "evaluator")
    assert run(app, "amina", "--password-stdin", *roles).exit_code == 0
    assert set(session.scalars(select(Membership.role))) == {"designer", "evaluator"}


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (("amina", "--password-stdin"), "short\n", "The password is too short."),
        (("a b", "--password-stdin"), PASSWORD, "A user name has 2 to 80 letters"),
        (("amina", "--password-stdin", "--role", "designer"), PASSWORD, "--campaign and --role go together"),
        (("amina", "--password-stdin", "--campaign", "x", "--role", "designer"), PASSWORD, "no campaign “x”"),
        (("amina", "--role", "queen"), "", "'queen' is not one of"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_stored(
    app: Flask, session: Session, arguments: tuple[str, ...], typed: str, sentence: str
) -> None:
    result = run(app, *arguments, typed=typed)
    assert result.exit_code in {1, 2} and sentence in result.output and "Traceback" not in result.output
    assert find_person(session, "amina") is None


def test_a_database_without_tables_is_explained(app: Flask) -> None:
    with app.app_context(), database().engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    result = run(app, "amina", "--password-stdin")
    assert result.exit_code == 1 and "Run `eveil migrate` first." in result.output
